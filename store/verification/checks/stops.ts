import { atMost, counts, found, slackSeconds, type DatabaseCheck, type ViolationRow } from '../database-check';

export const ended: DatabaseCheck = {
  id: 'TRUTH-2',
  name: 'an ended sequence has nothing planned, holds nothing booked, and nothing left after its end',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS sequences FROM enrollment WHERE status IN ('stopped', 'completed')`;
    const planned = await sql<ViolationRow>`
      SELECT t.id AS "touchId", count(*) OVER () AS of,
        format('planned in an enrollment that is %s: step %s of %s', e.status, t.step, e.id) AS text
      FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.status IN ('stopped', 'completed') AND (t.status = 'planned'
        OR EXISTS (SELECT 1 FROM capacity_hold h WHERE h.touch_id = t.id AND h.state = 'booked'))
      LIMIT ${atMost}`;
    const late = await sql<ViolationRow>`
      SELECT t.id AS "touchId", count(*) OVER () AS of, format('step %s of enrollment %s left at %s, after its end at %s',
        t.step, e.id, t.claimed_at AT TIME ZONE 'UTC', e.finished_at AT TIME ZONE 'UTC') AS text
      FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.status IN ('stopped', 'completed') AND t.status IN ('sending', 'sent', 'uncertain')
        AND t.claimed_at > e.finished_at + make_interval(secs => ${slackSeconds})
      LIMIT ${atMost}`;
    return found(counts(seen), planned, late);
  },
};

/**
 * By the values that are still readable: an erasure takes the lead's own away as well. Several people may share a number;
 * what is planned for the others is refused when its time comes.
 */
export const suppressed: DatabaseCheck = {
  id: 'SEQ-5',
  name: 'who is suppressed has nothing planned and got nothing since',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS suppressions FROM suppression WHERE scope = 'all' AND value IS NOT NULL`;
    const wrong = await sql<ViolationRow>`
      WITH people AS (
        SELECT s.kind, s.created_at, l.id AS lead FROM suppression s JOIN lead l
          ON l.client_id = s.client_id AND s.kind = 'email' AND l.email = s.value WHERE s.scope = 'all'
        UNION ALL SELECT s.kind, s.created_at, l.id FROM suppression s JOIN lead l
          ON l.client_id = s.client_id AND s.kind = 'domain' AND (split_part(l.email, '@', 2) = s.value OR l.company_domain = s.value)
        WHERE s.scope = 'all'
        UNION ALL SELECT s.kind, s.created_at, l.id FROM suppression s JOIN lead l
          ON l.client_id = s.client_id AND s.kind = 'phone' AND l.phone = s.value WHERE s.scope = 'all'
        UNION ALL SELECT s.kind, s.created_at, l.id FROM suppression s JOIN lead l
          ON l.client_id = s.client_id AND s.kind = 'phone' AND l.mobile = s.value WHERE s.scope = 'all'
        UNION ALL SELECT s.kind, s.created_at, l.id FROM suppression s JOIN lead l
          ON l.client_id = s.client_id AND s.kind = 'linkedin' AND l.linkedin_profile = s.value WHERE s.scope = 'all'
      )
      SELECT t.id AS "touchId", count(*) OVER () AS of,
        format('step %s of enrollment %s is %s, although lead %s is suppressed', t.step, e.id, t.status, p.lead) AS text
      FROM people p JOIN enrollment e ON e.lead_id = p.lead JOIN touch t ON t.enrollment_id = e.id
      WHERE (t.status = 'planned' AND p.kind <> 'phone') OR (t.status IN ('sending', 'sent', 'uncertain')
        AND t.claimed_at > p.created_at + make_interval(secs => ${slackSeconds}))
      LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};
