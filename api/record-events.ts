import { acceptable } from '../providers/acceptable';
import type { ProviderEvent } from '../providers/ports';
import { failpoint } from '../runtime/failpoints';
import { recordEvent } from '../store/events/record-event';
import type { ApiDeps } from './ports';
import { stopAndDrain } from './stops';

/**
 * Stores events from outside and applies each once, one transaction each (TRUTH-5). Resolves when they are durable and
 * nothing is on its way any more to anybody whom they stop.
 * @throws StillOnItsWay when they are durable, and something still is
 */
export async function recordEvents(deps: ApiDeps, events: readonly ProviderEvent[]): Promise<void> {
  const now = await deps.clock.now();
  await stopAndDrain(deps, async () => {
    const leadIds: string[] = [];
    const outboxIds: string[] = [];
    for (const event of events) {
      const recorded = await recordEvent(deps.database, acceptable(event, now), deps.config.secretKey, now);
      leadIds.push(...recorded.stoppedLeadIds);
      outboxIds.push(...recorded.outboxIds);
    }
    await failpoint('event-committed');
    return { leadIds, outboxIds };
  });
}
