import { resolveRecipientZone, type Place, type RecipientZone } from '../../domain/calendar/recipient-zone';

/** The zone columns of a lead by its headquarters' place and the number that would be called (TIME-2, TIME-3). */
export type ZoneOf = (place: Place, number: string | null) => ZoneColumns;
export type ZoneColumns = ReturnType<typeof zoneColumns>;

/** Leads of one file share their places; looking a city up takes a millisecond. */
export function rememberedZones(client: { timezone: string; country: string }): ZoneOf {
  const known = new Map<string, RecipientZone>();
  return ({ timezone, city, state, country }, number) => {
    const place = { timezone, city, state, country };
    const key = JSON.stringify(place);
    const zone = known.get(key) ?? resolveRecipientZone(place, client);
    known.set(key, zone);
    // Where the country is unknown, each lead's own number tells when it may be called.
    return zoneColumns(zone.countryCode === null ? resolveRecipientZone(place, client, number) : zone);
  };
}

function zoneColumns({ timezone, source, callTimezone, countryCode, regionCode }: RecipientZone) {
  return { timezone, timezoneSource: source, callTimezone, countryCode, regionCode };
}
