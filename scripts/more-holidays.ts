/**
 * Writes domain/calendar/more-holidays.json anew: the public holidays that the Python package `holidays` knows and
 * date-holidays lacks. First the other source's list, with `pip install holidays`:
 *
 *     python3 -c "
 *     import holidays, json, sys
 *     years = [2026, 2027, 2028]; out = {}
 *     for country, subdivisions in holidays.list_supported_countries().items():
 *         for region in [None, *subdivisions]:
 *             days = holidays.country_holidays(country, subdiv=region, years=years)
 *             out[f'{country}/{region}' if region else country] = {d.isoformat(): n for d, n in sorted(days.items())}
 *     json.dump({'origin': f'holidays {holidays.__version__} (MIT)', 'years': years, 'days': out}, sys.stdout)" > list.json
 *
 * then `npx tsx scripts/more-holidays.ts list.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Holidays from 'date-holidays';
import { libraryHoliday } from '../domain/calendar/sending-day';
import { UserError } from './user-error';

interface OtherSource {
  origin: string;
  years: number[];
  /** Names by date, by "AU" or "AU/QLD". */
  days: Record<string, Record<string, string>>;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new UserError('usage: npx tsx scripts/more-holidays.ts LIST.JSON');
const other = JSON.parse(readFileSync(file, 'utf8')) as OtherSource;
const library = new Holidays();

/** Does our library have regions by this code? Those of other lists would never be asked for. */
function isKnown(country: string, region: string | undefined): boolean {
  if (country.length !== 2) return false;
  return region === undefined || Object.hasOwn(library.getStates(country) ?? {}, region);
}

const isWeekday = (date: string): boolean => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());

const missing = Object.entries(other.days).flatMap(([place, days]) => {
  const [country = '', region] = place.split('/');
  if (!isKnown(country, region)) return [];
  const lacking = Object.entries(days).filter(
    ([date]) => isWeekday(date) && libraryHoliday(date, country, region ?? null) === null,
  );
  return lacking.length === 0 ? [] : [[place, lacking.map(([date, name]) => `${date} ${name}`).join('|')] as const];
});
writeFileSync(
  path.join(__dirname, '..', 'domain', 'calendar', 'more-holidays.json'),
  `${JSON.stringify({ origin: other.origin, years: other.years, days: Object.fromEntries(missing) }, null, 2)}\n`,
);
