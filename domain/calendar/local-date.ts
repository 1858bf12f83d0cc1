import { DateTime } from 'luxon';

/** A calendar date without a zone, "2026-03-02". Compares correctly as a string. */
export type LocalDate = string;

/** The date on the wall calendar of `zone` at `instant`. */
export function localDate(instant: Date, zone: string): LocalDate {
  return DateTime.fromJSDate(instant, { zone }).toISODate() ?? unreadable(zone);
}

const dayMs = 86_400_000;

/** A calendar date as midnight UTC, where every day has 24 hours: dates are walked thousands of times a second. */
function utcMidnight(date: LocalDate): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? unreadable(date) : time;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(utcMidnight(date) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

export function weekdayOf(date: LocalDate): (typeof weekdays)[number] {
  return weekdays[new Date(utcMidnight(date)).getUTCDay()] ?? unreadable(date);
}

export const laterDate = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

function unreadable(value: string): never {
  throw new RangeError(`not a date or IANA zone: ${value}`);
}

/** When a calendar date begins in a zone. */
export function startOfDate(date: LocalDate, zone: string): Date {
  return DateTime.fromISO(date, { zone }).startOf('day').toJSDate();
}
