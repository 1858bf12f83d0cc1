import { DateTime } from 'luxon';
import { localDate, type LocalDate } from './local-date';
import { remember } from './remember';
import type { Span } from './send-window';

/** TIME-3: a call or text leaves only while it is between 08:00 and 20:00 where the number lives. */
export const wakingStartHour = 8;
export const wakingEndHour = 20;

const wakingHours = remember(
  (date: LocalDate, zone: string): Readonly<Span> => {
    const midnight = DateTime.fromISO(date, { zone });
    return {
      from: midnight.set({ hour: wakingStartHour }).toJSDate(),
      to: midnight.set({ hour: wakingEndHour }).toJSDate(),
    };
  },
  (date, zone) => `${date} ${zone}`,
);

/** What of a span lies in the waking hours of all these zones; `from` is not before `to` when nothing does. */
export function whileAwake(span: Span, zones: readonly string[]): Span {
  return zones.reduce((rest, zone) => {
    const { from, to } = wakingHours(localDate(span.from, zone), zone);
    return { from: from > rest.from ? from : rest.from, to: to < rest.to ? to : rest.to };
  }, span);
}

/** Of these zones the first in which it is too early or too late, with `ahead` seconds to go until the end; or null. */
export function sleepingZone(now: Date, zones: readonly string[], ahead: number): string | null {
  const isAwake = (zone: string): boolean => {
    const { from, to } = wakingHours(localDate(now, zone), zone);
    return now >= from && now.getTime() < to.getTime() - ahead * 1000;
  };
  return zones.find((zone) => !isAwake(zone)) ?? null;
}
