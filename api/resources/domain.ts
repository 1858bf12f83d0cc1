import { healthRate, type HealthCounts, type HealthMetric } from '../../domain/health';
import { warmUpDay, warmUpLimit, warmUpStages } from '../../domain/warm-up';
import { bulkSenderRules } from '../../domain/bulk-sender-rules';
import {
  createDomain,
  listDomains,
  readDomain,
  updateDomain,
  type DomainDns,
  type DomainRecord,
} from '../../store/senders/domains';
import { readDomainWeek } from '../../store/senders/health';
import { readClient } from '../../store/tenants/clients';
import type { ApiDeps } from '../ports';
import { isoOrNull } from '../schemas/basics';
import { domain, domainChanges, newDomain } from '../schemas/resources';
import { clientCalendar, clientToday, limitUses, limitViews, stateView, todaysUse } from './capacity-view';
import type { ApiResource } from './resource';

export function domainKind(
  deps: ApiDeps,
): ApiResource<typeof newDomain, typeof domainChanges, typeof domain, DomainRecord> {
  const { database } = deps;
  return {
    path: 'domains',
    noun: 'domain',
    summaries: {
      create: 'Register a sending domain',
      change: 'Correct when the warm-up began (WARM-3), or name the selector of DKIM',
    },
    schemas: { create: newDomain, changes: domainChanges, view: domain },
    unique: 'name',
    async create(clientId, { name, warmupStartedAt, dkimSelector = null }, now) {
      const began = warmupStartedAt ?? (await clientToday(deps, clientId));
      const created = await createDomain(database, { clientId, name, warmupStartedAt: began, dkimSelector, now });
      await deps.checkDomainDns(created.id, now);
      return created;
    },
    list: (clientId, page) => listDomains(database, clientId, page),
    read: (owner) => readDomain(database, owner),
    async change(owner, body) {
      await updateDomain(database, owner, body);
      if (body.dkimSelector !== undefined) await deps.checkDomainDns(owner.id, await deps.clock.now());
    },
    check: {
      summary: 'Ask the DNS again whether SPF, DKIM and DMARC are there',
      act: ({ id }, now) => deps.checkDomainDns(id, now),
    },
    pausable: ({ clientId, id }) => ({ kind: 'domain', domainId: id, clientId }),
    async views(clientId, rows) {
      const { today, now } = await clientCalendar(deps, clientId);
      const resources = rows.map(({ id, warmupStartedAt, halvedSince }) => ({
        resource: { kind: 'domain', id, warmupStartedAt, isHalved: halvedSince !== null } as const,
        counts: ['email'] as const,
      }));
      const uses = await limitUses(deps, today, resources);
      const { timezone } = await readClient(database, clientId);
      const weeks = await Promise.all(rows.map((row) => healthOf(deps, row.id, timezone)));
      return rows.map(({ pauses, createdAt, reviewedAt, halvedSince, flaggedAt, dns, ...row }, index) => {
        const use = uses.get(row.id) ?? [];
        const used = todaysUse(use, ['email']);
        const day = warmUpDay(row.warmupStartedAt, today);
        const stage = warmUpStages.filter((each) => day >= each.fromDay).length;
        const state = stateView({ pauses, createdAt }, now);
        const since = { halvedSince: isoOrNull(halvedSince), flaggedAt: isoOrNull(flaggedAt) };
        return {
          ...row,
          ...state,
          health: { ...state.health, ...(weeks[index] ?? nothingMeasured), ...since },
          ...used,
          limits: limitViews(use),
          limitIs: {
            base: warmUpStages.at(-1)?.limit ?? 0,
            warmUp: warmUpLimit(day),
            healthFactor: halvedSince === null ? 1 : 0.5,
            left: Math.max(0, used.limit - used.booked - used.consumed),
          },
          warmUp: { day, stage, limit: warmUpLimit(day) },
          dns: dnsView(dns, weeks[index] ?? nothingMeasured),
          reviewedAt: isoOrNull(reviewedAt),
        };
      });
    },
  };
}

/** What a domain's last seven days came to, with their rates (HLTH-1); a rate of nothing is not measured (HLTH-4). */
async function healthOf({ database, clock }: ApiDeps, domainId: string, timezone: string) {
  const week = await readDomainWeek(database.sql, domainId, timezone, await clock.now());
  return healthView(week);
}

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

const nothingMeasured = healthView({ sends: 0, bounces: 0, complaints: 0, unsubscribes: 0 });

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
