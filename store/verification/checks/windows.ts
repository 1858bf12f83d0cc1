import { windowEndHour, windowStartHour } from '../../../domain/calendar/send-window';
import { publicHoliday } from '../../../domain/calendar/sending-day';
import { channels, rulesOf, type Channel } from '../../../domain/channels';
import type { Sql } from '../../sql';
import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

const byClock = (clock: 'recipient' | 'call'): Channel[] =>
  channels.filter((channel) => rulesOf(channel).windowZone === clock);

export const window: DatabaseCheck = {
  id: 'TIME-1',
  name: 'mails, invitations and messages leave on weekdays from 09:00 to 11:00, recipient’s time',
  look: (sql) => inWindow(sql, byClock('recipient')),
};

export const callWindow: DatabaseCheck = {
  id: 'TIME-3',
  name: 'calls and texts leave on weekdays from 09:00 to 11:00, by the clock that is never early',
  look: (sql) => inWindow(sql, byClock('call')),
};

/**
 * The zones are PostgreSQL's own, not the engine's. A lead whose place was learned anew has another zone than its touches
 * were sent by: of those, the timeline tells
 * what their clock said when they were booked.
 */
async function inWindow(sql: Sql, of: readonly Channel[]): Promise<ReturnType<typeof found>> {
  const calls = byClock('call');
  const seen = await sql<Record<string, number>>`
    SELECT count(*) AS touches FROM touch
    WHERE status IN ('sending', 'sent', 'uncertain') AND claimed_at IS NOT NULL AND channel = ANY (${of}::text[])`;
  const wrong = await sql<ViolationRow>`
    WITH local AS (
      SELECT t.id, t.channel, t.enrollment_id, t.claimed_at, z.zone, t.claimed_at AT TIME ZONE z.zone AS at,
        t.claimed_at AT TIME ZONE l.timezone AS theirs
      FROM touch t JOIN enrollment e ON e.id = t.enrollment_id JOIN lead l ON l.id = e.lead_id
        CROSS JOIN LATERAL (SELECT CASE WHEN t.channel = ANY (${calls}::text[])
          THEN coalesce(l.call_timezone, l.timezone) ELSE l.timezone END AS zone) AS z
      WHERE t.status IN ('sending', 'sent', 'uncertain') AND t.claimed_at IS NOT NULL AND t.channel = ANY (${of}::text[])
    ), outside AS (
      SELECT o.*, n.slot, n.clock
      FROM local o LEFT JOIN LATERAL (
        SELECT (n.numbers ->> 'slotAt')::timestamptz AS slot,
          substring(n.numbers ->> 'slotLocal' FROM '\\d\\d:\\d\\d')::time AS clock
        FROM timeline_entry n WHERE n.enrollment_id = o.enrollment_id AND n.touch_id = o.id AND n.what = 'planned'
        ORDER BY n.id DESC LIMIT 1) AS n ON true
      WHERE extract(isodow FROM o.theirs) > 5 OR extract(hour FROM o.at) NOT BETWEEN ${windowStartHour} AND ${windowEndHour - 1}
    ), judged AS (
      -- Its clock as it was told: no zone is more than eleven hours behind, or thirteen before.
      SELECT o.*, o.clock IS DISTINCT FROM date_trunc('minute', o.slot AT TIME ZONE o.zone)::time AS moved,
        o.claimed_at AT TIME ZONE 'UTC' + make_interval(mins => mod((1440 + 660 + extract(epoch FROM
          o.clock - date_trunc('minute', o.slot AT TIME ZONE 'UTC')::time) / 60)::int, 1440) - 660) AS told
      FROM outside o
    )
    SELECT id AS "touchId", count(*) OVER () AS of,
      format('%s at %s in %s: touch %s', channel, to_char(at, 'Dy YYYY-MM-DD HH24:MI:SS'), zone, id) AS text
    FROM judged
    WHERE clock IS NULL OR NOT moved OR extract(isodow FROM told) > 5
      OR extract(hour FROM told) NOT BETWEEN ${windowStartHour} AND ${windowEndHour - 1}
    LIMIT ${atMost}`;
  return found(counts(seen), wrong);
}

export const holidays: DatabaseCheck = {
  id: 'TIME-5',
  name: 'nothing leaves on a public holiday of the recipient’s country and region',
  async look(sql) {
    const dates = await sql<{ country: string; region: string | null; date: string; touches: number }>`
      SELECT l.country_code AS country, l.region_code AS region, t.sent_on AS date, count(*)::int AS touches
      FROM touch t JOIN enrollment e ON e.id = t.enrollment_id JOIN lead l ON l.id = e.lead_id
      WHERE t.status IN ('sent', 'uncertain') AND t.sent_on IS NOT NULL AND l.country_code IS NOT NULL
      GROUP BY 1, 2, 3`;
    const wrong = dates.flatMap(({ country, region, date, touches }) => {
      const holiday = publicHoliday(date, { timezone: 'UTC', countryCode: country, regionCode: region });
      return holiday === null ? [] : [{ holiday, country, region, date, touches }];
    });
    return {
      lookedAt: { touches: dates.reduce((sum, { touches }) => sum + touches, 0), dates: dates.length },
      count: wrong.reduce((sum, { touches }) => sum + touches, 0),
      first: wrong.slice(0, atMost).map(({ holiday, country, region, date, touches }) => {
        const place = region === null ? country : `${country}-${region}`;
        return { text: `${touches} touches on ${date}, ${holiday} in ${place}`, touchId: null };
      }),
    };
  },
};
