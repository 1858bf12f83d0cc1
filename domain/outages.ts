/** A provider that does not answer: so many failures in a row, and a sender sends nothing through it for a while (TRUTH-3). */

/** What is known of a provider's answers to one sender. */
export interface Answers {
  /** How often in a row it did not answer. */
  failures: number;
  /** Since when nothing is sent through it; null: it is sent. */
  downSince: Date | null;
  /** From when on one touch may try again; null: as downSince. */
  retryAt: Date | null;
}

/** The outage that a sender waits for the end of. Instants as ISO 8601. */
export interface Outage {
  provider: string;
  /** The last failure's word. */
  error: string;
  since: string;
  retryAt: string;
  failures: number;
}

/** Failures in a row, from which on it is taken to be down. */
export const failuresUntilDown = 3;

/** Between two tries of one that is down: five minutes, twice as long each time, an hour at most. In milliseconds. */
const firstPauseMs = 5 * 60_000;
const longestPauseMs = 3_600_000;

/**
 * One more failure. Whoever was let through to try has shown that it is still down. One that began before is late, and moves
 * nothing forward.
 */
export function afterFailure({ failures, downSince, retryAt }: Answers, now: Date): Answers {
  const more = failures + 1;
  if (more < failuresUntilDown) return { failures: more, downSince: null, retryAt: null };
  if (retryAt !== null && retryAt > now) return { failures, downSince, retryAt };
  const pauseMs = Math.min(firstPauseMs * 2 ** (more - failuresUntilDown), longestPauseMs);
  return { failures: more, downSince: downSince ?? now, retryAt: new Date(now.getTime() + pauseMs) };
}
