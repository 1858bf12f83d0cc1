import { bulkSenderRules } from '../../domain/bulk-sender-rules';
import type { LocalDate } from '../../domain/calendar/local-date';
import { healthRate, type HealthCounts, type HealthMetric } from '../../domain/health';
import { firstFreeDay, limitsOf, windowCarries } from '../../domain/limits';
import { warmUpDay, warmUpLimit, warmUpStages } from '../../domain/warm-up';
import { readUsedDays } from '../../store/capacity/used-days';
import { countMailboxes, type DomainDns, type DomainRecord } from '../../store/senders/domains';
import { readDomainWeek } from '../../store/senders/health';
import { readClient } from '../../store/tenants/clients';
import type { ApiDeps } from '../ports';
import { isoOrNull } from '../schemas/basics';
import { clientCalendar, limitUses, limitViews, stateView, todaysUse } from './capacity-view';

/** Domains as they are shown: their limits and how they came about, health, DNS. */
export async function domainViews(deps: ApiDeps, clientId: string, rows: readonly DomainRecord[]) {
  const { database } = deps;
  const { today, now } = await clientCalendar(deps, clientId);
  const { timezone } = await readClient(database, clientId);
  const resources = rows.map(({ id, warmupStartedAt, halvedSince }) => ({
    resource: { kind: 'domain', id, warmupStartedAt, isHalved: halvedSince !== null } as const,
    counts: ['email'] as const,
  }));
  const ids = rows.map(({ id }) => id);
  const uses = await limitUses(deps, today, resources);
  const used = await readUsedDays(database.sql, 'domain', ids, today);
  const mailboxes = await countMailboxes(database, clientId, ids);
  const weeks = await Promise.all(ids.map((id) => readDomainWeek(database.sql, id, timezone, now)));
  return rows.map(({ pauses, createdAt, reviewedAt, halvedSince, flaggedAt, dns, ...row }, index) => {
    const week = weeks[index] ?? noMails;
    const use = uses.get(row.id) ?? [];
    const ofToday = todaysUse(use, ['email']);
    const state = stateView({ pauses, createdAt }, now);
    const day = warmUpDay(row.warmupStartedAt, today);
    const stage = warmUpStages.filter((each) => day >= each.fromDay).length;
    const isHalved = halvedSince !== null;
    const place = { usedOn: used.get(row.id) ?? new Map<LocalDate, number>(), mailboxes: mailboxes.get(row.id) ?? 0 };
    return {
      ...row,
      ...state,
      health: {
        ...state.health,
        ...healthView(week),
        halvedSince: isoOrNull(halvedSince),
        flaggedAt: isoOrNull(flaggedAt),
      },
      ...ofToday,
      limits: limitViews(use),
      limitIs: limitIs({ ...row, isHalved }, { ...place, today, ...ofToday }),
      warmUp: { day, stage, limit: warmUpLimit(day) },
      dns: dnsView(dns, week),
      reviewedAt: isoOrNull(reviewedAt),
    };
  });
}

interface LimitPlace {
  today: LocalDate;
  usedOn: ReadonlyMap<LocalDate, number>;
  mailboxes: number;
  limit: number;
  booked: number;
  consumed: number;
}

/** How today's limit came about, what is left of it, and what the window can carry of it (LIM, WARM, HLTH, TIME-6). */
function limitIs(
  { id, warmupStartedAt, isHalved }: Pick<DomainRecord, 'id' | 'warmupStartedAt'> & { isHalved: boolean },
  { today, usedOn, mailboxes, limit, booked, consumed }: LimitPlace,
) {
  const [stages] = limitsOf('email', [{ kind: 'domain', id, warmupStartedAt, isHalved }]);
  const carried = windowCarries(mailboxes);
  const isShort = carried < limit;
  return {
    base: warmUpStages.at(-1)?.limit ?? 0,
    warmUp: warmUpLimit(warmUpDay(warmupStartedAt, today)),
    healthFactor: isHalved ? 0.5 : 1,
    left: Math.max(0, limit - booked - consumed),
    nextFreeOn: stages === undefined ? null : firstFreeDay(stages, usedOn, today),
    effective: Math.min(limit, carried),
    effectiveReason: isShort
      ? `${mailboxes} mailboxes can send ${carried} mails in one window of two hours, 150 seconds apart`
      : null,
  };
}

const noMails: HealthCounts = { sends: 0, bounces: 0, complaints: 0, unsubscribes: 0 };

/** What seven days came to, with their rates (HLTH-1); a rate of nothing is not measured (HLTH-4). */
function healthView({ sends, bounces, complaints, unsubscribes }: HealthCounts) {
  const counts = { sends, bounces, complaints, unsubscribes };
  const rate = (metric: HealthMetric) => healthRate(counts, metric) ?? ('not measured' as const);
  const rates = {
    bounceRate: rate('bounces'),
    complaintRate: rate('complaints'),
    unsubscribeRate: rate('unsubscribes'),
  };
  return { ...counts, ...rates };
}

/** TLS and the servers' records have no source here. Every mail carries RFC 8058's headers (SEQ-5). */
function dnsView({ askedAt, failure, checkedAt, records }: DomainDns, week: HealthCounts) {
  const unmeasured = { tls: null, forwardRecords: null };
  const complaintRate = healthRate(week, 'complaints');
  return {
    askedAt: isoOrNull(askedAt),
    couldNotBeAsked: failure,
    checkedAt: isoOrNull(checkedAt),
    records: records ?? [],
    bulkSenderRules: bulkSenderRules({ records, oneClickUnsubscribe: true, complaintRate, ...unmeasured }),
  };
}
