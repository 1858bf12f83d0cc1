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
