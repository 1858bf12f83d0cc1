import cityTimezones from 'city-timezones';
import countryZones from 'countries-and-timezones';
import { IANAZone } from 'luxon';
import { resolveCountry } from './country';
import { holidayRegion } from './holiday-regions';
import { countryOfNumber } from './number-zones';
import { subdivisionCode, subdivisions } from './subdivisions';
import { isZone } from './zone-name';

/** The company headquarters' place, as far as it is known. */
export interface Place {
  timezone?: string | null;
  city?: string | null;
  state?: string | null;
  country?: string | null;
}

export interface RecipientZone {
  timezone: string;
  source: 'hq' | 'country' | 'client';
  /** TIME-3: the zone that calls and texts keep to; null: neither the lead's country nor its number's is known. */
  callTimezone: string | null;
  /** ISO 3166-1 alpha-2. */
  countryCode: string | null;
  /** Subdivision without its country. */
  regionCode: string | null;
}

/** TIME-2: the defaults that the specification names; every other country's comes from the libraries. */
const countryDefaults: Readonly<Record<string, string>> = {
  AU: 'Australia/Sydney',
  NZ: 'Pacific/Auckland',
  US: 'America/New_York',
  GB: 'Europe/London',
};

/**
 * The zone a recipient lives by (TIME-2): the stated headquarters zone, else the one of its city or state, else the
 * country's default, else the client's; with where it came from, and the zone that calls and texts keep to (TIME-3).
 * @param number the number that would be called, E.164: it tells the zone of calls when the country is unknown
 */
export function resolveRecipientZone(
  place: Place,
  client: { timezone: string; country: string },
  number: string | null = null,
): RecipientZone {
  const countryCode = place.country ? resolveCountry(place.country) : null;
  const stateCode = countryCode !== null && place.state ? subdivisionCode(countryCode, place.state) : null;
  const regionCode = stateCode ?? (countryCode === null ? null : holidayRegion(countryCode, place));
  const known = { countryCode, regionCode };
  const stated = place.timezone?.trim();
  const hq = stated && isZone(stated) ? stated : zoneOfHeadquarters(place, countryCode, stateCode);
  if (hq !== null) {
    const callTimezone = countryCode === null ? zoneOfNumber(number, hq) : hq;
    return { timezone: hq, source: 'hq', callTimezone, ...known };
  }
  if (countryCode !== null) {
    const timezone = zoneOfCountry(countryCode);
    if (timezone !== null) {
      return { timezone, source: 'country', callTimezone: lastZoneToReachNine(countryCode, timezone), ...known };
    }
  }
  return { timezone: client.timezone, source: 'client', callTimezone: zoneOfNumber(number, null), ...known };
}

/**
 * TIME-3: where the lead's country is unknown, its number's country tells when it may be called; a headquarters zone
 * that lies in that country is more exact. Null when the number's country is unknown too, or there is no number.
 */
function zoneOfNumber(number: string | null, hq: string | null): string | null {
  const country = number === null ? null : countryOfNumber(number);
  if (country === null) return null;
  if (hq !== null && countryZones.getTimezone(hq)?.countries.some((code) => code === country)) return hq;
  const timezone = zoneOfCountry(country);
  return timezone === null ? null : lastZoneToReachNine(country, timezone);
}

function zoneOfHeadquarters(place: Place, countryCode: string | null, regionCode: string | null): string | null {
  if (countryCode === null) return null;
  const stateZone = regionCode === null ? null : (subdivisions[countryCode]?.[regionCode]?.zone ?? null);
  const cityZone = place.city ? zoneOfCity(place.city, countryCode, regionCode) : null;
  return cityZone ?? stateZone;
}

/**
 * The zone of a city: of those with this name in the country (and state, when known), all must agree, or one must be
 * ten times as large as any in another zone; Portland alone says nothing.
 */
function zoneOfCity(city: string, countryCode: string, regionCode: string | null): string | null {
  const stateName = regionCode === null ? null : (subdivisions[countryCode]?.[regionCode]?.name ?? null);
  const namesakes = (cityTimezones.lookupViaCity(city.trim()) ?? [])
    .filter((entry) => entry.iso2 === countryCode)
    .filter((entry) => stateName === null || entry.province.toLowerCase() === stateName.toLowerCase())
    .filter((entry) => entry.timezone !== null && IANAZone.isValidZone(entry.timezone))
    .sort((a, b) => b.pop - a.pop);
  const [largest, ...others] = namesakes;
  if (largest === undefined) return null;
  const rival = others.find((entry) => entry.timezone !== largest.timezone);
  return rival === undefined || largest.pop >= 10 * rival.pop ? largest.timezone : null;
}

/** The country's default: the table above, its only zone, or the zone of its largest city. */
function zoneOfCountry(countryCode: string): string | null {
  const named = countryDefaults[countryCode];
  if (named !== undefined) return named;
  const zones = countryZones.getTimezonesForCountry(countryCode) ?? [];
  if (zones.length === 1) return zones[0]?.name ?? null;
  const largestCity = cityTimezones.cityMapping
    .filter((entry) => entry.iso2 === countryCode && entry.timezone && IANAZone.isValidZone(entry.timezone))
    .reduce<{ pop: number; timezone: string } | null>(
      (best, entry) => (best === null || entry.pop > best.pop ? entry : best),
      null,
    );
  return largestCity?.timezone ?? zones[0]?.name ?? null;
}

/** TIME-3: of a country with several zones, the one that reaches 09:00 last: never early for anyone in it. */
function lastZoneToReachNine(countryCode: string, fallback: string): string {
  const zones = countryZones.getTimezonesForCountry(countryCode) ?? [];
  const latest = zones.reduce<(typeof zones)[number] | null>((last, zone) => {
    if (last === null) return zone;
    if (zone.utcOffset !== last.utcOffset) return zone.utcOffset < last.utcOffset ? zone : last;
    // Alike in winter: the one that does not advance its clocks in summer is the later one.
    return zone.dstOffset < last.dstOffset ? zone : last;
  }, null);
  return latest?.name ?? fallback;
}
