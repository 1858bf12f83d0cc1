import { setTimeout as delay } from 'node:timers/promises';

/** Pauses before each further attempt, in milliseconds: a database that is being restarted is back by then. */
const pausesMs = [100, 400, 1_500, 4_000] as const;

/** Does what must not be lost, again when it fails; it must be safe to repeat. @throws the last attempt's error */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch {
      await delay(pauseMs);
    }
  }
  return work();
}
