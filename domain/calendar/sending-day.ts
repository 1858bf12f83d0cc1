import Holidays from 'date-holidays';
import { addDays, weekdayOf, type LocalDate } from './local-date';
import table from './more-holidays.json';
import { remember } from './remember';

/** Where a recipient's working days are decided. */
export interface WorkCalendar {
  timezone: string;
  /** ISO 3166-1 alpha-2; null: no holidays are known. */
  countryCode: string | null;
  /** Subdivision without its country, "NSW". */
  regionCode: string | null;
  /** Where the region is unknown, do the holidays of every region count (TIME-5: calls and texts)? */
  everyRegion?: boolean;
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
export const publicHoliday = remember(
  (date: LocalDate, { countryCode, regionCode, everyRegion }: WorkCalendar): string | null => {
    if (countryCode === null) return null;
    const place = placeOf(countryCode, regionCode);
    const own = holidayIn(place, date);
    if (own !== null || everyRegion !== true) return own;
    return placesWithin(place).reduce<string | null>((found, each) => found ?? holidayIn(each, date), null);
  },
  (date, { countryCode, regionCode, everyRegion }) => `${date}/${countryCode}/${regionCode}/${everyRegion === true}`,
);

/** What the library alone knows, without what another source adds to it. */
export const libraryHoliday = (date: LocalDate, country: string, region: string | null): string | null =>
  holidaysOf(placeOf(country, region), yearOf(date)).get(date) ?? null;

const yearOf = (date: LocalDate): number => Number(date.slice(0, 4));

const holidayIn = (place: Place, date: LocalDate): string | null =>
  holidaysOf(place, yearOf(date)).get(date) ?? moreHolidays.get(`${place.join('/')} ${date}`) ?? null;

/**
 * What the library lacks, from a second source: proclaimed days, shows, new laws (scripts/more-holidays.ts). By
 * "AU/QLD 2026-08-12".
 */
const moreHolidays: ReadonlyMap<string, string> = new Map(
  Object.entries(table.days).flatMap(([place, days]) =>
    days.split('|').map((day) => [`${place} ${day.slice(0, 10)}`, day.slice(11)] as const),
  ),
);

/** What the library is asked about: a country, a state of it, a region of the state. */
type Place = readonly [country: string, state?: string, region?: string];

const placeOf = remember(
  (country: string, region: string | null): Place =>
    region !== null && Object.hasOwn(library.getStates(country) ?? {}, region) ? [country, region] : [country],
  (country, region) => `${country}/${region ?? ''}`,
);

/** Asked for names of regions alone: for holidays it is set to one place. */
const library = new Holidays();

/** Every place below one: the states of a country, the regions of a state. */
const placesWithin = remember(
  ([country, state]: Place): readonly Place[] => {
    const states = state === undefined ? Object.keys(library.getStates(country) ?? {}) : [state];
    return states.flatMap((code): Place[] => [
      [country, code],
      ...Object.keys(library.getRegions(country, code) ?? {}).map((region): Place => [country, code, region]),
    ]);
  },
  (place) => place.join('/'),
);

/**
 * Public holidays of one year by date. The library computes a whole year at a time, so the year is kept. One that goes on
 * for days has each of them; one that begins after the send window's end leaves its day.
 */
const holidaysOf = remember(
  (place: Place, year: number): ReadonlyMap<LocalDate, string> => {
    const holidays = new Holidays();
    holidays.init(...(place as [string]));
    const byDate = new Map<LocalDate, string>();
    for (const holiday of holidays.getHolidays(year)) {
      if (holiday.type !== 'public') continue;
      for (const date of datesOf(holiday)) byDate.set(date, holiday.name);
    }
    return byDate;
  },
  (place, year) => `${place.join('/')}/${year}`,
);

/** The dates of which the holiday covers some of the send window, on the country's own clock. */
function datesOf(holiday: { date: string; start: Date; end: Date }): LocalDate[] {
  const startsAt = Date.parse(`${holiday.date.slice(0, 19).replace(' ', 'T')}Z`);
  const endsAt = startsAt + holiday.end.getTime() - holiday.start.getTime();
  const first = holiday.date.slice(0, 10);
  const dates: LocalDate[] = [];
  for (let date = first; Date.parse(`${date}T09:00:00Z`) < endsAt; date = addDays(date, 1)) {
    if (startsAt < Date.parse(`${date}T11:00:00Z`)) dates.push(date);
  }
  return dates;
}
