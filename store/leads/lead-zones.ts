import { resolveRecipientZone, type Place } from '../../domain/recipient-zone';

/** The zone columns of a lead by its headquarters' place (TIME-2, TIME-3). */
export type ZoneOf = (place: Place) => ZoneColumns;
export type ZoneColumns = ReturnType<typeof zoneColumns>;

/** Leads of one file share their places; looking a city up takes a millisecond. */
export function rememberedZones(client: { timezone: string; country: string }): ZoneOf {
  const known = new Map<string, ZoneColumns>();
  return ({ timezone, city, state, country }) => {
    const place = { timezone, city, state, country };
    const key = JSON.stringify(place);
    const zone = known.get(key) ?? zoneColumns(place, client);
    known.set(key, zone);
    return zone;
  };
}

function zoneColumns(place: Place, client: { timezone: string; country: string }) {
  const { timezone, source, callTimezone, countryCode, regionCode } = resolveRecipientZone(place, client);
  return { timezone, timezoneSource: source, callTimezone, countryCode, regionCode };
}
