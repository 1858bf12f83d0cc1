import { resolveRecipientZone, type Place } from '../../domain/calendar/recipient-zone';

const client = { timezone: 'Australia/Sydney', country: 'AU' };

describe('TIME-2, TIME-3: the recipient’s zone, where it came from, and the zone for calls', () => {
  test.each<[Place, string, string, string | null]>([
    [{ timezone: 'Europe/Lisbon', city: 'Perth', country: 'Australia' }, 'Europe/Lisbon', 'hq', 'Europe/Lisbon'],
    [{ timezone: 'Mars/Olympus', state: 'WA', country: 'AU' }, 'Australia/Perth', 'hq', 'Australia/Perth'],
    [{ state: 'NSW', country: 'Australia' }, 'Australia/Sydney', 'hq', 'Australia/Sydney'],
    [{ state: 'Australian Capital Territory', country: 'AU' }, 'Australia/Sydney', 'hq', 'Australia/Sydney'],
    [{ state: 'VIC', country: 'AU' }, 'Australia/Melbourne', 'hq', 'Australia/Melbourne'],
    [{ state: 'Queensland', country: 'Australia' }, 'Australia/Brisbane', 'hq', 'Australia/Brisbane'],
    [{ state: 'sa', country: 'AU' }, 'Australia/Adelaide', 'hq', 'Australia/Adelaide'],
    [{ state: 'NT', country: 'AUS' }, 'Australia/Darwin', 'hq', 'Australia/Darwin'],
    [{ state: 'TAS', country: 'AU' }, 'Australia/Hobart', 'hq', 'Australia/Hobart'],
    [{ state: 'California', country: 'United States' }, 'America/Los_Angeles', 'hq', 'America/Los_Angeles'],
    [{ state: 'AZ', country: 'USA' }, 'America/Phoenix', 'hq', 'America/Phoenix'],
    [{ state: 'TX', city: 'El Paso', country: 'US' }, 'America/Denver', 'hq', 'America/Denver'],
    [{ state: 'TX', city: 'Nowhere at all', country: 'US' }, 'America/Chicago', 'hq', 'America/Chicago'],
    [{ state: 'British Columbia', country: 'Canada' }, 'America/Vancouver', 'hq', 'America/Vancouver'],
    [{ city: 'Perth', country: 'Australia' }, 'Australia/Perth', 'hq', 'Australia/Perth'],
    [{ city: 'Auckland', country: 'New Zealand' }, 'Pacific/Auckland', 'hq', 'Pacific/Auckland'],
    [{ country: 'Australia' }, 'Australia/Sydney', 'country', 'Australia/Perth'],
    [{ country: 'United States' }, 'America/New_York', 'country', 'Pacific/Honolulu'],
    [{ country: 'New Zealand' }, 'Pacific/Auckland', 'country', 'Pacific/Auckland'],
    [{ country: 'United Kingdom' }, 'Europe/London', 'country', 'Europe/London'],
    [{ country: 'UK' }, 'Europe/London', 'country', 'Europe/London'],
    [{ country: 'Germany' }, 'Europe/Berlin', 'country', 'Europe/Berlin'],
    [{ country: 'Spain' }, 'Europe/Madrid', 'country', 'Atlantic/Canary'],
    [{ country: 'Atlantis' }, 'Australia/Sydney', 'client', null],
    [{ state: 'WA' }, 'Australia/Sydney', 'client', null],
    [{}, 'Australia/Sydney', 'client', null],
  ])('%j → %s (%s), calls %s', (place, timezone, source, callTimezone) => {
    expect(resolveRecipientZone(place, client)).toMatchObject({ timezone, source, callTimezone });
  });

  test.each<[string, Place, string | null, string | null]>([
    ['its country is missing', {}, '+493023125000', 'Europe/Berlin'],
    ['its country is not understood', { country: 'Atlantis' }, '+493023125000', 'Europe/Berlin'],
    ['a state alone says no country', { state: 'WA' }, '+442079460123', 'Europe/London'],
    ['its country has several zones: the last one', {}, '+61491570006', 'Australia/Perth'],
    ['a code of several countries counts as the main one', {}, '+12025550123', 'Pacific/Honolulu'],
    ["the headquarters' zone lies in the number's country", { timezone: 'US/Central' }, '+12025550123', 'US/Central'],
    ['it lies in another country', { timezone: 'America/Chicago' }, '+493023125000', 'Europe/Berlin'],
    ['it lies in no country', { timezone: 'UTC' }, '+442079460123', 'Europe/London'],
    ["the number's country is unknown", {}, '+99999999', null],
    ['the same beside a headquarters zone', { timezone: 'Europe/Berlin' }, '+99999999', null],
    ['the number belongs to no country', {}, '+88812345678901', null],
    ['there is no number', {}, null, null],
    ['there is none beside a headquarters zone', { timezone: 'Europe/Berlin' }, null, null],
    ['the country is known: the number says nothing', { country: 'Germany' }, '+61491570006', 'Europe/Berlin'],
  ])('a call when %s: %j, %s → %s', (_, place, number, callTimezone) => {
    expect(resolveRecipientZone(place, client, number).callTimezone).toBe(callTimezone);
  });

  test("the number's country is for calls alone: mails keep to the client's zone", () => {
    expect(resolveRecipientZone({}, client, '+493023125000')).toMatchObject({
      timezone: 'Australia/Sydney',
      source: 'client',
      countryCode: null,
    });
  });

  test('a city whose namesakes lie in several zones says nothing', () => {
    // Columbus is in Ohio, Georgia, Indiana, Mississippi and Nebraska; none outweighs the rest ten times in its zone.
    expect(resolveRecipientZone({ city: 'Springfield', country: 'US' }, client).source).toBe('country');
  });

  test('holidays need the country and the region', () => {
    const { countryCode, regionCode } = resolveRecipientZone({ state: 'Victoria', country: 'Australia' }, client);
    expect([countryCode, regionCode]).toEqual(['AU', 'VIC']);
  });
});
