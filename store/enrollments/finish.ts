import type { Because } from '../../domain/facts';
import { transact, type Database } from '../database';
import { releaseTouches } from '../capacity/release';
import type { Sql } from '../sql';
import { tell } from './timeline';

/** Ends an enrollment and says why; what was still planned is cancelled. Idempotent. */
export async function finishEnrollment(
  database: Database,
  enrollment: { enrollmentId: string; clientId: string },
  end: { status: 'completed' | 'stopped'; because: Because },
  now: Date,
): Promise<void> {
  const { enrollmentId, clientId } = enrollment;
  const { status, because } = end;
  const stop = status === 'stopped' ? because : null;
  await transact(database, async (sql) => {
    const finished = await sql`
      UPDATE enrollment SET status = ${status}::"EnrollmentStatus", finished_at = ${now}, stop_reason = ${stop?.reason},
        stop_rule = ${stop?.rule}
      WHERE id = ${enrollmentId}::uuid AND status IN ('waiting', 'active') RETURNING id`;
    if (finished.length === 0) return;
    await cancelPlanned(sql, enrollmentId, because);
    const { reason, rule, numbers } = because;
    await tell(sql, { clientId, enrollmentId, at: now, what: status, reason, rule, numbers });
  });
}

async function cancelPlanned(sql: Sql, enrollmentId: string, because: Because): Promise<void> {
  const planned = await sql<{ id: string }>`
    SELECT id FROM touch WHERE enrollment_id = ${enrollmentId}::uuid AND status = 'planned' ORDER BY id FOR NO KEY UPDATE`;
  const ids = planned.map((touch) => touch.id);
  await releaseTouches(sql, ids);
  await sql`
    UPDATE touch SET status = 'cancelled', reason = ${because.reason}, rule = ${because.rule}
    WHERE id = ANY (${ids}::uuid[])`;
}

/** Locks the waiting enrollments of a campaign, in order. @returns their ids */
export async function lockWaiting(sql: Sql, campaignId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM enrollment WHERE campaign_id = ${campaignId}::uuid AND status = 'waiting' ORDER BY id FOR NO KEY UPDATE`;
  return rows.map((row) => row.id);
}

/** The same without waiting for anybody: those that the caller holds, and those that nobody does. */
export async function lockFreeWaiting(sql: Sql, campaignId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM enrollment WHERE campaign_id = ${campaignId}::uuid AND status = 'waiting' ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED`;
  return rows.map((row) => row.id);
}

/** A completed campaign admits nobody any more: its waiting leads end with it (CTL-3). The caller has locked them. */
export async function stopLocked(sql: Sql, enrollmentIds: readonly string[], now: Date): Promise<void> {
  await sql`
    WITH stopped AS (
      UPDATE enrollment SET status = 'stopped', stop_reason = 'campaign completed', stop_rule = 'CTL-3', finished_at = ${now}
      WHERE id = ANY (${enrollmentIds}::uuid[]) AND status = 'waiting' RETURNING id, client_id
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule)
    SELECT client_id, id, ${now}, 'stopped', 'campaign completed', 'CTL-3' FROM stopped`;
}

/** Ends whoever still waits in a completed campaign: those who were imported while it was being completed (CTL-3). */
export async function stopWaiting(database: Database, campaignId: string, now: Date): Promise<void> {
  await transact(database, async (sql) => stopLocked(sql, await lockWaiting(sql, campaignId), now));
}
