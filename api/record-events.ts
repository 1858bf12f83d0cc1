import { acceptable } from '../providers/acceptable';
import type { ProviderEvent } from '../providers/ports';
import { recordEvent } from '../store/events/record-event';
import type { ApiDeps } from './ports';
import { finishStop } from './stops';

/**
 * Stores events from outside and applies each once, one transaction each (TRUTH-5). Resolves when they are durable and
 * nothing is on its way any more to anybody whom they stop.
 */
export async function recordEvents(deps: ApiDeps, events: readonly ProviderEvent[]): Promise<void> {
  const now = await deps.clock.now();
  for (const event of events) {
    const { stoppedLeadIds, outboxIds } = await recordEvent(
      deps.database,
      acceptable(event, now),
      deps.config.secretKey,
      now,
    );
    await finishStop(deps, { leadIds: stoppedLeadIds, outboxIds });
  }
}
