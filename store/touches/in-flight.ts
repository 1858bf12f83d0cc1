import type { ProviderEvent } from '../../providers/ports';
import type { Database } from '../database';

/** A claim older than this belongs to an attempt that died; nobody waits for it. Longer than any provider call. */
const inFlightSeconds = 30;

/**
 * Is a touch being sent to the person whom this stored event is about? It was claimed before the event was committed,
 * so the event could not stop it.
 */
export async function isBeingSentTo(
  database: Database,
  event: Pick<ProviderEvent, 'provider' | 'providerEventId'>,
  now: Date,
): Promise<boolean> {
  const rows = await database.$queryRaw<unknown[]>`
    SELECT 1 FROM inbound_event v JOIN enrollment e ON e.lead_id = v.lead_id JOIN touch t ON t.enrollment_id = e.id
    WHERE v.provider = ${event.provider} AND v.provider_event_id = ${event.providerEventId}
      AND t.status = 'sending' AND t.claimed_at > ${now}::timestamptz - make_interval(secs => ${inFlightSeconds})
    LIMIT 1`;
  return rows.length > 0;
}

/** Has an event arrived that proves that this touch was sent, although its attempt was not heard of again (TRUTH-1)? */
export async function isProvenSent(database: Database, touchId: string): Promise<boolean> {
  const proofless = ['sendFailed', 'unknown'];
  return (await database.inboundEvent.count({ where: { touchId, kind: { notIn: proofless } } })) > 0;
}
