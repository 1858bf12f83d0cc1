import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../sql';

/** Between two looks at what is on its way, in milliseconds: growing, because a provider that is slow stays so. */
const looks = { first: 25, longest: 250 } as const;

/**
 * Waits, by the database's clock, until nothing is on its way to these leads any more: until no touch of theirs is handed
 * over without its call being over. Their sequences are stopped, so a touch that is only claimed does not leave (hand_over).
 * @param withinMs how long to wait for it at most
 * @returns for how long something may still be on its way, in milliseconds; 0: nothing is
 */
export async function drain(sql: Sql, leadIds: readonly string[], withinMs: number): Promise<number> {
  if (leadIds.length === 0) return 0;
  const until = performance.now() + withinMs;
  for (let pause: number = looks.first; ; pause = Math.min(2 * pause, looks.longest)) {
    const leftMs = await onItsWayFor(sql, leadIds);
    const waitMs = Math.min(pause, until - performance.now());
    if (leftMs === 0 || waitMs <= 0) return leftMs;
    await delay(waitMs);
  }
}

async function onItsWayFor(sql: Sql, leadIds: readonly string[]): Promise<number> {
  const [row] = await sql<{ leftMs: number | null }>`
    SELECT ceil(extract(epoch FROM max(t.lease_until) - clock_timestamp()) * 1000)::int AS "leftMs"
    FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE e.lead_id = ANY (${leadIds}::uuid[]) AND t.status = 'sending' AND t.handed_over_at IS NOT NULL
      AND t.lease_until > clock_timestamp()`;
  return Math.max(0, row?.leftMs ?? 0);
}

/** Has an event arrived that proves that this touch was sent, although its attempt was not heard of again (TRUTH-1)? */
export async function isProvenSent(sql: Sql, touchId: string): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM event_subject s JOIN inbound_event v ON v.id = s.event_id
    WHERE s.touch_id = ${touchId}::uuid AND v.proves_sending LIMIT 1`;
  return rows.length > 0;
}
