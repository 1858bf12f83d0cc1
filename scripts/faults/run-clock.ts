import { DateTime } from 'luxon';
import type { Knot } from '../../runtime/clock';

/** The run's recipients and agencies live in one zone, so that one window is open at a time. */
export const runZone = 'Europe/London';

/** A Monday. */
const firstDay: DateTime = DateTime.fromISO('2026-03-02', { zone: runZone });
const minute = 60_000;
/** The run is slow from before the window opens, when a day's leads are admitted, until what is under way has landed. */
const slow = { from: { hour: 8, minute: 45 }, to: { hour: 11, minute: 5 } };
/** Real milliseconds from one window to the next one, be it over a night or a weekend. */
const nightMs = 12_000;

/** While the run is set up, its time passes as ours does. */
export const setupKnots = (realMs: number): Knot[] => {
  const begin = firstDay.set({ hour: 6 }).toMillis();
  return [
    [realMs, begin],
    [realMs + minute, begin + minute],
  ];
};

/** Real milliseconds in which the processes start, before the first morning passes quickly. */
const startMs = 15_000;

/**
 * A clock that runs through windows at `speed`, and over nights and weekends in seconds. It is the same for all
 * processes, and each can tell at which real instant a slot comes.
 */
export function runKnots(realMs: number, speed: number, realMinutes: number): Knot[] {
  const knots: Knot[] = [[realMs, firstDay.set(slow.from).toMillis() - startMs]];
  let real = realMs + startMs;
  for (let day = firstDay; real < realMs + realMinutes * minute; day = nextWeekday(day)) {
    const [from, to] = [day.set(slow.from).toMillis(), day.set(slow.to).toMillis()];
    knots.push([real, from], [real + (to - from) / speed, to]);
    real += (to - from) / speed + nightMs;
  }
  return knots;
}

const nextWeekday = (day: DateTime): DateTime => {
  const next = day.plus({ days: 1 });
  return next.weekday <= 5 ? next : nextWeekday(next);
};
