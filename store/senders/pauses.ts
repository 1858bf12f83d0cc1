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
}

const idsOf = (of: Pausable) => ({
  senderId: of.kind === 'sender' ? of.senderId : null,
  domainId: of.kind === 'domain' ? of.domainId : null,
});

/** Pauses for a reason; pausing twice for the same keeps the first moment. */
export async function pause(
  sql: Sql,
  of: Pausable,
  because: { reason: PauseReason; detail: string },
  now: Date,
): Promise<void> {
  const { senderId, domainId } = idsOf(of);
  await sql`
    INSERT INTO pause (id, client_id, sender_id, domain_id, reason, detail, since)
    VALUES (gen_random_uuid(), ${of.clientId}::uuid, ${senderId}::uuid, ${domainId}::uuid,
      ${because.reason}::"PauseReason", ${because.detail}, ${now})
    ON CONFLICT DO NOTHING`;
}

/** Lifts these reasons; others go on holding. */
export async function liftPause(sql: Sql, of: Pausable, reasons: readonly PauseReason[]): Promise<void> {
  const { senderId, domainId } = idsOf(of);
  await sql`
    DELETE FROM pause
    WHERE client_id = ${of.clientId}::uuid AND (sender_id = ${senderId}::uuid OR domain_id = ${domainId}::uuid)
      AND reason = ANY (${reasons}::"PauseReason"[])`;
}

/** Someone looked at what the alerts about this resource say. */
export async function markReviewed(database: Database, of: Pausable, now: Date): Promise<void> {
  const resourceId = of.kind === 'sender' ? of.senderId : of.domainId;
  await database.alert.updateMany({
    where: { clientId: of.clientId, resourceId, resolvedAt: null },
    data: { resolvedAt: now },
  });
}
