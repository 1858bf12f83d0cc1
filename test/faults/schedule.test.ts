import { tableClock } from '../../runtime/clock';
import { failpointNames, failpointsForm, readFailpoints } from '../../runtime/failpoints';
import { runKnots } from '../../scripts/faults/run-clock';
import { readFaultsOptions } from '../../scripts/faults/options';
import { scheduleOf } from '../../scripts/faults/schedule';
import { UserError } from '../../scripts/user-error';
import { tmpdir } from 'node:os';

test('the same seed is the same schedule, another one is another', () => {
  expect(scheduleOf(7, 30)).toEqual(scheduleOf(7, 30));
  expect(scheduleOf(7, 30)).not.toEqual(scheduleOf(8, 30));
});

test('faults come in order, within the attack, and of every kind', () => {
  const { faults } = scheduleOf(3, 60);
  const times = faults.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.max(...times)).toBeLessThan(60 * 60);
  expect(faults.length).toBeGreaterThan(150);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kill', 'freeze', 'cut']));
});

test('the simulator is never frozen for as long as a send may take', () => {
  const frozen = scheduleOf(5, 600).faults.flatMap((fault) =>
    fault.kind === 'freeze' && fault.part === 'simulator' ? [fault.seconds] : [],
  );
  expect(frozen.length).toBeGreaterThan(10);
  expect(Math.max(...frozen)).toBeLessThan(20);
});

test('the failpoints of every start can be read, and all ten windows come in turn', () => {
  const { failpoints } = scheduleOf(1, 2);
  const starts = Object.values(failpoints).flat();
  for (const start of starts) expect(start).toMatch(failpointsForm);
  expect(new Set(starts.flatMap(readFailpoints).map(({ name }) => name))).toEqual(new Set(failpointNames));
  const firstRound = failpoints['worker-1'].slice(0, 8).flatMap(readFailpoints);
  expect(new Set(firstRound.map(({ name }) => name)).size).toBe(8);
});

describe('the clock of a run', () => {
  const begin = 1_000_000;
  const knots = runKnots(begin, 60, 30);
  let real = begin;
  const clock = tableClock(knots, () => real);
  const runAt = async (realMs: number): Promise<string> => {
    real = realMs;
    return (await clock.now()).toISOString();
  };
  const realOf = (instant: string): number => clock.toWorkflowTime(new Date(instant));

  test('it passes windows at its speed', () => {
    expect(realOf('2026-03-02T10:00:00Z') - realOf('2026-03-02T09:00:00Z')).toBe(60_000);
    expect(realOf('2026-03-04T10:00:00Z') - realOf('2026-03-04T09:00:00Z')).toBe(60_000);
  });

  test('nights and weekends take seconds', () => {
    expect(realOf('2026-03-03T08:45:00Z') - realOf('2026-03-02T11:05:00Z')).toBe(12_000);
    expect(realOf('2026-03-09T08:45:00Z') - realOf('2026-03-06T11:05:00Z')).toBe(12_000);
  });

  test('it never goes back, and tells the real instant of a slot', async () => {
    let last = '';
    for (let at = begin; at < begin + 40 * 60_000; at += 997) {
      const now = await runAt(at);
      expect(now > last).toBe(true);
      last = now;
      expect(Math.abs(realOf(now) - at)).toBeLessThanOrEqual(1);
    }
  });

  test('beyond its table time passes as ours does', async () => {
    const [lastReal = 0, lastRun = 0] = knots.at(-1) ?? [];
    expect(Date.parse(await runAt(lastReal + 5_000))).toBe(lastRun + 5_000);
  });
});

test.each([
  [['--minutes', 'two'], /--minutes must be a number from 0.5 to 720, not "two"/],
  [['--minutes', ''], /--minutes must be a number/],
  [['--seed', '1.5'], /--seed must be a whole number/],
  [['--clients', '10'], /--clients must be a number from 1 to 9/],
  [['--sed', '1'], /--sed/],
])('%s is refused by name', (args, message) => {
  const read = (): unknown => readFaultsOptions([...args, '--out', tmpdir()], '');
  expect(read).toThrow(message);
  expect(read).toThrow(UserError);
});
