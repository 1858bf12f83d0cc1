import { DateTime } from 'luxon';
import { zonesBesides } from '../../domain/calendar/number-zones';
import { sleepingZone, whileAwake } from '../../domain/calendar/waking-hours';
import { sendWindow } from '../../domain/calendar/send-window';
import { candidateSegments } from '../../domain/calendar/slots';
import { gateObjection } from '../../domain/gate';
import { decideNextMove } from '../../domain/next-move';
import table from '../../domain/calendar/number-zones.json';
import { leadFacts, touch } from './facts';

describe('TIME-3: the zones that a number says beside the company’s', () => {
  test.each<[string, string, string, string[]]>([
    // Area codes of North America, fixed and mobile alike.
    ['a New York number, company in Los Angeles', '+12125550123', 'America/Los_Angeles', ['America/New_York']],
    ['a Los Angeles number, company in New York', '+13105550123', 'America/New_York', ['America/Los_Angeles']],
    ['a Honolulu number, company in New York', '+18085550123', 'America/New_York', ['Pacific/Honolulu']],
    ['a New York number, company there', '+12125550123', 'America/New_York', []],
    ['a New York number, company in Detroit: one clock', '+12125550123', 'America/Detroit', []],
    ['a Toronto number, company in New York', '+14165550123', 'America/New_York', ['America/Toronto']],
    ['an overlay of 2022', '+12735550123', 'Europe/London', ['America/Toronto']],
    ['Phoenix keeps no summer time', '+16025550123', 'America/Denver', ['America/Phoenix']],
    ['an area with two zones, company in one of them', '+17855550123', 'America/Chicago', []],
    ['Guam', '+16715550123', 'America/New_York', ['Pacific/Guam']],
    ['Barbados', '+12462345678', 'Europe/London', ['America/Barbados']],
    // Area codes of Australia.
    ['a Sydney number, company in Perth', '+61255501234', 'Australia/Perth', ['Australia/Sydney']],
    ['a Perth number, company in Sydney', '+61891234567', 'Australia/Sydney', ['Australia/Perth']],
    ['an Adelaide number, company in Sydney', '+61881234567', 'Australia/Sydney', ['Australia/Adelaide']],
    ['a Darwin number, company in Adelaide', '+61889811234', 'Australia/Adelaide', ['Australia/Darwin']],
    ['a Broken Hill number, company in Adelaide: one clock', '+61880812345', 'Australia/Adelaide', []],
    ['a Brisbane number, company in Sydney', '+61730101234', 'Australia/Sydney', ['Australia/Brisbane']],
    ['a Cairns number', '+61740311234', 'Australia/Sydney', ['Australia/Brisbane']],
    ['a Melbourne number, company in Sydney: one clock', '+61390123456', 'Australia/Sydney', []],
    ['a Melbourne number, company in Brisbane', '+61390123456', 'Australia/Brisbane', ['Australia/Sydney']],
    // A mobile tells its country.
    ['an Australian mobile, company anywhere in Australia', '+61491570006', 'Australia/Perth', []],
    ['a German mobile, company in Germany', '+4915112345678', 'Europe/Berlin', []],
    ['a German mobile, company in Tokyo', '+4915112345678', 'Asia/Tokyo', ['Europe/Berlin']],
    [
      'a Spanish mobile, company in Berlin: the Canaries too',
      '+34612345678',
      'Europe/Berlin',
      ['Africa/Ceuta', 'Atlantic/Canary', 'Europe/Madrid'],
    ],
    [
      'a Russian mobile, company in Tokyo, whose clock Chita has',
      '+79161234567',
      'Asia/Tokyo',
      expect.arrayContaining(['Asia/Chita', 'Europe/Moscow', 'Europe/Kaliningrad']) as string[],
    ],
    ['a Russian mobile, company in Omsk', '+79161234567', 'Asia/Omsk', []],
    ['a mobile of Manaus tells it by its area code', '+5592987654321', 'America/Sao_Paulo', ['America/Manaus']],
    ['the Canaries by landline', '+34928123456', 'Europe/Madrid', ['Atlantic/Canary']],
    ['a range for fiction', '+447700900123', 'Europe/Berlin', expect.arrayContaining(['Europe/London']) as string[]],
    ['the same, company in London', '+447700900123', 'Europe/London', []],
    // Numbers without a place.
    ['toll-free of North America says nothing', '+18005550123', 'Europe/London', []],
    ['nor does 1300 of Australia', '+611300975707', 'Europe/London', []],
    ['of a country with one zone it says that country', '+448001111111', 'America/New_York', ['Europe/London']],
    ['international freephone', '+80012345678', 'Europe/London', []],
    ['no number at all', '12345', 'Europe/London', []],
    ['a code of no country', '+88812345678901', 'Europe/London', []],
    // A zone that lies in no country.
    [
      'a company in UTC',
      '+61491570006',
      'UTC',
      expect.arrayContaining(['Australia/Perth', 'Australia/Sydney']) as string[],
    ],
  ])('%s', (_, number, company, zones) => {
    expect(zonesBesides(number, company)).toEqual(zones);
  });

  test('an Australian mobile keeps to places where people live', () => {
    expect([...zonesBesides('+61491570006', 'Europe/London')].sort()).toEqual([
      'Australia/Adelaide',
      'Australia/Brisbane',
      'Australia/Broken_Hill',
      'Australia/Darwin',
      'Australia/Hobart',
      'Australia/Melbourne',
      'Australia/Perth',
      'Australia/Sydney',
    ]);
  });

  test('every zone of the table is one that this machine knows', () => {
    const zones = new Set(Object.keys(table.prefixes).flatMap((names) => names.split('&')));
    expect(zones.size).toBeGreaterThan(250);
    for (const zone of zones) expect(DateTime.fromISO('2026-03-02', { zone }).isValid).toBe(true);
  });
});

