import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';

/** A sender that its provider throttles. */
export interface Rest {
  clientId: string;
  senderId: string;
  /** The provider's short word. */
  error: string;
  /** null: until a person resumes it. */
  until: Date | null;
}

/**
 * Lets a sender rest: it sends nothing until then, and comes back at half its limits for three days (domain/limits.ts).
 * The longest rest decides; what holds until it is lifted goes on holding. One without an end raises an alert. Idempotent.
 */
export async function restSender(sql: Sql, { clientId, senderId, error, until }: Rest, now: Date): Promise<void> {
  await sql`
    WITH rest AS (
      INSERT INTO pause AS p (id, client_id, sender_id, reason, detail, since, until, is_rest)
      VALUES (gen_random_uuid(), ${clientId}::uuid, ${senderId}::uuid, 'provider', ${error}, ${now}, ${until}, true)
      ON CONFLICT (sender_id, reason) DO UPDATE SET detail = EXCLUDED.detail, until = EXCLUDED.until, is_rest = true,
        since = CASE WHEN p.until > ${now} THEN p.since ELSE EXCLUDED.since END
      WHERE p.until IS NOT NULL AND (EXCLUDED.until IS NULL OR EXCLUDED.until > p.until)
    )
    UPDATE sender SET rested_until = greatest(rested_until, ${until}::timestamptz)
    WHERE id = ${senderId}::uuid AND client_id = ${clientId}::uuid`;
  if (until !== null) return;
  const message = `sender ${senderId} was taken out until a person resumes it: ${error}`;
  await raiseAlert(sql, { clientId, kind: 'sender_out', message, resourceId: senderId }, now);
}

/** A seat is connected again: what the provider said of it is over, but for a rest, which goes on. */
export async function liftDisconnection(
  sql: Sql,
  { clientId, senderId }: Pick<Rest, 'clientId' | 'senderId'>,
  now: Date,
): Promise<void> {
  await sql`
    DELETE FROM pause
    WHERE client_id = ${clientId}::uuid AND sender_id = ${senderId}::uuid AND reason = 'provider' AND NOT is_rest`;
  await sql`
    INSERT INTO pause (id, client_id, sender_id, reason, detail, since, until, is_rest)
    SELECT gen_random_uuid(), client_id, id, 'provider', 'throttled', ${now}, rested_until, true
    FROM sender WHERE id = ${senderId}::uuid AND client_id = ${clientId}::uuid AND rested_until > ${now}
    ON CONFLICT DO NOTHING`;
}
