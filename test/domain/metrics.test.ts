import { compare, type Wording } from '../../domain/metrics/comparison';
import { measureLead, type LeadHistory, type MeasuredKind } from '../../domain/metrics/measured-touch';
import { metricsOf } from '../../domain/metrics/metrics';
import { neededOnEachSide, normalQuantile, rateOf, surelyApart } from '../../domain/metrics/proportions';
import type { CountRow } from '../../domain/metrics/tables';

const sentAt = new Date('2026-03-02T22:22:00Z'); // Tuesday 09:22 in Sydney, Monday 17:22 in New York
const touch: LeadHistory['touches'][number] = {
  touchId: 'first',
  campaignId: 'spring',
  domainId: 'growth',
  warmupStartedAt: '2026-02-27',
  opensAreTold: true,
  step: 1,
  channel: 'email',
  sentAt,
  admittedAt: new Date('2026-03-01T20:00:00Z'), // Monday in Sydney
};
const history: LeadHistory = {
  leadId: 'jane',
  timezone: 'Australia/Brisbane',
  clientTimezone: 'Australia/Sydney',
  touches: [touch],
  events: [],
};
const event = (kind: MeasuredKind, touchId: string | null = 'first', at = sentAt) => ({
  kind,
  touchId,
  occurredAt: at,
  receivedAt: at,
});
const measured = (changes: Partial<LeadHistory>) => measureLead(Object.assign({}, history, changes));
const only = (changes: Partial<LeadHistory>) => measured(changes)[0]!;
const other = (changes: Partial<typeof touch>) => Object.assign({}, touch, { touchId: 'second' }, changes);

describe('MET: where a touch belongs', () => {
  test('send time on the recipient’s wall; days on the client’s calendar', () => {
    expect(only({})).toMatchObject({
      sendTime: '08:15',
      sentOn: '2026-03-03',
      admittedOn: '2026-03-02',
      warmUpDay: 4,
      sent: 1,
      isRepeat: false,
    });
    expect(only({ timezone: 'America/New_York', clientTimezone: 'Europe/London' })).toMatchObject({
      sendTime: '17:15',
      sentOn: '2026-03-02',
      warmUpDay: 3,
    });
  });

  test('only e-mails have a send time and measured opens', () => {
    const call = Object.assign({}, touch, { channel: 'voice', domainId: null, warmupStartedAt: null } as const);
    expect(only({ touches: [call], events: [event('opened')] })).toMatchObject({
      sendTime: null,
      warmUpDay: null,
      opensMeasured: 0,
      opened: 0,
    });
  });

  test.each<[MeasuredKind[], object]>([
    [[], { bounced: 0, opensMeasured: 1, opened: 0, openedAutomatically: 0, replied: 0, stopped: 0 }],
    [['opened', 'opened'], { opened: 1, openedAutomatically: 0 }],
    [['openedAutomatically'], { opened: 0, openedAutomatically: 1 }],
    [['openedAutomatically', 'opened'], { opened: 1, openedAutomatically: 0 }],
    [['hardBounce', 'opened'], { bounced: 1, opensMeasured: 0, opened: 0 }],
    [['softBounce'], { bounced: 1, opensMeasured: 0 }],
    [['reply', 'unsubscribe'], { replied: 1, stopped: 1 }],
    [['complaint'], { stopped: 1 }],
    [['smsStop'], { stopped: 1 }],
  ])('%j', (kinds, counts) => {
    expect(only({ events: kinds.map((kind) => event(kind)) })).toMatchObject(counts);
  });

  test('HLTH-4: an open is not counted, nor its lack, where nobody tells of opens', () => {
    const untold = Object.assign({}, touch, { opensAreTold: false });
    expect(only({ touches: [untold], events: [event('opened')] })).toMatchObject({ opensMeasured: 0, opened: 0 });
  });

  test('a touch at the same step of another campaign is a repeat; at another step it is none', () => {
    const again = other({ campaignId: 'autumn' });
    expect(measured({ touches: [touch, again] }).map(({ isRepeat }) => isRepeat)).toEqual([true, true]);
    expect(measured({ touches: [touch, other({ step: 4 })] }).map(({ isRepeat }) => isRepeat)).toEqual([false, false]);
  });
});