describe('TIME-3: waking hours', () => {
  const utc = (time: string) => new Date(`${time}Z`);
  test.each<[string, string, string, string[], string | null]>([
    [
      'Los Angeles, New York number: all of it',
      '2026-03-03',
      'America/Los_Angeles',
      ['America/New_York'],
      '17:00–19:00',
    ],
    ['New York, Los Angeles number: never', '2026-03-03', 'America/New_York', ['America/Los_Angeles'], null],
    ['New York, Denver number: from 10:00', '2026-03-03', 'America/New_York', ['America/Denver'], '15:00–16:00'],
    ['Sydney, Perth number in winter', '2026-07-01', 'Australia/Sydney', ['Australia/Perth'], '00:00–01:00'],
    ['Sydney, Perth number in summer', '2026-12-01', 'Australia/Sydney', ['Australia/Perth'], null],
    ['London, Auckland number in July', '2026-07-01', 'Europe/London', ['Pacific/Auckland'], null],
    ['London, Sydney number in July', '2026-07-01', 'Europe/London', ['Australia/Sydney'], '08:00–10:00'],
    ['London, Sydney number in January', '2026-01-06', 'Europe/London', ['Australia/Sydney'], null],
    ['two zones: both', '2026-07-01', 'Europe/London', ['Europe/Berlin', 'Asia/Tokyo'], '08:00–10:00'],
    [
      'Delhi, numbers of Dubai and Karachi',
      '2026-07-01',
      'Asia/Kolkata',
      ['Asia/Dubai', 'Asia/Karachi'],
      '04:00–05:30',
    ],
    ['Berlin, St. John’s number', '2026-03-06', 'Europe/Berlin', ['America/St_Johns'], null],
    ['New York, Anchorage number', '2026-03-09', 'America/New_York', ['America/Anchorage'], null],
    ['Honolulu, New York number', '2026-03-06', 'Pacific/Honolulu', ['America/New_York'], '19:00–21:00'],
  ])('%s', (_, date, zone, zones, expected) => {
    const { from, to } = whileAwake(sendWindow(date, zone), zones);
    const clock = (at: Date) => at.toISOString().slice(11, 16);
    expect(from < to ? `${clock(from)}–${clock(to)}` : null).toBe(expected);
  });

  test.each([
    ['2026-07-01T06:59:59', 'Europe/London'],
    ['2026-07-01T07:00:00', null],
    ['2026-07-01T18:58:59', null],
    ['2026-07-01T18:59:00', 'Europe/London'],
    ['2026-12-01T07:00:00', 'Europe/London'],
    ['2026-12-01T08:00:00', null],
  ])('at %s, with a minute to go: %s sleeps', (at, zone) => {
    expect(sleepingZone(utc(at), ['Europe/London'], 60)).toBe(zone);
  });

  test('every second that may be booked lies in both, over a year of clock changes', () => {
    const calendar = { timezone: 'Europe/London', countryCode: null, regionCode: null };
    const segments = candidateSegments(
      'voice',
      { earliest: '2026-01-01', days: 365, now: new Date('2026-01-01T00:00:00Z') },
      { calendar, windowZone: 'Europe/London', wakingZones: ['Australia/Sydney'], clientZone: 'Europe/London' },
    );
    const months = new Set(segments.map(({ day }) => day.slice(0, 7)));
    expect([...months]).toEqual([
      '2026-03',
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08',
      '2026-09',
      '2026-10',
    ]);
    for (const { from, to } of segments) {
      for (const at of [from, to]) {
        const [home, there] = ['Europe/London', 'Australia/Sydney'].map((zone) => DateTime.fromJSDate(at, { zone }));
        expect(home?.hour === 9 || home?.hour === 10).toBe(true);
        expect((there?.hour ?? 0) >= 8 && (there?.hour ?? 24) < 20).toBe(true);
      }
    }
  });
});

