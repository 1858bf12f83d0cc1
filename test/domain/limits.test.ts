import type { LocalDate } from '../../domain/calendar/local-date';
import { accessTier } from '../../domain/access';
import { channelOf, countsOf, rulesOf, type TouchForm } from '../../domain/channels';
import {
  limits,
  limitsOf,
  maximumOn,
  type Counted,
  type Period,
  type Resource,
  type ResourceLimit,
} from '../../domain/limits';
import { warmUpDay, warmUpLimit } from '../../domain/warm-up';

const on = (day: LocalDate, limit: ResourceLimit | undefined): number | null =>
  limit === undefined ? null : maximumOn(limit, day);

describe('WARM-1: e-mails per day by day of the warm-up', () => {
  test.each([
    [-1, 0],
    [0, 5],
    [1, 5],
    [3, 5],
    [4, 10],
    [7, 10],
    [8, 20],
    [14, 20],
    [15, 35],
    [21, 35],
    [22, 50],
    [400, 50],
  ])('day %i: %i', (day, limit) => {
    expect(warmUpLimit(day)).toBe(limit);
  });

  test('WARM-2: the limit is that of the date that is asked for', () => {
    expect(warmUpDay('2026-02-20', '2026-03-02')).toBe(10);
    const [domain] = limitsOf('email', [{ kind: 'domain', id: 'd', warmupStartedAt: '2026-02-20' }]);
    expect(on('2026-03-02', domain)).toBe(20);
    expect(on('2026-03-07', domain)).toBe(35);
    expect(on('2026-02-19', domain)).toBe(0);
  });

  test('a domain without a warm-up date sends nothing', () => {
    const [domain] = limitsOf('email', [{ kind: 'domain', id: 'd' }]);
    expect(on('2026-03-02', domain)).toBe(0);
  });
});

describe('LIM: the table', () => {
  const table: [counter: string, period: Period, maximum: number | 'warm-up'][] = [
    ['client_email', 'day', 200],
    ['domain', 'day', 'warm-up'],
    ['mailbox', 'day', 100],
    ['number_voice', 'day', 50],
    ['account_calls', 'now', 5],
    ['seat_invitations', 'day', 20],
    ['seat_invitations', 'sevenDays', 100],
    ['seat_messages', 'day', 50],
    ['seat_profile_views', 'day', 100],
    ['number_sms', 'day', 100],
    ['client_sms', 'day', 200],
  ];

  test.each(table)('%s by %s: %s', (counter, period, maximum) => {
    const [row, ...others] = limits.filter((limit) => limit.counter === counter && limit.period === period);
    expect([row?.maximum, others]).toEqual([maximum, []]);
    if (row === undefined || maximum === 'warm-up') return;
    const [limit] = limitsOf(row.counts, [{ kind: row.resource, id: 'r' }], [row]);
    expect(on('2026-03-02', limit)).toBe(maximum);
  });

  test('has no other rows', () => {
    expect(limits.map(({ counter, period }) => [counter, period])).toEqual(table.map((row) => row.slice(0, 2)));
  });

  test('a line is busy for as long as a call rings and is spoken', () => {
    const [line] = limitsOf('call', [{ kind: 'account', id: 'a' }]);
    expect(line).toMatchObject({ period: 'now', lastsSeconds: 150 });
  });

  test.each<[TouchForm, string[]]>([
    ['email', ['client_email day', 'domain day', 'mailbox day']],
    ['voice', ['number_voice day', 'account_calls now']],
    ['invitation', ['seat_invitations day', 'seat_invitations sevenDays', 'seat_profile_views day']],
    ['message', ['seat_messages day']],
    ['sms', ['client_sms day', 'number_sms day']],
  ])('LIM-1: %s moves %j', (form, expected) => {
    const channel = channelOf(form);
    const { sender } = rulesOf(channel);
    const domain = channel === 'email' ? [{ kind: 'domain' as const, id: 'd' }] : [];
    const resources: Resource[] = [
      { kind: 'client', id: 'c' },
      ...domain,
      { kind: sender, id: 's' },
      { kind: 'account', id: 'a' },
    ];
    const moved = countsOf(form).flatMap((counted) => limitsOf(counted, resources));
    expect(moved.map(({ counter, period }) => `${counter} ${period}`)).toEqual(expected);
  });
});

describe('a seat that the provider throttled', () => {
  const seat: Resource = { kind: 'linkedin_seat', id: 's', restedUntil: '2026-03-10' };
  const on = (counted: Counted, day: string, resource: Resource = seat, period: Period = 'day') =>
    maximumOn(limitsOf(counted, [resource]).find((limit) => limit.period === period) ?? { stages: [] }, day);

  test.each<[string, number, number, number]>([
    ['2026-03-09', 20, 50, 100],
    ['2026-03-10', 10, 25, 50],
    ['2026-03-12', 10, 25, 50],
    ['2026-03-13', 20, 50, 100],
  ])('on %s: %i invitations, %i messages, %i views', (day, invitations, messages, views) => {
    expect([on('invitation', day), on('message', day), on('profileView', day)]).toEqual([invitations, messages, views]);
  });

  test('keeps its hundred invitations in seven days: they reach back before the rest', () => {
    expect(on('invitation', '2026-03-11', seat, 'sevenDays')).toBe(100);
  });

  test('half of a limit that rises meanwhile is half of what it has risen to', () => {
    const domain: Resource = { kind: 'domain', id: 'd', warmupStartedAt: '2026-03-04', restedUntil: '2026-03-10' };
    const days = ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'];
    expect(days.map((day) => on('email', day, domain))).toEqual([10, 5, 5, 10, 20]);
  });
});

describe('ACC-1: channels by score', () => {
  test.each([
    [100, 'hot', 'email voice linkedin sms'],
    [85, 'hot', 'email voice linkedin sms'],
    [84, 'warm', 'email voice linkedin'],
    [60, 'warm', 'email voice linkedin'],
    [59, 'cool', 'email linkedin'],
    [35, 'cool', 'email linkedin'],
    [34, 'cold', 'email'],
    [20, 'cold', 'email'],
    [19, 'dead', ''],
    [0, 'dead', ''],
    [null, 'unscored', 'email voice linkedin sms'],
  ])('score %s is %s: %s', (score, name, channels) => {
    const tier = accessTier(score);
    expect([tier.name, tier.channels.join(' ')]).toEqual([name, channels]);
  });
});
