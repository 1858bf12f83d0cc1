import fc from 'fast-check';
import { halved, healthChanges, healthRate, healthWindowFrom, type HealthCounts } from '../../domain/health';

const quiet = { isHalved: false, isPaused: false, isFlagged: false, freshComplaints: 0, freshUnsubscribes: 0 };
const counts = (sends: number, bounces = 0, complaints = 0, unsubscribes = 0): HealthCounts => ({
  sends,
  bounces,
  complaints,
  unsubscribes,
});

describe('HLTH: what seven days do to a domain', () => {
  test.each([
    ['one bounce at five a day only shows', counts(19, 4), quiet, []],
    ['from twenty mails on it acts', counts(20, 2), quiet, ['halved']],
    ['five per cent is not more than five per cent', counts(20, 1), quiet, []],
    ['halving does not compound', counts(20, 10), { ...quiet, isHalved: true }, []],
    ['it ends at five per cent', counts(40, 2), { ...quiet, isHalved: true }, ['restored']],
    ['few mails alone do not end it', counts(10, 5), { ...quiet, isHalved: true }, []],
    ['nor does it outlast the last mail', counts(0), { ...quiet, isHalved: true }, ['restored']],
    ['one complaint below a hundred mails only shows', counts(99, 0, 1), { ...quiet, freshComplaints: 1 }, []],
    ['two complaints act, however few the mails', counts(10, 0, 2), { ...quiet, freshComplaints: 2 }, ['paused']],
    ['one in a hundred acts', counts(100, 0, 1), { ...quiet, freshComplaints: 1 }, ['paused']],
    ['one in a thousand is not more than 0.1 %', counts(1000, 0, 1), { ...quiet, freshComplaints: 1 }, []],
    ['complaints before a person resumed the domain do not pause it again', counts(100, 0, 3), quiet, []],
    ['a pause is not repeated', counts(100, 0, 3), { ...quiet, isPaused: true, freshComplaints: 3 }, []],
    ['unsubscribes flag the content', counts(100, 0, 0, 3), { ...quiet, freshUnsubscribes: 1 }, ['flagged']],
    ['two per cent is not more than two', counts(100, 0, 0, 2), { ...quiet, freshUnsubscribes: 2 }, []],
    ['nor what was reviewed', counts(100, 0, 0, 3), quiet, []],
    [
      'all at once',
      counts(100, 6, 1, 3),
      { ...quiet, freshComplaints: 1, freshUnsubscribes: 3 },
      ['halved', 'paused', 'flagged'],
    ],
  ])('%s', (_, week, state, changes) => {
    expect(healthChanges(week, state)).toEqual(changes);
  });

  test('a look right after a look changes nothing', () => {
    const count = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(count, count, count, count, fc.boolean(), (sends, bounces, complaints, unsubscribes, isHalved) => {
        const week = counts(
          sends,
          Math.min(bounces, sends),
          Math.min(complaints, sends),
          Math.min(unsubscribes, sends),
        );
        const fresh = { freshComplaints: week.complaints, freshUnsubscribes: week.unsubscribes };
        const first = healthChanges(week, { ...quiet, ...fresh, isHalved });
        const after = {
          isHalved: first.includes('halved') || (isHalved && !first.includes('restored')),
          isPaused: first.includes('paused'),
          isFlagged: first.includes('flagged'),
          ...fresh,
        };
        expect(healthChanges(week, after)).toEqual([]);
      }),
    );
  });
});

test('HLTH-4: without a mail no rate is measured', () => {
  expect(healthRate(counts(0), 'bounces')).toBeNull();
  expect(healthRate(counts(4, 1), 'bounces')).toBe(0.25);
});

test('HLTH-1: seven days, today among them', () => {
  expect(healthWindowFrom('2026-03-08')).toBe('2026-03-02');
});

test.each([
  [50, 25],
  [35, 17],
  [5, 2],
  [1, 1],
  [0, 0],
])('HLTH-2: half of %i is %i', (limit, half) => {
  expect(halved(limit)).toBe(half);
});
