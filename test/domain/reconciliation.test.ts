import { lookForADay, verdictOfLook, type LookAnswer, type LookVerdict } from '../../domain/reconciliation';

const claimedAt = new Date('2026-03-02T22:14:09Z');
const minute = 60_000;
const until = { listingDelayMs: 15 * minute, horizonMs: 120 * minute };
const at = (minutes: number): Date => new Date(claimedAt.getTime() + minutes * minute);
const verdict = (answer: LookAnswer, minutes: number, looks = 0): LookVerdict =>
  verdictOfLook(answer, { claimedAt, looks, now: at(minutes) }, until);
const again = (minutes: number): LookVerdict => ({ kind: 'open', nextLookAt: at(minutes) });

describe('what a look makes of an uncertain touch', () => {
  it.each<[LookAnswer, number, number, LookVerdict]>([
    ['found', 0, 0, { kind: 'sent' }],
    ['found', 500, 9, { kind: 'sent' }],
    // Not listed yet proves nothing while the list may lag.
    ['absent', 0, 0, again(1)],
    ['absent', 14.9, 9, again(15)],
    ['absent', 15, 3, { kind: 'failed' }],
    ['absent', 500, 9, { kind: 'failed' }],
    // The intervals grow, and no look goes past the end of the delay or of all looking.
    ['unknown', 0, 0, again(1)],
    ['unknown', 1, 1, again(3)],
    ['unknown', 3, 2, again(7)],
    ['unknown', 7, 3, again(15)],
    ['unknown', 15, 4, again(31)],
    ['unknown', 31, 5, again(63)],
    ['unknown', 63, 6, again(120)],
    ['unknown', 120, 7, { kind: 'given up' }],
    ['unknown', 9_999, 0, { kind: 'given up' }],
    ['erased', 0, 0, { kind: 'given up' }],
  ])('%s after %d minutes and %d looks', (answer, minutes, looks, expected) => {
    expect(verdict(answer, minutes, looks)).toEqual(expected);
  });
});

test('without a word on its lists, absence never proves anything', () => {
  const look = (minutes: number) => verdictOfLook('absent', { claimedAt, looks: 3, now: at(minutes) }, lookForADay);
  expect(look(23 * 60).kind).toBe('open');
  expect(look(24 * 60)).toEqual({ kind: 'given up' });
});

test('whoever is never answered is looked for a few times, always later, and ends at the horizon', () => {
  for (const horizonMs of [30 * minute, 1_440 * minute, 10_080 * minute]) {
    const moments: number[] = [];
    let now = claimedAt;
    for (let looks = 0; looks < 100; looks += 1) {
      moments.push(now.getTime());
      const next = verdictOfLook('unknown', { claimedAt, looks, now }, { listingDelayMs: 20 * minute, horizonMs });
      if (next.kind !== 'open') break;
      expect(next.nextLookAt.getTime()).toBeGreaterThan(now.getTime());
      now = next.nextLookAt;
    }
    expect(moments.at(-1)).toBe(claimedAt.getTime() + horizonMs);
    expect(moments).toContain(claimedAt.getTime() + 20 * minute);
    expect(moments.length).toBeLessThan(40);
  }
});
