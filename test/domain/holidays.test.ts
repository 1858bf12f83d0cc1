import { holidayRegion } from '../../domain/calendar/holiday-regions';
import { resolveRecipientZone } from '../../domain/calendar/recipient-zone';
import { sendingDay, type WorkCalendar } from '../../domain/calendar/sending-day';
import { calendarOf } from '../../domain/calendar/send-window';
import { gateObjection } from '../../domain/gate';
import { decideNextMove } from '../../domain/next-move';
import { leadFacts, touch } from './facts';

const calendar = (countryCode: string | null, regionCode: string | null = null): WorkCalendar => ({
  timezone: 'UTC',
  countryCode,
  regionCode,
});
const isOff = (date: string, where: WorkCalendar): boolean => !sendingDay(date, where).sending;

describe('TIME-5: the holidays of a region, each of their days', () => {
  test.each<[string, string, string | null, boolean, string]>([
    // Regional days, and their regions alone.
    ['2026-06-04', 'DE', 'BY', true, 'Corpus Christi in Bavaria'],
    ['2026-06-04', 'DE', 'BE', false, 'not in Berlin'],
    ['2026-11-03', 'AU', 'VIC', true, 'Cup Day in Melbourne'],
    ['2026-11-03', 'AU', 'NSW', false, 'not in Sydney'],
    ['2026-08-31', 'GB', 'ENG', true, 'the August bank holiday of London'],
    ['2026-08-31', 'GB', 'SCT', false, 'not of Edinburgh'],
    ['2026-08-03', 'GB', 'SCT', true, 'which has it three weeks earlier'],
    ['2026-04-06', 'GB', 'ENG', true, 'Easter Monday in England'],
    ['2026-01-26', 'NZ', 'AUK', true, 'Auckland’s anniversary'],
    ['2026-01-19', 'NZ', 'WGN', true, 'Wellington’s'],
    ['2026-07-01', 'CA', 'ON', true, 'Canada Day'],
    ['2026-06-24', 'CA', 'QC', true, 'Saint-Jean in Quebec'],
    ['2026-06-24', 'CA', 'ON', false, 'not in Ontario'],
    ['2026-05-01', 'CH', 'ZH', true, 'Labour Day in Zürich'],
    ['2026-09-11', 'ES', 'CT', true, 'Catalonia’s day'],
    ['2026-11-27', 'US', 'CA', true, 'the day after Thanksgiving in California'],
    // A region that is unknown observes the national ones.
    ['2026-06-04', 'DE', null, false, 'a region of Germany that is unknown'],
    ['2026-10-03', 'DE', null, true, 'a Saturday all the same'],
    ['2026-08-31', 'GB', 'XX', false, 'a region that there is not'],
    // Substitutes as the region observes them: 25 April 2026 is a Saturday.
    ['2026-04-27', 'AU', 'NSW', true, 'Anzac Day moves to Monday in New South Wales'],
    ['2026-04-27', 'AU', 'WA', true, 'and in Western Australia'],
    ['2026-04-27', 'AU', 'VIC', false, 'not in Victoria'],
    ['2026-12-28', 'GB', 'ENG', true, 'Boxing Day on a Saturday'],
    // Each day of a long one.
    ['2026-03-20', 'AE', null, true, 'the first day of Eid'],
    ['2026-03-21', 'AE', null, true, 'the second'],
    ['2026-05-28', 'AE', null, true, 'the second of Eid al-Adha'],
    ['2026-05-29', 'AE', null, true, 'the third'],
    ['2026-05-29', 'TR', null, true, 'the third of Kurban Bayramı'],
    ['2026-05-28', 'TR', null, true, 'the second'],
    ['2026-06-01', 'TR', null, false, 'after the last'],
    // Half days after the window are none.
    ['2026-12-24', 'AU', 'QLD', false, 'Christmas Eve begins at 18:00 in Queensland'],
    ['2027-03-08', 'CN', null, false, 'a half holiday from noon on'],
    // From the second source: proclaimed days, and what the library lacks.
    ['2026-08-12', 'AU', 'QLD', true, 'the Royal Queensland Show'],
    ['2026-06-15', 'GB', 'SCT', true, 'proclaimed in Scotland'],
    ['2026-06-15', 'GB', 'ENG', false, 'in Scotland alone'],
    ['2026-12-18', 'QA', null, true, 'a country that the library lacks'],
    ['2026-03-04', 'IN', null, true, 'Holi'],
    ['2026-09-30', 'CA', 'BC', true, 'Truth and Reconciliation'],
    ['2026-03-02', 'AU', 'NSW', false, 'a plain Monday'],
  ])('%s in %s %s: %s (%s)', (date, country, region, expected) => {
    expect(isOff(date, calendar(country, region))).toBe(expected);
  });

  test.each<[string, string, string | null, boolean]>([
    ['2026-06-04', 'DE', null, true],
    ['2026-11-03', 'AU', null, true],
    ['2026-08-31', 'GB', null, true],
    ['2026-06-15', 'GB', null, true],
    ['2026-06-04', 'DE', 'BE', false], // the region is known
    ['2026-08-08', 'DE', 'BY', true],
    ['2026-03-03', 'AU', null, false],
    ['2026-12-25', null as unknown as string, null, false], // nothing is known
  ])('calls and texts where the region is unknown, %s in %s %s: off %s', (date, country, region, expected) => {
    expect(isOff(date, { ...calendar(country, region), everyRegion: true })).toBe(expected);
  });

  test('a part of a state counts for calls: Augsburg’s feast of peace, though the state is known', () => {
    // 8 August 2029 is a Wednesday.
    expect(isOff('2029-08-08', calendar('DE', 'BY'))).toBe(false);
    expect(isOff('2029-08-08', { ...calendar('DE', 'BY'), everyRegion: true })).toBe(true);
  });
});

