import { DateTime } from 'luxon';
import { addDays, localDate, type LocalDate } from './local-date';
import { remember } from './remember';
import { sendingDay, type WorkCalendar } from './sending-day';
import { rulesOf, type Channel } from '../channels';
import { sendWindow, type Span } from './send-window';
import { whileAwake } from './waking-hours';

/** A stretch of a send window that lies on one day of the client's calendar, where the limits count (LIM). */
export interface Segment {
  day: LocalDate;
  from: Date;
  to: Date;
}

/** A slot leaves at least this much time to write the text first, and ends this much before the gate closes. */
const leadSeconds = 60;

/**
 * Where a touch may be booked: the send windows of the recipient's sending days from `earliest` on (TIME-1, TIME-5),
 * cut at the client's midnights, in order of time.
 * @param reach.days how many calendar days to look ahead
 * @param place.windowZone the zone of the channel's window (TIME-3)
 * @param place.wakingZones where it must be between 08:00 and 20:00 too (TIME-3)
 */
export function candidateSegments(
  channel: Channel,
  { earliest, days, now }: { earliest: LocalDate; days: number; now: Date },
  place: { calendar: WorkCalendar; windowZone: string; wakingZones?: readonly string[]; clientZone: string },
): Segment[] {
  const soonest = new Date(now.getTime() + leadSeconds * 1000);
  const segments: Segment[] = [];
  for (let offset = 0; offset < days; offset += 1) {
    const date = addDays(earliest, offset);
    if (!sendingDay(date, place.calendar).sending) continue;
    const window = whileAwake(sendWindow(date, place.windowZone), place.wakingZones ?? []);
    // Where the window's zone is a day away, the recipient's own date decides too, as it does at the gate.
    if (!sendingDay(localDate(window.from, place.calendar.timezone), place.calendar).sending) continue;
    const from = window.from > soonest ? window.from : soonest;
    const to = new Date(window.to.getTime() - (rulesOf(channel).lastCallSeconds + leadSeconds) * 1000);
    if (from < to) segments.push(...splitAtMidnight({ from, to }, place.clientZone));
  }
  return segments;
}

function splitAtMidnight(span: Span, clientZone: string): Segment[] {
  const day = localDate(span.from, clientZone);
  const midnight = beginningOf(addDays(day, 1), clientZone);
  if (span.to <= midnight) return [{ day, ...span }];
  return [
    { day, from: span.from, to: midnight },
    { day: localDate(midnight, clientZone), from: midnight, to: span.to },
  ];
}

/** The instant at which a date begins in a zone. */
const beginningOf = remember(
  (date: LocalDate, zone: string): Date => DateTime.fromISO(date, { zone }).toJSDate(),
  (date, zone) => `${date} ${zone}`,
);
