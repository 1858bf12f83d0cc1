import { localDate, type LocalDate } from '../../domain/calendar/local-date';
import { limitsOf, maximumOn } from '../../domain/limits';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import type { Sql } from '../sql';
import { releaseTouches } from './release';

/** A booked touch that no longer fits its domain's day. */
export interface OverbookedTouch {
  touchId: string;
  enrollmentId: string;
  clientId: string;
  step: number;
  day: LocalDate;
  limit: number;
  slotAt: Date;
  /** -1: not scored. */
  score: number;
}

/**
 * The bookings beyond what a domain may send on each day from today on, now that it may send less (HLTH-2): those of the
 * lowest scores. In the order in which they are to be planned again: the highest score first, then the earlier slot.
 */
export async function overbookedTouches(sql: Sql, domainId: string, now: Date): Promise<OverbookedTouch[]> {
  const [domain] = await sql<{ warmupStartedAt: LocalDate; isHalved: boolean; timezone: string }>`
    SELECT d.warmup_started_at AS "warmupStartedAt", d.halved_since IS NOT NULL AS "isHalved", c.timezone
    FROM sending_domain d JOIN client c ON c.id = d.client_id WHERE d.id = ${domainId}::uuid`;
  if (domain === undefined) return [];
  const { timezone, ...place } = domain;
  const [limit] = limitsOf('email', [{ kind: 'domain', id: domainId, ...place }]);
  if (limit === undefined) return [];
  const days = await sql<{ day: LocalDate; booked: number; consumed: number }>`
    SELECT starts_on AS day, booked, consumed FROM capacity_counter
    WHERE counter = ${limit.counter} AND resource_id = ${domainId}::uuid AND period = 'day' AND booked > 0
      AND starts_on >= ${localDate(now, timezone)}::date`;
  const touches: OverbookedTouch[] = [];
  for (const { day, booked, consumed } of days) {
    const maximum = maximumOn(limit, day);
    const excess = Math.min(booked, booked + consumed - maximum);
    if (excess > 0)
      touches.push(...(await lowest(sql, { counter: limit.counter, domainId, day, limit: maximum }, excess)));
  }
  return touches.sort((a, b) => b.score - a.score || a.slotAt.getTime() - b.slotAt.getTime());
}

function lowest(
  sql: Sql,
  { counter, domainId, day, limit }: { counter: string; domainId: string; day: LocalDate; limit: number },
  count: number,
): Promise<OverbookedTouch[]> {
  return sql<OverbookedTouch>`
    SELECT t.id AS "touchId", t.enrollment_id AS "enrollmentId", t.client_id AS "clientId", t.step, ${day} AS day,
      ${limit}::int AS "limit", t.slot_at AS "slotAt", coalesce(l.score, -1) AS score
    FROM capacity_hold h JOIN touch t ON t.id = h.touch_id JOIN enrollment e ON e.id = t.enrollment_id
      JOIN lead l ON l.id = e.lead_id
    WHERE h.counter = ${counter} AND h.resource_id = ${domainId}::uuid AND h.period = 'day' AND h.starts_on = ${day}::date
      AND h.state = 'booked' AND t.status = 'planned'
    ORDER BY score, t.slot_at DESC LIMIT ${count}`;
}

/** Takes one such booking back, and says why. @returns false when it has moved on meanwhile */
export async function takeBack(database: Database, touch: OverbookedTouch, now: Date): Promise<boolean> {
  const { touchId, enrollmentId, clientId, step, day, limit, slotAt } = touch;
  return transact(database, async (sql) => {
    const booked = await sql`
      SELECT 1 FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.id = ${enrollmentId}::uuid AND t.id = ${touchId}::uuid AND t.status = 'planned' AND t.slot_at = ${slotAt} AND t.slot_at > ${now}
      FOR NO KEY UPDATE OF e, t`;
    if (booked.length === 0) return false;
    await releaseTouches(sql, [touchId]);
    const numbers = { day, limit, slotAt: slotAt.toISOString() };
    const because = { reason: "the domain's limit is halved", rule: 'HLTH-2', numbers };
    await tell(sql, { clientId, enrollmentId, touchId, step, at: now, what: 'delayed', ...because });
    return true;
  });
}