describe('TIME-3: what becomes of a call', () => {
  const monday = new Date('2026-03-01T22:30:00Z'); // 2026-03-02 09:30 in Sydney
  const called = { day0: '2026-03-02', touches: [touch(1, 'sent', '2026-03-02')] };
  const decide = (numberZones: string[], changes = {}) =>
    decideNextMove(leadFacts({ ...called, numberZones, ...changes }), monday);

  test('its hours meet the window: it is planned', () => {
    expect(decide(['Australia/Brisbane'])).toMatchObject({ kind: 'touch', step: { step: 2 } });
  });

  test('they never do: it is skipped, with both zones', () => {
    expect(decide(['Europe/Berlin'])).toMatchObject({
      kind: 'skip',
      step: { step: 2, channel: 'voice' },
      rule: 'TIME-3',
      numbers: { callTimezone: 'Australia/Sydney', numberTimezone: 'Europe/Berlin' },
    });
  });

  test('half of the window is enough', () => {
    // Sydney 09:00–11:00 is 19:00–21:00 in Santiago until the clocks change there.
    expect(decide(['America/Santiago'])).toMatchObject({ kind: 'touch' });
  });

  test('a change of the clocks within ten days is waited for', () => {
    // Perth is awake from 11:00 in Sydney on, and from 10:00 once Sydney has left summer time on 5 April.
    const lead = leadFacts({ ...called, numberZones: ['Australia/Perth'] });
    expect(decideNextMove(lead, new Date('2026-03-20T22:30:00Z'))).toMatchObject({ kind: 'skip', rule: 'TIME-3' });
    expect(decideNextMove(lead, new Date('2026-03-29T22:30:00Z'))).toMatchObject({ kind: 'touch' });
  });

  test('a mail asks no number', () => {
    expect(decideNextMove(leadFacts({ numberZones: ['Europe/Berlin'] }), monday)).toMatchObject({
      kind: 'touch',
      step: { step: 1 },
    });
  });

  test.each([
    [[], 'may leave'],
    [['Australia/Brisbane'], 'may leave'], // 08:30 there
    [['Australia/Perth'], 'TIME-3'], // 06:30
    [['Australia/Brisbane', 'Australia/Perth'], 'TIME-3'],
  ])('the gate at 09:30 in Sydney, numbers of %j: %s', (numberZones, rule) => {
    const now = new Date('2026-03-04T22:30:00Z');
    const atGate = { step: 2, channel: 'voice', form: 'voice', slotAt: now, hasText: true, sender: 'ready' } as const;
    expect(gateObjection(leadFacts({ ...called, numberZones }), atGate, now)?.rule ?? 'may leave').toBe(rule);
  });
});