describe('MET: an event that names no touch belongs to the last one before it', () => {
  const hours = (count: number): Date => new Date(sentAt.getTime() + count * 3_600_000);
  const touches = [other({ sentAt: hours(24), step: 4 }), touch];
  test.each<[string, { occurredAt: Date; receivedAt: Date }, string | null]>([
    ['between the two', { occurredAt: hours(1), receivedAt: hours(1) }, 'first'],
    ['told late', { occurredAt: hours(1), receivedAt: hours(30) }, 'first'],
    ['after both', { occurredAt: hours(30), receivedAt: hours(30) }, 'second'],
    ['at the same moment', { occurredAt: hours(24), receivedAt: hours(24) }, 'second'],
    ['by a clock of 1970', { occurredAt: new Date(0), receivedAt: hours(25) }, 'second'],
    ['before there was a touch', { occurredAt: hours(-2), receivedAt: hours(-1) }, null],
  ])('%s', (_, at, expected) => {
    const events = [Object.assign({ kind: 'reply' as const, touchId: null }, at)];
    const replied = measured({ touches, events }).filter((row) => row.replied === 1);
    expect(replied.map(({ touchId }) => touchId)).toEqual(expected === null ? [] : [expected]);
  });

  test('one that names a touch which never left belongs to none', () => {
    expect(only({ events: [event('reply', 'elsewhere')] })).toMatchObject({ replied: 0 });
  });
});

const nothing = { sent: 0, bounced: 0, opensMeasured: 0, opened: 0, openedAutomatically: 0, replied: 0, stopped: 0 };
const row = (breakdown: CountRow['breakdown'], key: string, counts: Partial<CountRow>): CountRow =>
  Object.assign({}, nothing, { breakdown, key }, counts);

describe('the four tables', () => {
  test('nothing counted: no rows, no rate that is zero, and verdicts that say so', () => {
    const { verdicts, ...tables } = metricsOf([]);
    expect(tables).toMatchObject({ openRateBySendTime: [], replyRateByStep: [], bounceRateByWarmUpDay: [] });
    expect(tables.channelEffectiveness.map(({ shareOfReplies, positive }) => [shareOfReplies, positive])).toEqual(
      Array.from({ length: 4 }, () => [null, null]),
    );
    expect(Object.values(verdicts).map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'notMeasured'));
  });

  test('MET-1: opens of what was delivered and is measured; automatic ones and what is not measured apart', () => {
    const { openRateBySendTime } = metricsOf([
      row('sendTime', '10:00', { sent: 10, bounced: 1, opensMeasured: 5, opened: 2, openedAutomatically: 1 }),
      row('sendTime', '09:00', { sent: 4, opensMeasured: 0 }),
      row('sendTime', '09:15', { sent: 3, bounced: 3 }),
    ]);
    expect(openRateBySendTime).toMatchObject([
      { sendTime: '09:00', of: 0, count: 0, rate: null, interval: null, notMeasured: 4, openedAutomatically: 0 },
      { sendTime: '10:00', of: 5, count: 2, rate: 0.4, notMeasured: 4, openedAutomatically: 1 },
    ]);
  });

  test('MET-2, MET-3: in the order of numbers', () => {
    const keys = ['10', '9', '1'];
    const { replyRateByStep, bounceRateByWarmUpDay } = metricsOf([
      ...keys.map((key) => row('step', key, { sent: 10, replied: 1 })),
      ...keys.map((key) => row('warmUpDay', key, { sent: 20, bounced: 1 })),
    ]);
    expect(replyRateByStep.map(({ step, rate }) => [step, rate])).toEqual([1, 9, 10].map((step) => [step, 0.1]));
    expect(bounceRateByWarmUpDay.map(({ day, rate }) => [day, rate])).toEqual([1, 9, 10].map((day) => [day, 0.05]));
  });

  test('MET-4: every channel, and its share of all replies', () => {
    const { channelEffectiveness } = metricsOf([
      row('channel', 'email', { sent: 20, bounced: 2, replied: 3, stopped: 1 }),
      row('channel', 'sms', { sent: 10, replied: 1 }),
    ]);
    expect(channelEffectiveness).toMatchObject([
      {
        channel: 'email',
        sent: 20,
        delivered: 18,
        replied: 3,
        stopped: 1,
        shareOfReplies: 0.75,
        replyRate: { of: 20 },
      },
      { channel: 'voice', sent: 0, delivered: 0, replied: 0, shareOfReplies: 0, replyRate: { rate: null } },
      { channel: 'linkedin' },
      { channel: 'sms', shareOfReplies: 0.25, replyRate: { rate: 0.1 } },
    ]);
  });
});

