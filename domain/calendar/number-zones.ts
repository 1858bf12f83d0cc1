import cityTimezones from 'city-timezones';
import countryZones from 'countries-and-timezones';
import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';
import table from './number-zones.json';
import { remember } from './remember';

/**
 * Area codes that the table says too roughly, by prefix. Australia's 07 is Queensland, which keeps no summer time, and 08
 * is three states: after the geographic ranges of ACMA's numbering plan, as libphonenumber 9.0.43 names their places.
 */
const australianAreas: Readonly<Record<string, readonly string[]>> = {
  '617': ['Australia/Brisbane'],
  '6185': ['Australia/Adelaide', 'Australia/Darwin', 'Australia/Perth'],
  '6186': ['Australia/Perth'],
  '6187': ['Australia/Adelaide'],
  '61879': ['Australia/Darwin'],
  '6188': ['Australia/Adelaide'],
  '61880': ['Australia/Broken_Hill'],
  '61889': ['Australia/Darwin'],
  '6189': ['Australia/Perth'],
};

/** Zones by prefix of a number, without the plus. */
const byPrefix: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(table.prefixes).flatMap(([zones, prefixes]) =>
    prefixes
      .split(' ')
      .filter((prefix) => !/^61[1478]/.test(prefix))
      .map((prefix) => [prefix, zones.split('&')] as const),
  ),
  ...Object.entries(australianAreas),
]);
const longestPrefix = 9;

/** Calling codes whose mobile numbers carry an area code (libphonenumber: Mexico, Argentina, Brazil; North America's are both). */
const mobilesWithAreaCode: readonly string[] = ['1', '52', '54', '55'];

/**
 * The country that a number belongs to; of a calling code that several share, the main one: ranges for fiction belong to
 * none of them. Null: of no country.
 */
export function countryOfNumber(number: string): string | null {
  const parsed = parsePhoneNumberFromString(number);
  return parsed === undefined ? null : countryOf(parsed);
}

const countryOf = (parsed: PhoneNumber): string | null => parsed.country ?? parsed.getPossibleCountries()[0] ?? null;

/**
 * TIME-3: where, beside the company's own zone, it must be between 08:00 and 20:00 when this number is called. Empty: the
 * number says nothing else than the company does.
 * - An area code says its zones. If they are several and one of them keeps the company's hours, it agrees with the company.
 * - Any other number says its country. If the company lies there, it agrees; else it must hold in every zone of the country:
 *   rather no call than one at night. Of a number without a place (toll-free, premium, by internet) only a country with
 *   one zone says something.
 */
export const zonesBesides = remember(
  (number: string, companyZone: string): readonly string[] => {
    const parsed = parsePhoneNumberFromString(number);
    const country = parsed === undefined ? null : countryOf(parsed);
    if (parsed === undefined || country === null) return [];
    const isAtHome = countriesOf(companyZone).includes(country);
    const area = hasAreaCode(parsed) ? zonesOfArea(parsed) : null;
    if (area !== null) {
      const agrees = isAtHome && area.some((zone) => keepsHoursOf(zone, companyZone));
      return agrees ? [] : area;
    }
    if (isAtHome) return [];
    const zones = livedInZones(country);
    return zones.length === 1 || hasPlace(parsed) ? zones : [];
  },
  (number, companyZone) => `${number} ${companyZone}`,
);

/** Does a number of this kind tell an area? A range that is not listed may. */
function hasAreaCode(parsed: PhoneNumber): boolean {
  const type = parsed.getType();
  const isMobileWithArea = type === 'MOBILE' && mobilesWithAreaCode.includes(parsed.countryCallingCode);
  return type === undefined || type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE' || isMobileWithArea;
}

/** Does somebody who lives somewhere answer it? */
const hasPlace = (parsed: PhoneNumber): boolean => hasAreaCode(parsed) || parsed.getType() === 'MOBILE';

/** The zones of the longest prefix that is listed; null: none is, but perhaps for the calling code. */
function zonesOfArea({ number, countryCallingCode }: PhoneNumber): readonly string[] | null {
  const digits = number.replace('+', '');
  for (let length = longestPrefix; length > countryCallingCode.length; length -= 1) {
    const zones = byPrefix.get(digits.slice(0, length));
    if (zones !== undefined) return zones;
  }
  return null;
}

const countriesOf = (zone: string): readonly string[] => countryZones.getTimezone(zone)?.countries ?? [];

/** Do two zones of one country keep the same hours, in summer and in winter? */
function keepsHoursOf(zone: string, other: string): boolean {
  if (zone === other) return true;
  const [a, b] = [countryZones.getTimezone(zone), countryZones.getTimezone(other)];
  return a !== null && b !== null && a.utcOffset === b.utcOffset && a.dstOffset === b.dstOffset;
}

/** The zones of a country in which the gazetteer knows a city: nobody is called on Macquarie Island. All, if it knows none. */
const livedInZones = remember(
  (country: string): readonly string[] => {
    const zones = (countryZones.getTimezonesForCountry(country) ?? []).map(({ name }) => name);
    const withCities = new Set(
      cityTimezones.cityMapping.filter((city) => city.iso2 === country).map((city) => city.timezone),
    );
    const livedIn = zones.filter((zone) => withCities.has(zone));
    return livedIn.length > 0 ? livedIn : zones;
  },
  (country) => country,
);
