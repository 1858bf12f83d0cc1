import type { PauseReason } from '../../prisma/generated/enums';
import type { Database } from '../database';
import type { Sql } from '../sql';

export type { PauseReason };

/** What can be paused. */
export type Pausable =
  { kind: 'sender'; senderId: string; clientId: string } | { kind: 'domain'; domainId: string; clientId: string };

/** One reason for which nothing leaves. Several may hold at once, and each is lifted by itself. */
export interface PauseRecord {
  reason: PauseReason;
  /** A short word or sentence: what the provider said, what is missing. */
  detail: string;
  since: Date;
  /** It ends by itself; null: it holds until it is lifted. */
  until: Date | null;
}

/** Does a pause hold at this instant? */
export const holdsAt = ({ until }: Pick<PauseRecord, 'until'>, now: Date): boolean => until === null || until > now;

const idsOf = (of: Pausable) => ({
  senderId: of.kind === 'sender' ? of.senderId : null,
  domainId: of.kind === 'domain' ? of.domainId : null,
});

/**
 * Pauses for a reason; pausing twice for the same keeps the first moment. What holds until it is lifted takes the place of
 * a rest that ends by itself.
 */
export async function pause(
  sql: Sql,
  of: Pausable,
  because: { reason: PauseReason; detail: string },
  now: Date,
): Promise<void> {
  const { senderId, domainId } = idsOf(of);
  await sql`
    UPDATE pause SET detail = ${because.detail}, since = ${now}, until = NULL, is_rest = false
    WHERE sender_id = ${senderId}::uuid AND reason = ${because.reason}::"PauseReason" AND until IS NOT NULL`;
  await sql`
    INSERT INTO pause (id, client_id, sender_id, domain_id, reason, detail, since)
    VALUES (gen_random_uuid(), ${of.clientId}::uuid, ${senderId}::uuid, ${domainId}::uuid,
      ${because.reason}::"PauseReason", ${because.detail}, ${now})
    ON CONFLICT DO NOTHING`;
}

/** Lifts these reasons; others go on holding. A rest that is cut short ends now, and half the limits follow. */
export async function liftPause(sql: Sql, of: Pausable, reasons: readonly PauseReason[], now: Date): Promise<void> {
  const { senderId, domainId } = idsOf(of);
  await sql`
    WITH lifted AS (
      DELETE FROM pause
      WHERE client_id = ${of.clientId}::uuid AND (sender_id = ${senderId}::uuid OR domain_id = ${domainId}::uuid)
        AND reason = ANY (${reasons}::"PauseReason"[])
      RETURNING sender_id, reason, until IS NULL AND is_rest AS is_open
    )
    UPDATE sender s SET rested_until = ${now} FROM lifted l
    WHERE s.id = l.sender_id AND l.reason = 'provider' AND (l.is_open OR s.rested_until > ${now})`;
}

/** Someone looked at what the alerts about this resource say. */
export async function markReviewed(database: Database, of: Pausable, now: Date): Promise<void> {
  const resourceId = of.kind === 'sender' ? of.senderId : of.domainId;
  await database.alert.updateMany({
    where: { clientId: of.clientId, resourceId, resolvedAt: null },
    data: { resolvedAt: now },
  });
}
