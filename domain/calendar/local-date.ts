import { DateTime } from 'luxon';

/** A calendar date without a zone, "2026-03-02". Compares correctly as a string. */
export type LocalDate = string;

/** The date on the wall calendar of `zone` at `instant`. */
export function localDate(instant: Date, zone: string): LocalDate {
  return DateTime.fromJSDate(instant, { zone }).toISODate() ?? unreadable(zone);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate() ?? unreadable(date);
}

/** Whole calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  const start = DateTime.fromISO(from, { zone: 'utc' });
  return Math.round(DateTime.fromISO(to, { zone: 'utc' }).diff(start, 'days').days);
}

export const laterDate = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

function unreadable(value: string): never {
  throw new RangeError(`not a date or IANA zone: ${value}`);
}
