import { channels, countsOf, formsOf } from '../../../domain/channels';
import { limits } from '../../../domain/limits';
import { json } from '../../sql';
import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

export const counters: DatabaseCheck = {
  id: 'LIM-1',
  name: 'every counter says what the touches hold of it',
  async look(sql) {
    const seen = await sql<Record<string, number>>`SELECT count(*) AS counters FROM capacity_counter`;
    const wrong = await sql<ViolationRow>`
      WITH held AS (
        SELECT counter, resource_id, period, starts_on, count(*) FILTER (WHERE state = 'booked') AS booked,
          count(*) FILTER (WHERE state = 'consumed') AS consumed
        FROM capacity_hold WHERE period <> 'now' GROUP BY 1, 2, 3, 4
      )
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s on %s says %s booked, %s consumed; held are %s and %s', c.counter || ' ' || c.resource_id, c.starts_on,
          c.booked, c.consumed, coalesce(h.booked, 0), coalesce(h.consumed, 0)) AS text
      FROM capacity_counter c LEFT JOIN held h USING (counter, resource_id, period, starts_on)
      WHERE (c.booked, c.consumed) <> (coalesce(h.booked, 0), coalesce(h.consumed, 0)) LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

/** What a touch of each form is counted in, but for what is counted at the moment only. */
const countedIn = json(
  channels.flatMap((channel) =>
    formsOf(channel).flatMap((form) =>
      [...new Set(limits.filter(({ counts: of, period }) => period !== 'now' && countsOf(form).includes(of)))].map(
        ({ counter, counts: of, resource }) => ({ form, counter, resource, isView: of === 'profileView' }),
      ),
    ),
  ),
);

/**
 * What is booked or consumed stands and falls with the touch (LIM-6). A day may be the neighbouring one: the client may have
 * moved to another zone since. What is counted in a counter that came later is not missed.
 */
export const holds: DatabaseCheck = {
  id: 'LIM-6',
  name: 'every touch holds what it has booked or used, and nothing else does',
  async look(sql) {
    const seen = await sql<Record<string, number>>`SELECT count(*) AS holds FROM capacity_hold WHERE period <> 'now'`;
    const surplus = await sql<ViolationRow>`
      SELECT t.id AS "touchId", count(*) OVER () AS of,
        format('%s is %s on %s by a touch that is %s: %s', h.counter, h.state, h.starts_on, t.status, t.id) AS text
      FROM capacity_hold h JOIN touch t ON t.id = h.touch_id JOIN client c ON c.id = t.client_id
        LEFT JOIN mailbox m ON m.sender_id = t.sender_id
      WHERE h.period <> 'now' AND NOT h.is_spent AND (
        CASE WHEN t.status = 'planned' THEN h.state <> 'booked' OR t.slot_at IS NULL
          WHEN t.status = 'failed' THEN h.state <> 'consumed'
          ELSE h.state <> 'consumed' OR t.status IN ('skipped', 'cancelled') END
        OR h.resource_id NOT IN (t.client_id, t.sender_id, coalesce(m.domain_id, t.sender_id))
        OR h.period = 'day' AND abs(h.starts_on
          - (coalesce(t.claimed_at, t.slot_at) AT TIME ZONE c.timezone)::date) > 1)
      LIMIT ${atMost}`;
    const missing = await sql<ViolationRow>`
      WITH counted AS (
        SELECT DISTINCT form, counter, "isView" FROM jsonb_to_recordset(${countedIn}::jsonb)
          AS x(form text, counter text, "isView" boolean)
      ), since AS (SELECT counter, min(starts_on) AS day FROM capacity_counter GROUP BY 1),
      expected AS (
        SELECT t.id, t.status, k.counter
        FROM touch t JOIN client c ON c.id = t.client_id JOIN counted k ON k.form = coalesce(t.form, t.channel) JOIN since s USING (counter)
        WHERE (t.status IN ('sending', 'sent', 'uncertain') OR (t.status = 'planned' AND t.slot_at IS NOT NULL))
          AND NOT (k."isView" AND t.looked_at IS NOT NULL) AND (coalesce(t.claimed_at, t.slot_at) AT TIME ZONE c.timezone)::date >= s.day
      )
      SELECT x.id AS "touchId", count(*) OVER () AS of,
        format('nothing of %s is held by a touch that is %s: %s', x.counter, x.status, x.id) AS text
      FROM expected x LEFT JOIN capacity_hold h ON h.touch_id = x.id AND h.counter = x.counter AND h.period <> 'now'
      WHERE h.touch_id IS NULL LIMIT ${atMost}`;
    return found(counts(seen), surplus, missing);
  },
};
