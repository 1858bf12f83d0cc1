import type { LocalDate } from '../../domain/calendar/local-date';
import { metricsOf, type Metrics } from '../../domain/metrics/metrics';
import type { CountRow } from '../../domain/metrics/tables';
import type { Database } from '../database';
import { leadsDue, refreshClientMetrics } from './refresh-metrics';

export type CohortUnit = 'week' | 'month';

/** Whose touches are asked for. Dates are client-local, of sending, and both included; null: from the first, to the last. */
export interface MetricsQuery {
  clientId: string;
  campaignId: string | null;
  domainId: string | null;
  from: LocalDate | null;
  to: LocalDate | null;
  cohort: CohortUnit | null;
}

export interface MetricsAnswer {
  all: Metrics;
  /** By the client-local week or month of admission, named by its first day; empty when nobody asked. */
  cohorts: (Metrics & { cohort: LocalDate })[];
  /** Leads of whom something is not counted yet; 0: the numbers are exact. */
  pending: number;
}

/** Leads that whoever reads measures first, so that nobody waits for long. */
const leadsAtReading = 1_000;

/** The tables of MET, with what has happened until now, as far as it is counted within a bounded time. */
export async function readMetrics(database: Database, query: MetricsQuery, now: Date): Promise<MetricsAnswer> {
  await refreshClientMetrics(database, query.clientId, now, leadsAtReading);
  const pending = await leadsDue(database, query.clientId);
  const all = metricsOf(await readCounts(database, query, null));
  if (query.cohort === null) return { all, cohorts: [], pending };
  const rows = await readCounts(database, query, query.cohort);
  const names = [...new Set(rows.map((row) => row.cohort))].sort();
  const cohorts = names.map((cohort) =>
    Object.assign(metricsOf(rows.filter((row) => row.cohort === cohort)), { cohort }),
  );
  return { all, cohorts, pending };
}

type CohortCounts = CountRow & { cohort: LocalDate };

/** The counts of all together (`unit` null: one nameless cohort), or by cohort. */
async function readCounts(database: Database, query: MetricsQuery, unit: CohortUnit | null): Promise<CohortCounts[]> {
  if (query.campaignId !== null && query.domainId !== null) return countTouches(database, query, unit);
  const counts = await readSums(database, query, unit);
  if (query.campaignId !== null) return counts;
  return withRepeats(counts, await countRepeats(database, query, unit));
}

/** The sums of a client, a campaign or a domain. */
function readSums(database: Database, query: MetricsQuery, unit: CohortUnit | null): Promise<CohortCounts[]> {
  const scopeId = query.campaignId ?? query.domainId ?? query.clientId;
  return database.sql<CohortCounts>`
    SELECT breakdown, key, coalesce(date_trunc(${unit}::text, admitted_on::timestamp)::date::text, '') AS cohort, sum(sent) AS sent,
      sum(bounced) AS bounced, sum(opens_measured) AS "opensMeasured", sum(opened) AS opened,
      sum(opened_automatically) AS "openedAutomatically", sum(replied) AS replied, sum(stopped) AS stopped
    FROM metric_count
    WHERE scope_id = ${scopeId}::uuid AND client_id = ${query.clientId}::uuid
      AND sent_on BETWEEN coalesce(${query.from}::date, '-infinity') AND coalesce(${query.to}::date, 'infinity')
    GROUP BY 1, 2, 3`;
}

/** The few mails of one campaign from one domain: no sums are kept of these. */
function countTouches(database: Database, query: MetricsQuery, unit: CohortUnit | null): Promise<CohortCounts[]> {
  return database.sql<CohortCounts>`
    WITH alike AS (
      SELECT channel, step, send_time, warm_up_day, coalesce(date_trunc(${unit}::text, admitted_on::timestamp)::date::text, '') AS cohort,
        sum(sent) AS sent, sum(bounced) AS bounced, sum(opens_measured) AS opens_measured, sum(opened) AS opened,
        sum(opened_automatically) AS opened_automatically, sum(replied) AS replied, sum(stopped) AS stopped
      FROM touch_measure
      WHERE campaign_id = ${query.campaignId}::uuid AND domain_id = ${query.domainId}::uuid
        AND client_id = ${query.clientId}::uuid
        AND sent_on BETWEEN coalesce(${query.from}::date, '-infinity') AND coalesce(${query.to}::date, 'infinity')
      GROUP BY 1, 2, 3, 4, 5
    )
    SELECT k.breakdown, k.key, cohort, sum(sent)::bigint AS sent, sum(bounced)::bigint AS bounced,
      sum(opens_measured)::bigint AS "opensMeasured", sum(opened)::bigint AS opened,
      sum(opened_automatically)::bigint AS "openedAutomatically", sum(replied)::bigint AS replied,
      sum(stopped)::bigint AS stopped
    FROM alike a, LATERAL metric_keys(a.channel, a.step, a.send_time, a.warm_up_day) AS k GROUP BY 1, 2, 3`;
}

type Repeats = Pick<CohortCounts, 'key' | 'cohort' | 'sent' | 'replied'>;

/** MET-2: leads that several campaigns touched at one step, each once. */
function countRepeats(database: Database, query: MetricsQuery, unit: CohortUnit | null): Promise<Repeats[]> {
  return database.sql<Repeats>`
    SELECT step::text AS key, coalesce(date_trunc(${unit}::text, admitted_on::timestamp)::date::text, '') AS cohort,
      count(DISTINCT lead_id) AS sent, count(DISTINCT lead_id) FILTER (WHERE replied = 1) AS replied
    FROM touch_measure
    WHERE client_id = ${query.clientId}::uuid AND is_repeat
      AND (${query.domainId}::uuid IS NULL OR domain_id = ${query.domainId}::uuid)
      AND sent_on BETWEEN coalesce(${query.from}::date, '-infinity') AND coalesce(${query.to}::date, 'infinity')
    GROUP BY 1, 2`;
}

function withRepeats(counts: readonly CohortCounts[], repeats: readonly Repeats[]): CohortCounts[] {
  const nothing = { sent: 0, bounced: 0, opensMeasured: 0, opened: 0, openedAutomatically: 0, replied: 0, stopped: 0 };
  const isOf = (row: CohortCounts, { key, cohort }: Repeats): boolean =>
    row.breakdown === 'step' && row.key === key && row.cohort === cohort;
  const others = counts.filter((row) => !repeats.some((repeat) => isOf(row, repeat)));
  const together = repeats.map((repeat): CohortCounts => {
    const row = counts.find((each) => isOf(each, repeat));
    const { key, cohort, sent, replied } = repeat;
    const base = row ?? Object.assign({ breakdown: 'step' as const, key, cohort }, nothing);
    return Object.assign({}, base, { sent: base.sent + sent, replied: base.replied + replied });
  });
  return [...others, ...together];
}
