import { randomUUID } from 'node:crypto';
import type { ReportedEventKind, ProviderEvent } from '../../providers/ports';

/** An event as a webhook's parser hands it on; a new one every time unless an id is given. */
export function eventOf(kind: ReportedEventKind, facts: Partial<ProviderEvent> & { occurredAt: Date }): ProviderEvent {
  return {
    provider: 'mail',
    providerEventId: randomUUID(),
    kind,
    touchId: null,
    reference: null,
    person: null,
    resource: null,
    payload: { made: 'by a test' },
    ...facts,
  };
}
