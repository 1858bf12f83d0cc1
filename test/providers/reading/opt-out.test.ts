import { isOptOut, isOptOutSubject } from '../../../providers/reading/opt-out';
import { optOuts, replies } from '../../corpus/replies';

describe('opting out in words (SEQ-5)', () => {
  const missed = optOuts.filter((text) => !isOptOut(text));
  const wronglyTaken = replies.filter((text) => isOptOut(text));

  it(`misses none of ${optOuts.length} wishes to be left alone`, () => {
    expect(missed).toEqual([]);
  });

  it(`takes none of ${replies.length} ordinary replies for one`, () => {
    expect(wronglyTaken).toEqual([]);
  });

  it.each([
    ['UNSUBSCRIBE', true],
    ['unsubscribe', true],
    ['Please remove me', true],
    ['Re: Stop paying for empty shifts', false],
    ['AW: Unsubscribe', false],
    ['Crew rosters', false],
    ['', false],
    [null, false],
  ])('the subject %s', (subject, expected) => {
    expect(isOptOutSubject(subject)).toBe(expected);
  });

  it('is read quickly from a text made to take long', () => {
    const began = performance.now();
    for (const part of ['please ', 'remove from ', 'do not you ', 'to be ', '.', 'stop this ', "'d like "]) {
      isOptOut(part.repeat(10_000));
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
