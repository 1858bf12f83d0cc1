import fc from 'fast-check';
import type { WorkCalendar } from '../../domain/calendar/sending-day';
import {
  creditsOfTierChange,
  dayTarget,
  expectedLastAdmissions,
  firstPeriod,
  pacingAlerts,
  periodAt,
  remainingSendingDays,
  sharesOf,
  type CreditMonth,
} from '../../domain/pacing';

const sydney: WorkCalendar = { timezone: 'Australia/Sydney', countryCode: 'AU', regionCode: 'NSW' };
const period = (startsAt: string, endsAt: string): CreditMonth => ({
  startsAt: new Date(startsAt),
  endsAt: new Date(endsAt),
});
/** March 2026 in Sydney: 22 sending days. */
const march = period('2026-02-28T13:00:00Z', '2026-03-31T13:00:00Z');

describe('PACE-1: months of credits', () => {
  test('the first begins with the client’s present day, and ends with the same day of the next month', () => {
    expect(firstPeriod(new Date('2026-03-02T00:00:00Z'), 'Australia/Sydney')).toEqual(
      period('2026-03-01T13:00:00Z', '2026-04-01T13:00:00Z'),
    );
  });

  test.each([
    ['the same one, while it lasts', '2026-03-31T12:59:59Z', '2026-02-28T13:00:00Z', '2026-03-31T13:00:00Z'],
    ['the next one, from its very end on', '2026-03-31T13:00:00Z', '2026-03-31T13:00:00Z', '2026-04-30T14:00:00Z'],
    [
      'across the end of summer time, at midnight',
      '2026-05-15T00:00:00Z',
      '2026-04-30T14:00:00Z',
      '2026-05-31T14:00:00Z',
    ],
    ['months later', '2026-12-24T00:00:00Z', '2026-11-30T13:00:00Z', '2026-12-31T13:00:00Z'],
  ])('%s', (_, now, startsAt, endsAt) => {
    expect(periodAt(march, new Date(now), 'Australia/Sydney')).toEqual(period(startsAt, endsAt));
  });

  test('a month that ends on the 31st comes back to it', () => {
    const january = period('2025-12-31T00:00:00Z', '2026-01-31T00:00:00Z');
    expect(periodAt(january, new Date('2026-03-15T00:00:00Z'), 'UTC')).toEqual(
      period('2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z'),
    );
  });
});

describe('PACE-2: the day’s target', () => {
  test.each([
    ['the whole of March', '2026-03-01', 22],
    ['from a Monday, today included', '2026-03-16', 12],
    ['on the last day', '2026-03-31', 1],
    ['after it', '2026-04-01', 0],
  ])('sending days left: %s', (_, today, days) => {
    expect(remainingSendingDays(today, march.endsAt, sydney)).toBe(days);
  });

  test('public holidays of the client are no sending days', () => {
    // Good Friday, Easter Monday, and Anzac Day, which falls on a Saturday, on the Monday after it.
    const april = period('2026-03-31T13:00:00Z', '2026-04-30T14:00:00Z');
    expect(remainingSendingDays('2026-04-01', april.endsAt, sydney)).toBe(19);
  });

  test('a day whose morning is over before the reset counts', () => {
    const newYork: WorkCalendar = { timezone: 'America/New_York', countryCode: 'US', regionCode: null };
    expect(remainingSendingDays('2026-03-31', new Date('2026-04-01T00:00:00Z'), newYork)).toBe(1);
    expect(remainingSendingDays('2026-04-01', new Date('2026-04-01T00:00:00Z'), sydney)).toBe(0);
  });

  const facts = { period: march, calendar: sydney };
  test.each([
    ['rounded up', '2026-03-16', 40, 0, 4],
    ['as it stood in the morning', '2026-03-16', 37, 3, 4],
    ['the next day follows what was really admitted', '2026-03-17', 36, 0, 4],
    ['not on a Saturday', '2026-03-14', 40, 0, 0],
    ['nothing is left', '2026-03-16', 0, 0, 0],
    ['the last day takes all', '2026-03-31', 7, 0, 7],
  ])('%s', (_, today, remaining, admittedToday, target) => {
    expect(dayTarget(today, { ...facts, remaining, admittedToday, spentToday: admittedToday }).target).toBe(target);
  });

  test('whatever is admitted, up to the target, the month’s credits are never exceeded and can all be used', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 31 }),
        (quota, wishes) => {
          let remaining = quota;
          let greedy = quota;
          for (let day = 1; day <= 31; day += 1) {
            const today = `2026-03-${String(day).padStart(2, '0')}`;
            const { target } = dayTarget(today, { ...facts, remaining, admittedToday: 0, spentToday: 0 });
            remaining -= Math.floor(target * (wishes[day - 1] ?? 0));
            greedy -= dayTarget(today, { ...facts, remaining: greedy, admittedToday: 0, spentToday: 0 }).target;
          }
          expect(remaining).toBeGreaterThanOrEqual(0);
          expect(greedy).toBe(0);
        },
      ),
    );
  });
});