describe('TIME-5: which region a place is in', () => {
  test.each<[string, { city?: string; state?: string; country?: string }, string | null]>([
    ['DE', { city: 'Munich' }, 'BY'],
    ['DE', { city: 'Hamburg' }, 'HH'],
    ['DE', { city: 'Cologne' }, 'NW'],
    ['DE', { state: 'Bavaria' }, 'BY'],
    ['DE', { state: 'Bayern' }, 'BY'],
    ['DE', { state: 'DE-BY', city: 'Berlin' }, 'BY'],
    ['AU', { city: 'Melbourne' }, 'VIC'],
    ['AU', { city: 'Sydney' }, 'NSW'],
    ['GB', { city: 'London' }, 'ENG'],
    ['GB', { city: 'Manchester' }, 'ENG'],
    ['GB', { city: 'Edinburgh' }, 'SCT'],
    ['GB', { city: 'Glasgow' }, 'SCT'],
    ['GB', { city: 'Cardiff' }, 'WLS'],
    ['GB', { city: 'Belfast' }, 'NIR'],
    ['GB', { state: 'Scotland' }, 'SCT'],
    ['GB', { country: 'Scotland' }, 'SCT'],
    ['GB', { state: 'Greater London', city: 'London' }, 'ENG'],
    ['NZ', { city: 'Auckland' }, 'AUK'],
    ['NZ', { city: 'Wellington' }, 'WGN'],
    ['NZ', { city: 'Christchurch' }, 'CAN'],
    ['CH', { city: 'Zürich' }, 'ZH'],
    ['CH', { state: 'Genève' }, 'GE'],
    ['CH', { city: 'Geneva' }, 'GE'],
    ['ES', { city: 'Barcelona' }, 'CT'],
    ['ES', { city: 'Madrid' }, 'MD'],
    ['ES', { state: 'Islas Baleares' }, 'IB'],
    ['CA', { city: 'Toronto' }, 'ON'],
    ['CA', { city: 'Calgary' }, 'AB'],
    ['US', { city: 'Chicago' }, 'IL'],
    ['US', { city: 'Springfield' }, null], // in many states
    ['IN', { city: 'Mumbai' }, 'MH'],
    ['GB', { city: 'Nowhere at all' }, null],
    ['GB', {}, null],
    ['SG', { city: 'Singapore' }, null], // a country without regions
  ])('%s %j → %s', (country, place, expected) => {
    expect(holidayRegion(country, place)).toBe(expected);
  });

  test('it is stored with the lead’s zone; a state decides the zone as before', () => {
    const client = { timezone: 'Australia/Sydney', country: 'AU' };
    expect(resolveRecipientZone({ city: 'Munich', country: 'Germany' }, client)).toMatchObject({ regionCode: 'BY' });
    expect(resolveRecipientZone({ city: 'Perth', country: 'Australia' }, client)).toMatchObject({
      timezone: 'Australia/Perth',
      regionCode: 'WA',
    });
    expect(resolveRecipientZone({ country: 'Scotland' }, client)).toMatchObject({
      countryCode: 'GB',
      regionCode: 'SCT',
    });
    expect(resolveRecipientZone({ city: 'Munich' }, client)).toMatchObject({ countryCode: null, regionCode: null });
  });
});

describe('TIME-5 on the way of a touch', () => {
  const german = { timezone: 'Europe/Berlin', countryCode: 'DE', regionCode: null };
  const lead = (changes = {}) =>
    leadFacts({
      calendar: german,
      callTimezone: 'Europe/Berlin',
      day0: '2026-06-01',
      touches: [touch(1, 'sent', '2026-06-01')],
      ...changes,
    });

  test('a call that is due on a regional holiday rolls on; a mail would not', () => {
    // Corpus Christi, 4 June 2026, in six states of Germany.
    const now = new Date('2026-06-02T06:00:00Z');
    expect(decideNextMove(lead(), now)).toMatchObject({
      kind: 'touch',
      earliest: '2026-06-05',
      step: { channel: 'voice' },
    });
    const mail = lead({ steps: [{ step: 2, day: 3, channel: 'email', purpose: 'intro', replaces: null }] });
    expect(decideNextMove(mail, now)).toMatchObject({ kind: 'touch', earliest: '2026-06-04' });
    const berlin = lead({ calendar: { ...german, regionCode: 'BE' } });
    expect(decideNextMove(berlin, now)).toMatchObject({ kind: 'touch', earliest: '2026-06-04' });
  });

  test('the gate asks again, by the channel', () => {
    const now = new Date('2026-06-04T07:30:00Z');
    const atGate = { step: 2, slotAt: now, hasText: true, sender: 'ready' } as const;
    expect(gateObjection(lead(), { ...atGate, channel: 'voice', form: 'voice' }, now)?.rule).toBe('TIME-5');
    expect(gateObjection(lead(), { ...atGate, channel: 'email', form: 'email' }, now)).toBeNull();
  });

  test('of a lead without a country, the number’s country has its holidays for calls', () => {
    const unknown = lead({ calendar: { ...german, countryCode: null }, numberCountry: 'DE' });
    expect(calendarOf('voice', unknown).countryCode).toBe('DE');
    expect(calendarOf('email', unknown).countryCode).toBeNull();
  });
});
