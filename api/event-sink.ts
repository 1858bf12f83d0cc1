import type { ProviderEvent } from '../providers/ports';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import { recordEvent } from '../store/events';
import type { EventSink } from './ports';

/** Stores events in PostgreSQL, one transaction each. */
export function createEventSink(deps: { database: Database; clock: Clock; secretKey: string }): EventSink {
  return {
    async recordEvents(events) {
      const now = await deps.clock.now();
      for (const event of events) await recordEvent(deps.database, storable(event), deps.secretKey, now);
    },
  };
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