describe('PACE-3: alerts', () => {
  const facts = { period: march, calendar: sydney, granted: 220 };
  test.each([
    ['a day at its target', '2026-03-16', 120, 10, 100, []],
    ['more than 120 % of it', '2026-03-16', 60, 12, 160, ['more than 120 %']],
    ['behind at mid-period', '2026-03-17', 190, 0, 30, ['less than half']],
    ['behind, but before mid-period', '2026-03-06', 220, 0, 0, []],
  ])('%s', (_, today, remaining, admittedToday, admittedInPeriod, said) => {
    const alerts = pacingAlerts(today, {
      ...facts,
      remaining,
      admittedToday,
      spentToday: admittedToday,
      admittedInPeriod,
    });
    expect(alerts.map(({ message }) => message)).toEqual(said.map((text) => expect.stringContaining(text)));
  });
});

test.each([
  ['up: by the difference', 'ignition', 'velocity', 700, 1000],
  ['down: cut to the new quota', 'dominance', 'ignition', 3000, -1750],
  ['down, with less than that left', 'velocity', 'ignition', 400, 0],
] as const)('PACE-1: a change of tier, %s', (_, from, to, remaining, change) => {
  expect(creditsOfTierChange({ from, to, remaining })).toBe(change);
});

describe('PACE-4: shares of a day', () => {
  const campaigns = (...waiting: number[]) => waiting.map((n, i) => ({ campaignId: String(i), waiting: n }));
  test.each([
    ['ten beside ten thousand', 20, [10, 10_000], [10, 10]],
    ['what one cannot use goes to the others', 30, [4, 100, 100], [4, 13, 13]],
    ['fewer than campaigns', 2, [5, 5, 5], [1, 1, 0]],
    ['nobody waits', 5, [0, 0], [0, 0]],
  ])('%s', (_, day, waiting, shares) => {
    expect([...sharesOf(day, campaigns(...waiting)).values()]).toEqual(shares);
  });

  test('all is given out, and no two campaigns that could take more differ by more than one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 12 }),
        (day, waiting) => {
          const shares = [...sharesOf(day, campaigns(...waiting)).values()];
          const all = waiting.reduce((sum, n) => sum + n, 0);
          expect(shares.reduce((sum, n) => sum + n, 0)).toBe(Math.min(day, all));
          const hungry = shares.filter((share, i) => share < (waiting[i] ?? 0));
          const most = Math.max(0, ...shares);
          for (const share of hungry) expect(most - share).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('expected last admissions', () => {
  const facts = { remaining: 44, admittedToday: 0, spentToday: 0, period: march, calendar: sydney, quota: 44 };
  test('two a day, in turns', () => {
    const last = expectedLastAdmissions('2026-03-02', facts, [
      { campaignId: 'small', waiting: 2 },
      { campaignId: 'large', waiting: 10 },
      { campaignId: 'empty', waiting: 0 },
    ]);
    expect([...last]).toEqual([
      ['small', '2026-03-03'],
      ['large', '2026-03-09'],
      ['empty', null],
    ]);
  });

  test('goes on with the next month’s quota', () => {
    const last = expectedLastAdmissions('2026-03-02', facts, [{ campaignId: 'a', waiting: 46 }]);
    expect(last.get('a')).toBe('2026-04-01');
  });
});
