import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

/** A touch that was cancelled is explained by the end of its sequence, or by the lead's move to another one (MIG-2). */
export const explained: DatabaseCheck = {
  id: 'TRUTH-3',
  name: 'every finished touch says why, by which rule, and stands in its lead’s timeline',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches FROM touch WHERE status IN ('sent', 'failed', 'uncertain', 'skipped', 'cancelled')`;
    const mute = await sql<ViolationRow>`
      SELECT id AS "touchId", count(*) OVER () AS of, format('%s without a reason: touch %s', status, id) AS text
      FROM touch WHERE status IN ('sent', 'failed', 'uncertain', 'skipped', 'cancelled')
        AND (coalesce(reason, '') = '' OR coalesce(rule, '') = '') LIMIT ${atMost}`;
    const untold = await sql<ViolationRow>`
      SELECT t.id AS "touchId", count(*) OVER () AS of, format('%s, and no timeline tells it: touch %s', t.status, t.id) AS text
      FROM touch t
        LEFT JOIN (SELECT DISTINCT touch_id, what FROM timeline_entry
          WHERE what IN ('sent', 'failed', 'uncertain', 'skipped') AND touch_id IS NOT NULL) AS n
          ON n.touch_id = t.id AND n.what = t.status::text
        LEFT JOIN (SELECT DISTINCT enrollment_id FROM timeline_entry WHERE what IN ('stopped', 'completed', 'moved')) AS d
          ON d.enrollment_id = t.enrollment_id AND t.status = 'cancelled'
      WHERE t.status IN ('sent', 'failed', 'uncertain', 'skipped', 'cancelled')
        AND n.touch_id IS NULL AND d.enrollment_id IS NULL
      LIMIT ${atMost}`;
    return found(counts(seen), mute, untold);
  },
};
