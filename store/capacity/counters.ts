import type { LocalDate } from '../../domain/calendar/local-date';
import { maximumOn, type Period, type ResourceLimit } from '../../domain/limits';
import { json, type Sql } from '../sql';

/** What a limit says on one client-local day. */
export interface LimitUse {
  counter: string;
  resourceId: string;
  period: Exclude<Period, 'now'>;
  limit: number;
  /** Planned, not yet sent. */
  booked: number;
  consumed: number;
}

/** What these limits say on one day: a counter without a row has seen no booking. Limits of period now are left out. */
export async function readLimitUse(sql: Sql, day: LocalDate, limits: readonly ResourceLimit[]): Promise<LimitUse[]> {
  const counted = limits.filter(
    (limit): limit is ResourceLimit & { period: Exclude<Period, 'now'> } => limit.period !== 'now',
  );
  const rows = await sql<{ booked: number; consumed: number }>`
    SELECT coalesce(sum(c.booked), 0)::int AS booked, coalesce(sum(c.consumed), 0)::int AS consumed
    FROM jsonb_array_elements(${json(counted)}::jsonb) WITH ORDINALITY AS l
    LEFT JOIN capacity_counter c ON c.counter = l.value ->> 'counter' AND c.resource_id = (l.value ->> 'resourceId')::uuid
      AND CASE l.value ->> 'period'
        WHEN 'month' THEN c.period = 'month' AND c.starts_on = date_trunc('month', ${day}::date)
        WHEN 'sevenDays' THEN c.period = 'day' AND c.starts_on BETWEEN ${day}::date - 6 AND ${day}::date
        ELSE c.period = 'day' AND c.starts_on = ${day}::date END
    GROUP BY l.ordinality ORDER BY l.ordinality`;
  return counted.map((limit, index) => ({
    counter: limit.counter,
    resourceId: limit.resourceId,
    period: limit.period,
    limit: maximumOn(limit, day),
    booked: rows[index]?.booked ?? 0,
    consumed: rows[index]?.consumed ?? 0,
  }));
}
