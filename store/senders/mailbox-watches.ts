import type { Sql } from '../sql';

/** A mailbox into which this caller alone looks now. */
export interface LeasedWatch {
  senderId: string;
  mailbox: string;
  provider: string;
  cursor: string | null;
  failures: number;
}

/** Seconds: how long a look may take, how long it is until the next one, and at most after failures. */
const seconds = { lease: 180, between: 60, longest: 3_600 } as const;

/**
 * Takes the mailbox that waits longest for a look, of those that send e-mail through these providers. Mailboxes that are
 * new begin now. @returns null when none is due
 */
export async function leaseWatch(sql: Sql, providers: readonly string[], now: Date): Promise<LeasedWatch | null> {
  await sql`
    INSERT INTO mailbox_watch (sender_id, client_id, provider, next_look_at)
    SELECT c.sender_id, c.client_id, c.provider, ${now} FROM sender_channel c
    WHERE c.channel = 'email' AND c.provider = ANY (${providers})
      AND NOT EXISTS (SELECT 1 FROM mailbox_watch w WHERE w.sender_id = c.sender_id AND w.provider = c.provider)
    ON CONFLICT (sender_id) DO UPDATE SET provider = EXCLUDED.provider, cursor = NULL`;
  const [row] = await sql<LeasedWatch>`
    WITH due AS (
      SELECT w.sender_id FROM mailbox_watch w
        JOIN sender_channel c ON c.sender_id = w.sender_id AND c.channel = 'email' AND c.provider = w.provider
      WHERE w.next_look_at <= ${now}::timestamptz AND w.provider = ANY (${providers})
        AND (w.leased_until IS NULL OR w.leased_until < clock_timestamp())
      ORDER BY w.next_look_at, w.sender_id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
    )
    UPDATE mailbox_watch w SET leased_until = clock_timestamp() + make_interval(secs => ${seconds.lease})
    FROM due, sender s WHERE w.sender_id = due.sender_id AND s.id = w.sender_id
    RETURNING w.sender_id AS "senderId", s.address AS mailbox, w.provider, w.cursor, w.failures`;
  return row ?? null;
}

/** The look succeeded, and its events are stored. */
export async function keepWatch(
  sql: Sql,
  { senderId }: LeasedWatch,
  { cursor, goesOn }: { cursor: string; goesOn: boolean },
  now: Date,
): Promise<void> {
  await sql`
    UPDATE mailbox_watch SET cursor = ${cursor}, failures = 0, last_error = NULL, leased_until = NULL,
      next_look_at = ${now}::timestamptz + make_interval(secs => ${goesOn ? 0 : seconds.between})
    WHERE sender_id = ${senderId}::uuid`;
}

/** It did not: the next one comes later, each time after twice as long. */
export async function postponeWatch(sql: Sql, watch: LeasedWatch, error: string, now: Date): Promise<void> {
  const waits = Math.min(seconds.between * 2 ** Math.min(watch.failures, 10), seconds.longest);
  await sql`
    UPDATE mailbox_watch SET failures = failures + 1, last_error = ${error}, leased_until = NULL,
      next_look_at = ${now}::timestamptz + make_interval(secs => ${waits})
    WHERE sender_id = ${watch.senderId}::uuid`;
}
