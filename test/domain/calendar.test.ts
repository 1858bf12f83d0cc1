import { daysBetween, localDate } from '../../domain/calendar/local-date';
import { rollForward, sendingDay, type WorkCalendar } from '../../domain/calendar/sending-day';
import { isInsideWindow, sendWindow, zoneOfChannel } from '../../domain/calendar/send-window';
import { candidateSegments } from '../../domain/calendar/slots';
import { dueDate, holdUntil } from '../../domain/calendar/due-date';

const sydney: WorkCalendar = { timezone: 'Australia/Sydney', countryCode: 'AU', regionCode: 'NSW' };
const newYork: WorkCalendar = { timezone: 'America/New_York', countryCode: 'US', regionCode: 'NY' };
const iso = (date: Date) => date.toISOString();

describe('TIME-1, TIME-4: the send window is 09:00–11:00 local, whatever the clocks do', () => {
  test.each([
    // Sydney leaves summer time on 2026-04-05 and enters it on 2026-10-04.
    ['2026-04-03', 'Australia/Sydney', '2026-04-02T22:00:00.000Z', '2026-04-03T00:00:00.000Z'],
    ['2026-04-06', 'Australia/Sydney', '2026-04-05T23:00:00.000Z', '2026-04-06T01:00:00.000Z'],
    ['2026-10-02', 'Australia/Sydney', '2026-10-01T23:00:00.000Z', '2026-10-02T01:00:00.000Z'],
    ['2026-10-05', 'Australia/Sydney', '2026-10-04T22:00:00.000Z', '2026-10-05T00:00:00.000Z'],
    // New York enters summer time on 2026-03-08 and leaves it on 2026-11-01.
    ['2026-03-06', 'America/New_York', '2026-03-06T14:00:00.000Z', '2026-03-06T16:00:00.000Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T13:00:00.000Z', '2026-03-09T15:00:00.000Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T14:00:00.000Z', '2026-11-02T16:00:00.000Z'],
    // London enters it on 2026-03-29; Kathmandu is 5:45 ahead.
    ['2026-03-30', 'Europe/London', '2026-03-30T08:00:00.000Z', '2026-03-30T10:00:00.000Z'],
    ['2026-03-30', 'Asia/Kathmandu', '2026-03-30T03:15:00.000Z', '2026-03-30T05:15:00.000Z'],
  ])('%s in %s', (date, zone, from, to) => {
    const window = sendWindow(date, zone);
    expect([iso(window.from), iso(window.to)]).toEqual([from, to]);
  });

  test.each([
    ['2026-03-09T12:59:59Z', 'email', false],
    ['2026-03-09T13:00:00Z', 'email', true],
    ['2026-03-09T14:59:29Z', 'email', true],
    ['2026-03-09T14:59:30Z', 'email', false],
    ['2026-03-09T14:54:59Z', 'voice', true],
    ['2026-03-09T14:55:00Z', 'voice', false],
    ['2026-03-09T15:00:00Z', 'email', false],
  ] as const)('TIME-7: at %s %s may leave for New York: %s', (at, channel, expected) => {
    expect(isInsideWindow(new Date(at), '2026-03-09', 'America/New_York', channel)).toBe(expected);
  });

  test('TIME-3: calls and texts keep to the later zone', () => {
    const zones = { calendar: { timezone: 'Australia/Sydney' }, callTimezone: 'Australia/Perth' };
    expect(['email', 'linkedin', 'voice', 'sms'].map((channel) => zoneOfChannel(channel as 'email', zones))).toEqual([
      'Australia/Sydney',
      'Australia/Sydney',
      'Australia/Perth',
      'Australia/Perth',
    ]);
  });
});

describe('TIME-1, TIME-5: sending days', () => {
  test.each<[string, WorkCalendar, string]>([
    ['2026-03-06', sydney, 'yes'],
    ['2026-03-07', sydney, 'TIME-1'],
    ['2026-03-08', sydney, 'TIME-1'],
    ['2026-04-03', sydney, 'TIME-5'], // Good Friday
    ['2026-04-03', newYork, 'yes'], // no federal holiday
    ['2026-01-26', sydney, 'TIME-5'], // Australia Day
    ['2026-11-26', newYork, 'TIME-5'], // Thanksgiving
    ['2026-03-09', { ...sydney, timezone: 'Australia/Melbourne', regionCode: 'VIC' }, 'TIME-5'], // Labour Day
    ['2026-03-09', sydney, 'yes'], // ... which New South Wales has in October
    ['2026-12-25', { timezone: 'Europe/London', countryCode: null, regionCode: null }, 'yes'], // country unknown
  ])('%s %j: %s', (date, calendar, expected) => {
    const answer = sendingDay(date, calendar);
    expect(answer.sending ? 'yes' : answer.rule).toBe(expected);
  });

  test('SEQ-2: rolls over Easter', () => {
    expect(rollForward('2026-04-03', sydney)).toBe('2026-04-07');
  });
});

