import { readFileSync } from 'node:fs';

/**
 * The only place that reads the time. In production this is the system's clock; in virtual time it is the
 * time-skipping server's, shifted so that a run can begin on any date.
 */
export interface Clock {
  /** The run's present instant. */
  now(): Promise<Date>;
  /** The same instant on the clock that workflows see, in epoch milliseconds. */
  toWorkflowTime(instant: Date): number;
}

export const systemClock: Clock = {
  now: () => Promise.resolve(new Date()),
  toWorkflowTime: (instant) => instant.getTime(),
};

/** Reads the current time of a time-skipping Temporal server, in epoch milliseconds. */
export type ReadServerTime = () => Promise<number>;

/**
 * A clock in virtual time.
 * @param offsetMs what is added to the server's time to get the run's time; workflows see the server's.
 */
export function virtualClock(readServerTime: ReadServerTime, offsetMs: number): Clock {
  return {
    now: async () => new Date((await readServerTime()) + offsetMs),
    toWorkflowTime: (instant) => instant.getTime() - offsetMs,
  };
}

/** Real and run's epoch milliseconds of one instant. */
export type Knot = readonly [realMs: number, runMs: number];

/**
 * A clock that runs at the speeds of a table, which every process of a run reads: between two knots the run's time
 * passes evenly, beyond the last one as real time does. Temporal's timers, leases and time-outs stay real.
 * @param knots ascending in both; two at least
 */
export function tableClock(knots: readonly Knot[], readRealMs: () => number = Date.now): Clock {
  return {
    now: () => Promise.resolve(new Date(Math.floor(between(knots, readRealMs(), [0, 1])))),
    toWorkflowTime: (instant) => Math.ceil(between(knots, instant.getTime(), [1, 0])),
  };
}

/** Translates along the knots, from one of their two clocks to the other. */
function between(knots: readonly Knot[], at: number, [from, to]: readonly [0 | 1, 0 | 1]): number {
  const next = knots.findIndex((knot) => knot[from] > at);
  const last = knots[knots.length - 1] ?? [0, 0];
  if (next === -1) return last[to] + (at - last[from]);
  const [a = last, b = last] = knots.slice(Math.max(0, next - 1), Math.max(0, next - 1) + 2);
  return a[to] + ((at - a[from]) * (b[to] - a[to])) / (b[from] - a[from]);
}

/** The clock of a process: the system's, unless a table is named. */
export function openClock(tableFile: string | null): Clock {
  return tableFile === null ? systemClock : tableClock(JSON.parse(readFileSync(tableFile, 'utf8')) as Knot[]);
}
