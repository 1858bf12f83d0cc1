import { effectsOnLead, effectsOnSender, provesSending } from '../../domain/event-effects';
import type { ProviderEvent } from '../../providers/ports';
import { transact, type Database } from '../database';
import { json, type Sql } from '../sql';
import { applyToLead, applyToSender, type Application } from './apply-effects';
import { findSubjects, lockSubjects } from './subjects';

/** What storing an event did. */
export interface RecordedEvent {
  /** false: it was stored and applied before. */
  isNew: boolean;
  /** Leads to whom nothing may be on its way when the event is answered. */
  stoppedLeadIds: string[];
  /** What is owed to workflows now: deliver these first. */
  outboxIds: string[];
}

/**
 * TRUTH-5: stores an event and applies it, in one transaction. Returning means that both are committed; a repeated
 * delivery of the same event changes nothing.
 */
export async function recordEvent(
  database: Database,
  event: ProviderEvent,
  secretKey: string,
  now: Date,
): Promise<RecordedEvent> {
  return transact(database, async (sql) => {
    const eventId = await store(sql, event, now);
    if (eventId === null) return repeated(sql, event);
    const to: Application = { sql, event, secretKey, now, stoppedLeadIds: [], outboxIds: [] };
    const outcome = await apply(to, eventId);
    if (outcome !== '') await sql`UPDATE inbound_event SET outcome = ${outcome} WHERE id = ${eventId}::uuid`;
    return { isNew: true, stoppedLeadIds: to.stoppedLeadIds, outboxIds: to.outboxIds };
  });
}

/** @returns the new row's id, or null when this event was stored before */
async function store(sql: Sql, event: ProviderEvent, now: Date): Promise<string | null> {
  const payload = { facts: event.facts ?? {}, received: event.payload ?? null };
  const [row] = await sql<{ id: string }>`
    INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, proves_sending, payload)
    VALUES (gen_random_uuid(), ${event.provider}, ${event.providerEventId}, ${event.kind}, ${event.occurredAt}, ${now},
      ${provesSending(event)}, ${json(payload)}::jsonb)
    ON CONFLICT DO NOTHING RETURNING id`;
  return row?.id ?? null;
}

/** Whoever delivers an event again waits, as the first one did, for a touch that is on its way to the people it stops. */
async function repeated(sql: Sql, event: ProviderEvent): Promise<RecordedEvent> {
  const rows = await sql<{ leadId: string }>`
    SELECT s.lead_id AS "leadId" FROM inbound_event v JOIN event_subject s ON s.event_id = v.id
    WHERE v.provider = ${event.provider} AND v.provider_event_id = ${event.providerEventId}
      AND v.kind IN ('reply', 'hardBounce', 'unsubscribe', 'complaint', 'smsStop')`;
  return { isNew: false, stoppedLeadIds: rows.map((row) => row.leadId), outboxIds: [] };
}

/** @returns what applying it did, in words; empty: nobody it belongs to was found */
async function apply(to: Application, eventId: string): Promise<string> {
  const { sql, event } = to;
  const subjects = await findSubjects(sql, event);
  const leads = await lockSubjects(sql, eventId, subjects);
  const outcomes: string[] = [];
  for (const effect of effectsOnSender(event)) outcomes.push(await applyToSender(to, effect));
  for (const subject of subjects) {
    const lead = leads.get(subject.leadId);
    if (lead === undefined) continue;
    const done: string[] = [];
    for (const effect of effectsOnLead(event, lead)) done.push(await applyToLead(to, { subject, lead }, effect));
    outcomes.push(done.filter((text) => text !== '').join(', ') || 'noted');
  }
  return outcomes.filter((text) => text !== '').join('; ');
}
