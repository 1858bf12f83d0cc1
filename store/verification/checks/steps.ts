import { daysBetweenTouches } from '../../../domain/calendar/due-date';
import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

/** Steps of the sequence that a lead has left are numbered by that one, and compared among themselves (MIG-2). */
export const order: DatabaseCheck = {
  id: 'SEQ-1',
  name: 'steps come in order, none before its day',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches FROM touch WHERE status IN ('sending', 'sent', 'uncertain')`;
    const wrong = await sql<ViolationRow>`
      WITH reached AS (
        SELECT t.id, t.enrollment_id, t.step, t.sent_on, e.day0, s.day, m.moved,
          lag(t.step) OVER (PARTITION BY t.enrollment_id, m.moved ORDER BY t.claimed_at, t.step) AS before
        FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
          LEFT JOIN campaign_step s ON s.campaign_id = t.campaign_id AND s.step = t.step
          CROSS JOIN LATERAL (SELECT coalesce(t.claimed_at < e.moved_at, false) AS moved) AS m
        WHERE t.status IN ('sending', 'sent', 'uncertain')
      )
      SELECT r.id AS "touchId", count(*) OVER () AS of, CASE WHEN r.step < r.before
        THEN format('out of order: step %s of enrollment %s after step %s', r.step, r.enrollment_id, r.before)
        ELSE format('step %s of enrollment %s on day %s, due on day %s', r.step, r.enrollment_id, r.sent_on - r.day0, r.day)
        END AS text
      FROM reached r WHERE r.step < r.before OR (NOT r.moved AND r.sent_on < r.day0 + r.day) LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

/** What somebody else had finished before the campaign was imported spaces what comes after it as well. */
export const apart: DatabaseCheck = {
  id: 'SEQ-2',
  name: 'two days lie between the touches of one sequence',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches FROM touch WHERE status IN ('sent', 'uncertain')`;
    const wrong = await sql<ViolationRow>`
      WITH reached AS (
        SELECT id, enrollment_id, sent_on, claimed_at FROM touch
        WHERE status IN ('sent', 'uncertain') AND sent_on IS NOT NULL
        UNION ALL SELECT NULL, enrollment_id, done_on, done_at FROM finished_step
      ), spaced AS (
        SELECT r.*, lag(r.sent_on) OVER (PARTITION BY r.enrollment_id ORDER BY r.claimed_at) AS before FROM reached r
      )
      SELECT id AS "touchId", count(*) OVER () AS of,
        format('%s and %s: less than two days apart, enrollment %s', before, sent_on, enrollment_id) AS text
      FROM spaced WHERE sent_on - before < ${daysBetweenTouches} AND id IS NOT NULL LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

export const onePerDay: DatabaseCheck = {
  id: 'SEQ-8',
  name: 'nobody is touched twice on one day of theirs',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches FROM touch WHERE status IN ('sent', 'uncertain')`;
    const wrong = await sql<ViolationRow>`
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s touches on %s: lead %s', count(*), t.sent_on, e.lead_id) AS text
      FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
      WHERE t.status IN ('sent', 'uncertain') AND t.sent_on IS NOT NULL
      GROUP BY e.lead_id, t.sent_on HAVING count(*) > 1 LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};
