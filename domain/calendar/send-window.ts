import { DateTime } from 'luxon';
import type { LocalDate } from './local-date';
import { remember } from './remember';
import type { WorkCalendar } from './sending-day';
import { rulesOf, type Channel } from '../channels';

/** TIME-1: a touch leaves inside [09:00, 11:00) of the recipient's day. */
export const windowStartHour = 9;
export const windowEndHour = 11;

/** A half-open span of instants. */
export interface Span {
  from: Date;
  to: Date;
}

/** The send window of one recipient-local date (TIME-1), by the zone's rules on that very date (TIME-4). */
export const sendWindow = remember(
  (date: LocalDate, zone: string): Readonly<Span> => {
    const midnight = DateTime.fromISO(date, { zone });
    return {
      from: midnight.set({ hour: windowStartHour }).toJSDate(),
      to: midnight.set({ hour: windowEndHour }).toJSDate(),
    };
  },
  (date, zone) => `${date} ${zone}`,
);

/** May a touch of this channel leave at `now`, as far as the clock on the recipient's wall goes (TIME-1, TIME-7)? */
export function isInsideWindow(now: Date, date: LocalDate, zone: string, channel: Channel): boolean {
  return now >= sendWindow(date, zone).from && now < lastCall(date, zone, channel);
}

/** From then on no touch of this channel leaves on this date: providers need the rest of the window (TIME-7). */
export const lastCall = (date: LocalDate, zone: string, channel: Channel): Date =>
  new Date(sendWindow(date, zone).to.getTime() - rulesOf(channel).lastCallSeconds * 1000);

/**
 * TIME-3: calls and texts keep to the zone that is never early; the other channels to the recipient's own. A lead whose
 * call zone is unknown gets no call, so the recipient's zone stands in for it.
 */
export function zoneOfChannel(
  channel: Channel,
  zones: { calendar: { timezone: string }; callTimezone: string | null },
): string {
  const { timezone } = zones.calendar;
  return rulesOf(channel).windowZone === 'call' ? (zones.callTimezone ?? timezone) : timezone;
}

/** TIME-5: the calendar that a channel keeps: calls and texts leave on no day that any region of an unknown one has off. */
export const calendarOf = (channel: Channel, { calendar, numberCountry }: CallCalendar): WorkCalendar =>
  rulesOf(channel).windowZone === 'call'
    ? { ...calendar, countryCode: calendar.countryCode ?? numberCountry, everyRegion: true }
    : calendar;

interface CallCalendar {
  calendar: WorkCalendar;
  numberCountry: string | null;
}

/** TIME-3: where it must be between 08:00 and 20:00 beside that, as the number of a call or text says. */
export const wakingZonesOf = (channel: Channel, facts: { numberZones: readonly string[] }): readonly string[] =>
  rulesOf(channel).windowZone === 'call' ? facts.numberZones : [];
