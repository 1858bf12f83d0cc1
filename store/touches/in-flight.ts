import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../sql';

/** A claim older than this belongs to an attempt that died; nobody waits for it. Longer than any provider call. Seconds. */
const inFlightSeconds = 30;
/** Milliseconds in which a touch that overlaps with a stop is usually done, and how often that is looked at. */
const overlap = { atMost: 5_000, look: 25 };

/**
 * Waits until no touch is being sent to these leads any more, five seconds at most. A touch that was claimed before a
 * stop cannot be called back; so a stop is answered when nothing overlaps with it, whichever way it came.
 */
export async function untilNothingIsBeingSent(sql: Sql, leadIds: readonly string[], now: Date): Promise<void> {
  if (leadIds.length === 0) return;
  for (let waited = 0; waited < overlap.atMost; waited += overlap.look) {
    if (!(await isBeingSentTo(sql, leadIds, now))) return;
    await delay(overlap.look);
  }
}

async function isBeingSentTo(sql: Sql, leadIds: readonly string[], now: Date): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE e.lead_id = ANY (${leadIds}::uuid[]) AND t.status = 'sending'
      AND t.claimed_at > ${now}::timestamptz - make_interval(secs => ${inFlightSeconds})
    LIMIT 1`;
  return rows.length > 0;
}

/** Has an event arrived that proves that this touch was sent, although its attempt was not heard of again (TRUTH-1)? */
export async function isProvenSent(sql: Sql, touchId: string): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM event_subject s JOIN inbound_event v ON v.id = s.event_id
    WHERE s.touch_id = ${touchId}::uuid AND v.proves_sending LIMIT 1`;
  return rows.length > 0;
}
