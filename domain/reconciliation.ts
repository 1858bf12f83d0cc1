/** TRUTH-1: what becomes of a touch of which nobody knows whether it was sent. Times in milliseconds. */

/** What the provider said. erased: nobody can be asked any more, for the lead was erased. */
export type LookAnswer = 'found' | 'absent' | 'unknown' | 'erased';

/** How far a provider's lists can be trusted, counted from the claim. */
export interface LookUntil {
  /** From then on `absent` proves that the request never arrived. */
  listingDelayMs: number;
  /** Looking ends then. */
  horizonMs: number;
}

/** Of a provider that says nothing of its lists: `absent` never proves anything, and after a day nobody looks any more. */
export const lookForADay: LookUntil = { listingDelayMs: Infinity, horizonMs: 86_400_000 };

/** Between two looks: a minute after the first one, and then twice as long each time, six hours at most. */
const firstIntervalMs = 60_000;
const longestIntervalMs = 6 * 3_600_000;

/** sent, failed: it is known now. open: looked for again. given up: it stays uncertain, and a person has to look. */
export type LookVerdict =
  { kind: 'sent' } | { kind: 'failed' } | { kind: 'open'; nextLookAt: Date } | { kind: 'given up' };

/**
 * What one look makes of an uncertain touch. `absent` counts when the list was complete at the time of the look.
 * @param look.looks how often it was looked for before
 * @param look.now the time right before the provider was asked
 */
export function verdictOfLook(
  answer: LookAnswer,
  { claimedAt, looks, now }: { claimedAt: Date; looks: number; now: Date },
  { listingDelayMs, horizonMs }: LookUntil,
): LookVerdict {
  const ageMs = now.getTime() - claimedAt.getTime();
  if (answer === 'found') return { kind: 'sent' };
  if (answer === 'absent' && ageMs >= listingDelayMs) return { kind: 'failed' };
  if (answer === 'erased' || ageMs >= horizonMs) return { kind: 'given up' };
  const intervalMs = Math.min(firstIntervalMs * 2 ** looks, longestIntervalMs);
  // The first look that proves something, and the last of all, are made when they are due, whatever the interval says.
  const ends = [listingDelayMs, horizonMs].filter((end) => end > ageMs);
  return { kind: 'open', nextLookAt: new Date(claimedAt.getTime() + Math.min(ageMs + intervalMs, ...ends)) };
}
