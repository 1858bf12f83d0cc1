import type { ApiDeps } from './ports';
import { untilNothingIsBeingSent } from '../store/touches/in-flight';

/** What a stop, whichever way it came, leaves to be done before it is answered. */
export interface StopToAnswer {
  /** Leads to whom nothing may be on its way any more. */
  leadIds: readonly string[];
  /** What is owed to workflows: these messages go first. */
  outboxIds: readonly string[];
}

/**
 * Finishes a stop that is committed: its workflows hear of it without anyone waiting, and the answer is held back until
 * no touch overlaps with it. So what was sent was sent before the answer.
 */
export async function finishStop(deps: ApiDeps, { leadIds, outboxIds }: StopToAnswer): Promise<void> {
  deliverSoon(deps, outboxIds);
  await untilNothingIsBeingSent(deps.database.sql, leadIds, await deps.clock.now());
}

/** Delivers messages that have just become owed, without making anyone wait; the relay delivers the rest. */
export function deliverSoon({ deliverOutbox, logger }: ApiDeps, ids: readonly string[]): void {
  if (ids.length === 0) return;
  deliverOutbox({ kind: 'ids', ids }).catch((error: unknown) => {
    logger.warn({ err: error }, 'messages are owed; the relay will deliver them');
  });
}