describe('95 % intervals (Wilson)', () => {
  // Brown, Cai, DasGupta (2001) and the tables of others.
  test.each([
    [10, 100, 0.0552, 0.1744],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [1, 1, 0.2065, 1],
    [500, 1000, 0.4691, 0.5309],
  ])('%d of %d', (count, of, low, high) => {
    expect(rateOf(count, of).interval).toEqual({ low, high });
  });

  test.each([
    [0.5, 0],
    [0.8, 0.841621],
    [0.975, 1.959964],
    [0.999, 3.090232],
  ])('the normal quantile of %d', (part, value) => {
    expect(normalQuantile(part)).toBeCloseTo(value, 3);
  });
});

const wording: Wording = {
  beats: 'opens better than',
  unit: 'e-mails',
  groups: 'send times',
  effect: 0.1,
  nothing: 'not measured',
};
const groups = (...shares: [count: number, of: number][]) =>
  shares.map(([count, of], at) => ({ label: `group ${at + 1}`, count, of }));

describe('verdicts', () => {
  test('a difference that is sure is said, with both rates', () => {
    expect(compare(groups([310, 1000], [240, 1000], [270, 1000]), wording)).toMatchObject({
      kind: 'difference',
      text: 'group 1 opens better than group 2: 31 % against 24 %, 95 % sure',
      higher: { label: 'group 1', count: 310, of: 1000 },
    });
  });

  test('what would be sure of two is not sure of eight: somebody is always ahead', () => {
    const two: [number, number][] = [
      [300, 1000],
      [255, 1000],
    ];
    expect(compare(groups(...two), wording).kind).toBe('difference');
    const among = Array.from({ length: 6 }, (): [number, number] => [277, 1000]);
    expect(compare(groups(...two, ...among), wording).kind).not.toBe('difference');
  });

  test('too little data: how much there is, and how much is needed for which difference', () => {
    const verdict = compare(groups([12, 40], [18, 60]), wording);
    expect(verdict).toMatchObject({ kind: 'notEnough', have: 40, needed: 356, effect: 0.1 });
    expect(verdict.text).toBe('not enough data: 40 of 356 e-mails (group 1) to see a difference of 10 points');
  });

  test('enough data and no difference: says so', () => {
    expect(compare(groups([300, 1000], [300, 1000]), wording)).toMatchObject({ kind: 'noDifference', needed: 356 });
  });

  test('three against none is no proof', () => {
    expect(compare(groups([3, 3], [0, 3]), wording).kind).toBe('notEnough');
  });

  test('one group, and none', () => {
    expect(compare(groups([3, 10], [0, 0]), wording)).toMatchObject({ kind: 'nothingToCompare' });
    expect(compare(groups([0, 0]), wording)).toEqual({ kind: 'notMeasured', text: 'not measured' });
  });

  // Lehr's and Fleiss' tables: 30 % against 40 %, 5 % and 80 %.
  test('the needed number is the textbook’s', () => {
    expect(neededOnEachSide(0.3, 0.1, 1)).toBe(356);
    expect(neededOnEachSide(0.95, 0.1, 1)).toBe(neededOnEachSide(0.95, -0.1, 1));
    expect(surelyApart(1)).toBeCloseTo(1.96, 3);
  });

  test('where all groups are alike, at most one verdict of twenty says that they differ', () => {
    const random = seeded(7);
    const draw = (of: number, share: number): number =>
      Array.from({ length: of }, () => Number(random() < share)).reduce((a, b) => a + b, 0);
    const runs = 800;
    const wrong = Array.from({ length: runs }, () =>
      compare(groups(...[120, 200, 90, 400].map((of): [number, number] => [draw(of, 0.25), of])), wording),
    ).filter(({ kind }) => kind === 'difference').length;
    expect(wrong).toBeGreaterThan(0);
    expect(wrong / runs).toBeLessThan(0.05);
  });
});

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
