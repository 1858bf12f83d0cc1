import { limits, type Limit, type Period } from '../../../domain/limits';
import { warmUpStages } from '../../../domain/warm-up';
import { json } from '../../sql';
import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

/** Rows of the LIM table, as a statement takes them; a warm-up's maximum is null. */
const rowsOf = (isOne: (limit: Limit) => boolean): string =>
  json(
    limits.filter(isOne).map(({ counter, maximum }) => ({ counter, maximum: maximum === 'warm-up' ? null : maximum })),
  );
const ofPeriod = (period: Period): string => rowsOf((limit) => limit.period === period && limit.maximum !== 'warm-up');

/** Seconds that a change of health may need to be seen by a claim that began before it. */
const seenWithinSeconds = 60;

/** Counted anew from what each touch holds, not from the counters; the next check compares those. */
export const daily: DatabaseCheck = {
  id: 'LIM-1',
  name: 'no sender and no client does more in a day, or in seven, than it may',
  async look(sql) {
    const days = await sql<ViolationRow>`
      WITH used AS (
        SELECT counter, resource_id, starts_on, count(*) AS used FROM capacity_hold
        WHERE period = 'day' AND state = 'consumed' GROUP BY 1, 2, 3
      )
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s of %s on %s: %s', u.used, l.maximum, u.starts_on, u.counter || ' ' || u.resource_id) AS text
      FROM used u JOIN jsonb_to_recordset(${ofPeriod('day')}::jsonb) AS l(counter text, maximum int) USING (counter)
      WHERE u.used > l.maximum LIMIT ${atMost}`;
    const weeks = await sql<ViolationRow>`
      WITH used AS (
        SELECT h.counter, h.resource_id, h.starts_on, count(*) AS used, l.maximum FROM capacity_hold h
          JOIN jsonb_to_recordset(${ofPeriod('sevenDays')}::jsonb) AS l(counter text, maximum int) USING (counter)
        WHERE h.period = 'day' AND h.state = 'consumed' GROUP BY 1, 2, 3, 5
      ), weeks AS (
        SELECT u.*, sum(used) OVER (PARTITION BY counter, resource_id ORDER BY starts_on
          RANGE BETWEEN interval '6 days' PRECEDING AND CURRENT ROW) AS in_seven
        FROM used u
      )
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s of %s in the seven days to %s: %s', in_seven, maximum, starts_on, counter || ' ' || resource_id) AS text
      FROM weeks WHERE in_seven > maximum LIMIT ${atMost}`;
    const seen = await sql<Record<string, number>>`
      SELECT coalesce(sum(holds), 0)::bigint AS holds, count(*) AS resources FROM (
        SELECT count(*) AS holds FROM capacity_hold WHERE period = 'day' AND state = 'consumed'
        GROUP BY counter, resource_id) AS own`;
    return found(counts(seen), days, weeks);
  },
};

