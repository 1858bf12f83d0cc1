import { accessTier } from '../../domain/access';
import { limitOn, resourcesOf, type CapacityKind } from '../../domain/limits';
import { warmUpDay, warmUpLimit } from '../../domain/warm-up';

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
    expect(limitOn('domain', '2026-03-02', '2026-02-20')).toBe(20);
    expect(limitOn('domain', '2026-03-07', '2026-02-20')).toBe(35);
  });

  test('a domain without a warm-up date sends nothing', () => {
    expect(limitOn('domain', '2026-03-02', null)).toBe(0);
  });
});

describe('LIM: the table', () => {
  test.each<[CapacityKind, number]>([
    ['client_email', 200],
    ['mailbox', 100],
    ['number_voice', 50],
    ['seat_invitations', 20],
    ['number_sms', 100],
    ['client_sms', 200],
  ])('%s: %i a day', (kind, limit) => {
    expect(limitOn(kind, '2026-03-02', null)).toBe(limit);
  });

  test.each([
    ['email', ['client_email', 'domain', 'mailbox']],
    ['voice', ['number_voice']],
    ['linkedin', ['seat_invitations']],
    ['sms', ['client_sms', 'number_sms']],
  ] as const)('LIM-1: %s moves %j', (channel, kinds) => {
    const resources = resourcesOf(channel, { clientId: 'c', senderId: 's', domainId: 'd' });
    expect(resources.map((resource) => resource.kind)).toEqual(kinds);
  });
});

describe('ACC-1: channels by score', () => {
  test.each([
    [100, 'hot', 'email linkedin voice sms'],
    [85, 'hot', 'email linkedin voice sms'],
    [84, 'warm', 'email linkedin voice'],
    [60, 'warm', 'email linkedin voice'],
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