describe('SEQ-2: when a step is due', () => {
  test.each<[number, string, string | null, string, string]>([
    [0, '2026-03-02', null, '2026-03-02', 'on Day 0'],
    [3, '2026-03-02', '2026-03-02', '2026-03-05', 'Day 0 + 3'],
    [5, '2026-03-02', '2026-03-05', '2026-03-09', 'Saturday rolls to Monday'],
    [5, '2026-03-02', '2026-03-06', '2026-03-09', 'Sunday rolls to Monday'],
    [8, '2026-03-02', '2026-03-11', '2026-03-13', 'never closer than two days to the last touch'],
    [12, '2026-03-02', '2026-03-10', '2026-03-16', 'Saturday rolls to Monday'],
  ])('day %i of %s, last touch %s → %s (%s)', (day, day0, lastTouch, expected) => {
    expect(dueDate({ day }, day0, lastTouch, sydney)).toBe(expected);
  });
});

describe('SEQ-3: an automatic reply holds', () => {
  test.each<[string, string | null, string]>([
    ['2026-03-04', '2026-03-13', '2026-03-16'], // back on Friday: Monday
    ['2026-03-04', '2026-03-10', '2026-03-11'],
    ['2026-03-04', null, '2026-03-11'],
    ['2026-03-07', null, '2026-03-16'], // the seventh day is a Saturday
    ['2026-03-04', '2026-02-01', '2026-03-05'], // a date in the past holds until the next sending day
  ])('answered %s, back %s → %s', (answeredOn, returnDate, expected) => {
    expect(holdUntil(answeredOn, returnDate, sydney)).toBe(expected);
  });
});

describe('LIM-2: where a touch may be booked', () => {
  const now = new Date('2026-03-02T00:00:00Z'); // Monday 11:00 in Sydney
  const days = (calendar: WorkCalendar, clientZone: string, at = now, channel: 'email' | 'voice' = 'email') =>
    candidateSegments(
      channel,
      { earliest: localDate(at, calendar.timezone), days: 4, now: at },
      { calendar, windowZone: calendar.timezone, clientZone },
    );

  test('a window that is over is no candidate', () => {
    expect(days(sydney, 'Australia/Sydney').map((segment) => segment.day)).toEqual([
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
    ]);
  });

  test('limits count on the client’s day: a morning in New York is already tomorrow in Sydney', () => {
    const [first] = days(newYork, 'Australia/Sydney', new Date('2026-03-02T06:00:00Z'));
    expect(first).toEqual({
      day: '2026-03-03',
      from: new Date('2026-03-02T14:00:00Z'),
      to: new Date('2026-03-02T15:58:30Z'),
    });
  });

  test('a window across the client’s midnight is cut in two', () => {
    // In July, 09:00–11:00 in New York is 23:00–01:00 in Sydney.
    const at = new Date('2026-07-06T06:00:00Z');
    const [before, after] = days(newYork, 'Australia/Sydney', at);
    expect([before?.day, after?.day]).toEqual(['2026-07-06', '2026-07-07']);
    expect(before?.to).toEqual(after?.from);
    expect(before?.to).toEqual(new Date('2026-07-06T14:00:00Z'));
  });

  test('what is left of a window that is open, a minute from now on; calls end early', () => {
    const at = new Date('2026-03-02T23:30:00Z'); // Tuesday 10:30 in Sydney
    const [email] = days(sydney, 'Australia/Sydney', at);
    const [call] = days(sydney, 'Australia/Sydney', at, 'voice');
    expect(email?.from).toEqual(new Date('2026-03-02T23:31:00Z'));
    expect(call?.to).toEqual(new Date('2026-03-02T23:54:00Z'));
  });
});

test('WARM-1: days are counted on the calendar, also across a change of the clocks', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-03-30', '2026-03-28')).toBe(-2);
});