export const atOnce: DatabaseCheck = {
  id: 'LIM-3',
  name: 'an account has no more calls at the same time than it may',
  async look(sql) {
    const seen = await sql<Record<string, number>>`SELECT count(*) AS calls FROM capacity_hold WHERE period = 'now'`;
    const wrong = await sql<ViolationRow>`
      WITH moments AS (
        SELECT h.touch_id, h.counter, h.resource_id, t.claimed_at AS at, 1 AS more
        FROM capacity_hold h JOIN touch t ON t.id = h.touch_id WHERE h.period = 'now' AND t.claimed_at IS NOT NULL
        UNION ALL
        SELECT NULL, h.counter, h.resource_id, h.ends_at, -1
        FROM capacity_hold h JOIN touch t ON t.id = h.touch_id WHERE h.period = 'now' AND t.claimed_at IS NOT NULL
      ), running AS (
        SELECT m.*, sum(more) OVER (PARTITION BY counter, resource_id ORDER BY at, more ROWS UNBOUNDED PRECEDING) AS now
        FROM moments m
      )
      SELECT r.touch_id AS "touchId", count(*) OVER () AS of,
        format('%s at once of %s: %s at %s', r.now, l.maximum, r.counter || ' ' || r.resource_id, r.at AT TIME ZONE 'UTC') AS text
      FROM running r JOIN jsonb_to_recordset(${ofPeriod('now')}::jsonb) AS l(counter text, maximum int) USING (counter)
      WHERE r.now > l.maximum AND r.touch_id IS NOT NULL LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

/** The stage of the warm-up on that date, for each domain and day. */
export const warmUp: DatabaseCheck = {
  id: 'WARM-1',
  name: 'no domain mails more in a day than its warm-up allows',
  async look(sql) {
    const counters = rowsOf(({ maximum }) => maximum === 'warm-up');
    const seen = await sql<Record<string, number>>`
      SELECT coalesce(sum(mails), 0)::bigint AS mails, count(*) AS domains FROM (
        SELECT count(*) AS mails FROM capacity_hold h
          JOIN jsonb_to_recordset(${counters}::jsonb) AS l(counter text) USING (counter)
        WHERE h.period = 'day' AND h.state = 'consumed' GROUP BY h.resource_id) AS own`;
    const wrong = await sql<ViolationRow>`
      WITH used AS (
        SELECT h.resource_id, h.starts_on, count(*) AS used FROM capacity_hold h
          JOIN jsonb_to_recordset(${counters}::jsonb) AS l(counter text) USING (counter)
        WHERE h.period = 'day' AND h.state = 'consumed' GROUP BY 1, 2
      ), allowed AS (
        SELECT u.*, coalesce((
          SELECT s."limit" FROM jsonb_to_recordset(${json(warmUpStages)}::jsonb) AS s("fromDay" int, "limit" int)
          WHERE s."fromDay" <= u.starts_on - d.warmup_started_at ORDER BY s."fromDay" DESC LIMIT 1), 0) AS maximum
        FROM used u LEFT JOIN sending_domain d ON d.id = u.resource_id
      )
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s of %s mails on %s: domain %s', used, maximum, starts_on, resource_id) AS text
      FROM allowed WHERE used > maximum LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

/** What was sent before a change stays sent: only what is claimed while it holds is looked at. */
export const health: DatabaseCheck = {
  id: 'HLTH-2',
  name: 'a domain mails nothing while its health pauses it, and at most half while it is halved',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS changes, count(DISTINCT domain_id) AS domains FROM health_change`;
    const wrong = await sql<ViolationRow>`
      WITH spans AS (
        SELECT domain_id, kind, at AS since, lead(at) OVER (PARTITION BY domain_id, kind IN ('halved', 'restored')
          ORDER BY at, id) AS until
        FROM health_change WHERE kind IN ('halved', 'restored', 'paused', 'resumed')
      ), mails AS (
        SELECT t.id, m.domain_id, t.claimed_at, h.starts_on,
          row_number() OVER (PARTITION BY m.domain_id, h.starts_on ORDER BY t.claimed_at) AS nth
        FROM touch t JOIN mailbox m ON m.sender_id = t.sender_id
          JOIN capacity_hold h ON h.touch_id = t.id AND h.resource_id = m.domain_id AND h.period = 'day'
        WHERE t.status IN ('sending', 'sent', 'uncertain') AND m.domain_id IN (SELECT domain_id FROM spans)
      ), during AS (
        SELECT n.*, s.kind, greatest(1, (
          SELECT w."limit" / 2 FROM jsonb_to_recordset(${json(warmUpStages)}::jsonb) AS w("fromDay" int, "limit" int)
          WHERE w."fromDay" <= n.starts_on - d.warmup_started_at ORDER BY w."fromDay" DESC LIMIT 1)) AS maximum
        FROM mails n JOIN spans s ON s.domain_id = n.domain_id AND s.kind IN ('halved', 'paused')
          AND n.claimed_at > s.since + make_interval(secs => ${seenWithinSeconds})
          AND (s.until IS NULL OR n.claimed_at < s.until)
          JOIN sending_domain d ON d.id = n.domain_id
      )
      SELECT id AS "touchId", count(*) OVER () AS of, format('%s while it is %s: domain %s, touch %s',
        CASE kind WHEN 'paused' THEN 'a mail' ELSE format('mail %s of %s on %s', nth, maximum, starts_on) END,
        kind, domain_id, id) AS text
      FROM during WHERE kind = 'paused' OR nth > maximum LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};
