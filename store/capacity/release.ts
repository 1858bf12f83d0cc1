import { channels, type Channel } from '../../domain/channels';
import type { Sql } from '../sql';

/** LIM-6: gives back what these touches hold, booked or consumed, and takes their slots. */
export async function releaseTouches(sql: Sql, touchIds: readonly string[]): Promise<void> {
  if (touchIds.length > 0) await sql`SELECT release_touches(${touchIds}::uuid[])`;
}

/** Takes back every booking of a paused campaign (TRUTH-4); its leads plan again when it resumes. */
export async function unbookCampaign(sql: Sql, campaignId: string): Promise<void> {
  // Locked before they are chosen: one that is just being claimed is waited for, and keeps what it then holds (LIM-6).
  await sql`
    WITH booked AS (
      SELECT id FROM touch
      WHERE campaign_id = ${campaignId}::uuid AND status = 'planned' AND slot_at IS NOT NULL
      ORDER BY id FOR NO KEY UPDATE
    )
    SELECT release_touches(coalesce(array_agg(id), '{}')) FROM booked`;
}

/** Takes back the bookings of an enrollment on these channels without giving up its steps (SEQ-3, SEQ-4). */
export async function unbookEnrollment(
  sql: Sql,
  enrollmentId: string,
  on: readonly Channel[] = channels,
): Promise<void> {
  await sql`
    WITH booked AS (
      SELECT id FROM touch
      WHERE enrollment_id = ${enrollmentId}::uuid AND status = 'planned' AND slot_at IS NOT NULL
        AND channel = ANY (${on}::text[])
      ORDER BY id FOR NO KEY UPDATE
    )
    SELECT release_touches(coalesce(array_agg(id), '{}')) FROM booked`;
}
