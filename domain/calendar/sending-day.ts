import Holidays from 'date-holidays';
import { addDays, weekdayOf, type LocalDate } from './local-date';
import { remember } from './remember';

/** Where a recipient's working days are decided. */
export interface WorkCalendar {
  timezone: string;
  /** ISO 3166-1 alpha-2; null: no holidays are known. */
  countryCode: string | null;
  /** Subdivision without its country, "NSW". */
  regionCode: string | null;
}

export type SendingDayAnswer = { sending: true } | { sending: false; rule: 'TIME-1' | 'TIME-5'; reason: string };

/** Is this recipient-local date a sending day: Monday to Friday (TIME-1) and no public holiday (TIME-5)? */
export function sendingDay(date: LocalDate, calendar: WorkCalendar): SendingDayAnswer {
  const weekday = weekdayOf(date);
  if (weekday === 'Saturday' || weekday === 'Sunday') return { sending: false, rule: 'TIME-1', reason: weekday };
  const holiday = publicHoliday(date, calendar);
  return holiday === null ? { sending: true } : { sending: false, rule: 'TIME-5', reason: holiday };
}

/** The first sending day on or after `date` (SEQ-2). */
export function rollForward(date: LocalDate, calendar: WorkCalendar): LocalDate {
  let day = date;
  // No calendar has a year without a working day; the bound only keeps a broken one from hanging a worker.
  for (let tries = 0; tries < 366; tries += 1) {
    if (sendingDay(day, calendar).sending) return day;
    day = addDays(day, 1);
  }
  throw new RangeError(`no sending day within a year of ${date}`);
}

/** The name of the public holiday on this date, or null (TIME-5). */
export function publicHoliday(date: LocalDate, calendar: WorkCalendar): string | null {
  if (calendar.countryCode === null) return null;
  const year = Number(date.slice(0, 4));
  return holidaysOf(calendar.countryCode, calendar.regionCode, year).get(date) ?? null;
}

/** Public holidays of one year by date. The library computes a whole year at a time, so the year is kept. */
const holidaysOf = remember(
  (country: string, region: string | null, year: number): ReadonlyMap<LocalDate, string> => {
    const library = new Holidays();
    const regionIsKnown = region !== null && Object.hasOwn(library.getStates(country) ?? {}, region);
    if (regionIsKnown) library.init(country, region);
    else library.init(country);
    const byDate = new Map<LocalDate, string>();
    for (const holiday of library.getHolidays(year)) {
      if (holiday.type === 'public') byDate.set(holiday.date.slice(0, 10), holiday.name);
    }
    return byDate;
  },
  (country, region, year) => `${country}/${region ?? ''}/${year}`,
);
