import { drain } from '../store/touches/in-flight';
import type { ApiDeps } from './ports';
import { Problem } from './problem';

/** What a stop, whichever way it came, leaves to be done before it is answered. */
export interface StopToAnswer {
  /** Leads to whom nothing may be on its way any more. */
  leadIds: readonly string[];
  /** What is owed to workflows: these messages go first. */
  outboxIds: readonly string[];
}

/**
 * How long the answer of a stop is held back at most, in milliseconds: most providers have answered by then, and whoever
 * calls webhooks waits for 15 s or longer.
 */
const drainWithinMs = 10_000;

/**
 * The one way to stop somebody (TRUTH-2): commits the stop, tells its workflows without anyone waiting, and resolves when
 * nothing is on its way any more to anybody whom it concerns. So what was sent was sent before the answer.
 * @param commit makes the stop a fact, in a transaction of its own; safe to repeat, and names the same leads each time
 * @throws Problem 503 when a provider is slow: the stop is in force, and whoever asks again hears when it is over
 */
export async function stopAndDrain<Stop extends StopToAnswer>(
  deps: ApiDeps,
  commit: () => Promise<Stop>,
): Promise<Stop> {
  const stop = await commit();
  deliverSoon(deps, stop.outboxIds);
  const leftMs = await drain(deps.database.sql, stop.leadIds, deps.drainWithinMs ?? drainWithinMs);
  if (leftMs > 0) throw new StillOnItsWay(Math.ceil(leftMs / 1000));
  return stop;
}

/** A stop that is in force, and that a touch which was handed over before may still overlap with. */
export class StillOnItsWay extends Problem {
  /** @param seconds by then the provider has answered, or never will */
  constructor(seconds: number) {
    super(
      'still-on-its-way',
      'The stop is stored and in force: nothing more is sent. A message that was handed to its provider before has not ' +
        'been answered yet. Send the same request again after the time in Retry-After to hear that it is over.',
      [],
      { 'retry-after': String(seconds) },
    );
  }
}

/** Delivers messages that have just become owed, without making anyone wait; the relay delivers the rest. */
export function deliverSoon({ deliverOutbox, logger }: ApiDeps, ids: readonly string[]): void {
  if (ids.length === 0) return;
  deliverOutbox({ kind: 'ids', ids }).catch((error: unknown) => {
    logger.warn({ err: error }, 'messages are owed; the relay will deliver them');
  });
}
