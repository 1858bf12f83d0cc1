import { afterFailure, failuresUntilDown, type Answers } from '../../domain/outages';

const start = new Date('2026-03-02T22:00:00Z');
const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
const fine: Answers = { failures: 0, downSince: null, retryAt: null };

/** Fails at these minutes. */
const failing = (...minutes: number[]): Answers =>
  minutes.reduce((before, minute) => afterFailure(before, at(minute)), fine);

test('one that fails a few times is down, tries after five minutes, and ever more seldom', () => {
  expect(failing(0)).toEqual({ failures: 1, downSince: null, retryAt: null });
  expect(failing(0, 2)).toEqual({ failures: 2, downSince: null, retryAt: null });
  expect(failing(0, 2, 4)).toEqual({ failures: 3, downSince: at(4), retryAt: at(9) });
  expect(failing(0, 2, 4, 9)).toEqual({ failures: 4, downSince: at(4), retryAt: at(19) });
  expect(failing(0, 2, 4, 9, 20)).toEqual({ failures: 5, downSince: at(4), retryAt: at(40) });
});

test('never longer than an hour', () => {
  let answers = failing(0, 2, 4);
  for (let tries = 0; tries < 200; tries += 1) {
    const now = answers.retryAt ?? start;
    answers = afterFailure(answers, now);
    expect(answers.retryAt?.getTime()).toBeLessThanOrEqual(now.getTime() + 3_600_000);
    expect(answers.downSince).toEqual(at(4));
  }
});

test('whoever began before it was down, and fails later, makes the wait no longer', () => {
  const down = failing(0, 2, 4);
  expect(afterFailure(down, at(5))).toEqual(down);
  expect(down.failures).toBe(failuresUntilDown);
});
