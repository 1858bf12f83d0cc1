import type { Connection } from '@temporalio/client';
import { virtualClock, type Clock } from '../runtime/clock';

/** The clock of a run on a time-skipping server, and the switch that lets its time run. */
export interface VirtualTime {
  clock: Clock;
  /** Added to the server's time to get the run's, in milliseconds. */
  offsetMs: number;
  /** From now on the time skips whenever everyone sleeps. Once for a whole run. */
  run(): Promise<void>;
  /** The time goes on as real time does. */
  hold(): Promise<void>;
}

/** Lets a run begin at any instant, also a past one: workflows only ever see durations. */
export async function virtualTimeFrom(connection: Connection, start: Date): Promise<VirtualTime> {
  const { testService } = connection;
  if (testService === undefined) throw new Error('this connection does not speak the test service');
  // The server counts locks, and starts with none: one lock holds the time until `run`, and the locks that it takes itself
  // while a task is running work only as long as the count never falls below zero.
  await testService.lockTimeSkipping({});
  const readServerTime = async (): Promise<number> => {
    const { time } = await testService.getCurrentTime({});
    return Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  };
  const offsetMs = start.getTime() - (await readServerTime());
  return {
    clock: virtualClock(readServerTime, offsetMs),
    offsetMs,
    run: async () => void (await testService.unlockTimeSkipping({})),
    hold: async () => void (await testService.lockTimeSkipping({})),
  };
}
