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
    const { stoppedLeadIds, outboxIds } = await recordEvent(deps.database, storable(event), deps.config.secretKey, now);
    await finishStop(deps, { leadIds: stoppedLeadIds, outboxIds });
  }
}

/** Without what PostgreSQL refuses in text and JSON: else one odd character would keep an event out for ever. */
function storable(event: ProviderEvent): ProviderEvent {
  return { ...(cleaned(event) as ProviderEvent), occurredAt: event.occurredAt };
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd').replace(/\p{Cs}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [cleaned(key), cleaned(part)]));
}
