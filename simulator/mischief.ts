import { chance } from './chance';
import type { MischiefRates } from './config';
import type { Operation } from './witness';

/** How the answer to a touch that was taken goes wrong. */
export type Mischief = 'reset' | 'error' | 'slow';

/** How the telling of an event goes wrong. */
export type EventMischief = 'early' | 'double' | 'late';

/** Thrown after a touch has been taken and written down: its caller does not get the answer. */
export class Unanswered extends Error {
  constructor(
    readonly mischief: Mischief,
    /** Real seconds that a slow answer takes. */
    readonly slowSeconds: number,
  ) {
    super(`taken, and not answered: ${mischief}`);
  }
}

export interface Mischiefs {
  /** Of the next request; null: it is answered as it should be. */
  ofRequest(operation: Operation): Mischief | null;
  ofEvent(): EventMischief | null;
  slowSeconds: number;
}

const touches: readonly Operation[] = ['send', 'call', 'invite', 'message', 'sms'];

/** Who is fooled follows from the seed and the order of arrival. */
export function createMischiefs(seed: number, rates: MischiefRates): Mischiefs {
  let requests = 0;
  let events = 0;
  return {
    slowSeconds: rates.slowSeconds,
    ofRequest(operation) {
      if (!touches.includes(operation)) return null;
      const luck = chance(seed, 'request', (requests += 1));
      return chosen(luck, [
        ['reset', rates.resets],
        ['error', rates.errors],
        ['slow', rates.slow],
      ]);
    },
    ofEvent() {
      const luck = chance(seed, 'event', (events += 1));
      return chosen(luck, [
        ['early', rates.earlyEvents],
        ['double', rates.doubleEvents],
        ['late', rates.lateEvents],
      ]);
    },
  };
}

function chosen<T>(luck: number, shares: readonly (readonly [T, number])[]): T | null {
  let sum = 0;
  for (const [what, share] of shares) {
    sum += share;
    if (luck < sum) return what;
  }
  return null;
}
