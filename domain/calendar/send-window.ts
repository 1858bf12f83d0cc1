import { DateTime } from 'luxon';
import type { LocalDate } from './local-date';
import type { Channel } from './sequence';

/** TIME-1: a touch leaves inside [09:00, 11:00) of the recipient's day. */
export const windowStartHour = 9;
export const windowEndHour = 11;

/** A half-open span of instants. */
export interface Span {
  from: Date;
  to: Date;
}

/**
 * How long before the end of the window the last touch may leave, in seconds (TIME-7). A carrier queues calls, so
 * dialling stops five minutes early; the rest covers the time between the gate and the provider.
 */
export const lastCallSeconds: Readonly<Record<Channel, number>> = { email: 30, linkedin: 30, sms: 30, voice: 300 };

/** The send window of one recipient-local date (TIME-1), by the zone's rules on that very date (TIME-4). */
export function sendWindow(date: LocalDate, zone: string): Span {
  const midnight = DateTime.fromISO(date, { zone });
  return {
    from: midnight.set({ hour: windowStartHour }).toJSDate(),
    to: midnight.set({ hour: windowEndHour }).toJSDate(),
  };
}

/** May a touch of this channel leave at `now`, as far as the clock on the recipient's wall goes (TIME-1, TIME-7)? */
export function isInsideWindow(now: Date, date: LocalDate, zone: string, channel: Channel): boolean {
  const window = sendWindow(date, zone);
  return now >= window.from && now.getTime() < window.to.getTime() - lastCallSeconds[channel] * 1000;
}

/** TIME-3: calls and texts keep to the zone that is never early; the other channels to the recipient's own. */
export function zoneOfChannel(channel: Channel, zones: { timezone: string; callTimezone: string }): string {
  return channel === 'voice' || channel === 'sms' ? zones.callTimezone : zones.timezone;
}
