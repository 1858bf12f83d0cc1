import type { ProviderEvent } from '../providers/ports';
import { contentId, storable } from '../providers/webhook';
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

/** The longest id that is kept as it came, in characters: an index takes no more than some 2,700 bytes. */
const longestId = 500;

/** Without what PostgreSQL refuses: else an odd character, a huge id or an odd date would keep an event out for ever. */
function acceptable(event: ProviderEvent, now: Date): ProviderEvent {
  const clean = storable(event);
  const { providerEventId: id } = clean;
  const providerEventId = id.length > longestId ? `long:${contentId(id)}` : id;
  return { ...clean, providerEventId, occurredAt: believable(event.occurredAt, now) };
}

/** How far ahead of ours a provider's clock may be, in milliseconds. */
const aheadMs = 24 * 3600 * 1000;
const beforeAllOfThis = Date.UTC(2000, 0);

/** A time that can be; nonsense counts as now: a lead would be held until a year that no calendar knows. */
function believable(occurredAt: Date, now: Date): Date {
  const at = occurredAt.getTime();
  return at >= beforeAllOfThis && at <= now.getTime() + aheadMs ? occurredAt : now;
}
