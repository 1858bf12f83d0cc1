import { setTimeout as delay } from 'node:timers/promises';
import type { EventKind, ProviderEvent } from '../providers/ports';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import { recordEvent } from '../store/events/record-event';
import { isBeingSentTo } from '../store/touches/in-flight';
import type { EventSink } from './ports';

/** Stores events in PostgreSQL, one transaction each. */
export function createEventSink(deps: { database: Database; clock: Clock; secretKey: string }): EventSink {
  return {
    async recordEvents(events) {
      const now = await deps.clock.now();
      for (const event of events) {
        const kept = storable(event);
        await recordEvent(deps.database, kept, deps.secretKey, now);
        if (stops.has(kept.kind)) await untilNothingIsBeingSent(deps.database, kept, now);
      }
    },
  };
}

const stops: ReadonlySet<EventKind> = new Set(['reply', 'hardBounce', 'unsubscribe', 'complaint', 'smsStop']);

/** Milliseconds in which a touch that overlaps with a stop is usually done, and how often that is looked at. */
const overlap = { atMost: 5_000, look: 25 };

/** A touch that was claimed before the stop is waited for, so that nothing is sent after the stop was answered. */
async function untilNothingIsBeingSent(database: Database, event: ProviderEvent, now: Date): Promise<void> {
  for (let waited = 0; waited < overlap.atMost; waited += overlap.look) {
    if (!(await isBeingSentTo(database, event, now))) return;
    await delay(overlap.look);
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
