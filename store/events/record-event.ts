import { canonical } from '../../domain/canonical';
import {
  countsForHealth,
  effectsOnAnyLead,
  effectsOnLead,
  effectsOnSender,
  effectsOnTouch,
  stopsPeople,
  type LeadEffect,
} from '../../domain/event-effects';
import type { ProviderEvent } from '../../providers/ports';
import { failpoint } from '../../runtime/failpoints';
import { again, transact, type Database } from '../database';
import { oweMaintenance } from '../outbox/outbox';
import { checkDomainHealth, domainsOfSubjects } from '../senders/health';
import { senderAddress } from '../senders/senders';
import { json, type Sql } from '../sql';
import { applyToLead, applyToSender, type Application } from './apply-effects';
import { readSubjectLeads, type EventSubject } from './subjects';

/** What storing an event did. */
export interface RecordedEvent {
  /** false: it was stored and applied before. */
  isNew: boolean;
  /** Leads to whom something may still be on its way: nothing may be, when the event is answered. */
  stoppedLeadIds: string[];
  /** What is owed to workflows now: deliver these first. */
  outboxIds: string[];
}

/**
 * TRUTH-5: stores an event and applies it, in one transaction. Returning means that both are committed; a repeated
 * delivery of the same event changes nothing. What an event means whoever it is about takes one statement.
 */
export async function recordEvent(
  database: Database,
  event: ProviderEvent,
  secretKey: string,
  now: Date,
): Promise<RecordedEvent> {
  const effects = effectsOnAnyLead(event);
  if (effects?.every(isStop) === true && effectsOnSender(event).length === 0) {
    const stop = effects[0] ?? null;
    const { isNew, subjects, outboxIds, isInFlight } = await again(() => store(database.sql, event, { stop, now }));
    return { isNew, stoppedLeadIds: isInFlight ? leadsToWaitFor(event, subjects) : [], outboxIds };
  }
  return transact(database, (sql) => recordEventIn(sql, event, secretKey, now));
}

/** The same as a part of the caller's transaction, whose last words it should be but for what moves with the event. */
export async function recordEventIn(
  sql: Sql,
  event: ProviderEvent,
  secretKey: string,
  now: Date,
): Promise<RecordedEvent> {
  const { isNew, eventId, subjects } = await store(sql, event, { stop: null, now });
  await failpoint('event-in-transaction');
  if (!isNew) return { isNew, stoppedLeadIds: leadsToWaitFor(event, subjects), outboxIds: [] };
  const to: Application = { sql, event, secretKey, now, stoppedLeadIds: [], outboxIds: [] };
  const outcome = await apply(to, subjects);
  if (countsForHealth(event)) to.outboxIds.push(...(await lookAfterDomains(to, subjects)));
  if (outcome !== '') await sql`UPDATE inbound_event SET outcome = ${outcome} WHERE id = ${eventId}::uuid`;
  return { isNew, stoppedLeadIds: to.stoppedLeadIds, outboxIds: to.outboxIds };
}

type StopEffect = LeadEffect & { kind: 'stop' };
const isStop = (effect: LeadEffect): effect is StopEffect => effect.kind === 'stop';

/** Whoever delivers an event again waits, as the first one did, for a touch that is on its way to the people it stops. */
const leadsToWaitFor = (event: ProviderEvent, subjects: readonly EventSubject[]): string[] =>
  stopsPeople(event) ? subjects.map(({ leadId }) => leadId) : [];

interface StoredEvent {
  isNew: boolean;
  eventId: string | null;
  subjects: EventSubject[];
  outboxIds: string[];
  /** false: nothing is on its way to those whom the stop stopped. */
  isInFlight: boolean;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Stores an event and links it to whom it is about; a stop, when it is given, is applied at once. */
async function store(
  sql: Sql,
  event: ProviderEvent,
  { stop, now }: { stop: StopEffect | null; now: Date },
): Promise<StoredEvent> {
  const isLink = event.provider === 'unsubscribe-link';
  const { provider, providerEventId, kind, occurredAt, touchId, reference, person, resource } = event;
  const request = {
    provider,
    providerEventId,
    kind,
    occurredAt,
    now,
    provesSending: effectsOnTouch(event).length > 0,
    payload: { facts: event.facts ?? {}, received: event.payload ?? null },
    touchId: touchId !== null && uuid.test(touchId) ? touchId : null,
    reference: isLink ? null : reference,
    carrier: event.carrier ?? null,
    token: isLink ? reference : null,
    sender: senderAddress(resource),
    person: person && {
      email: person.email === undefined ? null : canonical('email', person.email),
      phone: person.phone === undefined ? null : canonical('phone', person.phone),
      profile: person.linkedinUrl === undefined ? null : canonical('linkedin', person.linkedinUrl),
    },
    stop,
    lock: effectsOnAnyLead(event)?.length !== 0,
  };
  const [row] = await sql<Omit<StoredEvent, 'isNew'>>`
    SELECT p_event AS "eventId", p_subjects AS subjects, p_outbox AS "outboxIds",
      p_in_flight AS "isInFlight"
    FROM record_event(${json(request)}::jsonb)`;
  if (row === undefined) throw new Error('the event was not stored');
  return { ...row, isNew: row.eventId !== null };
}

/** HLTH-3: the domains that the mails came from are looked at, at once. @returns the bookings that are to be planned again */
async function lookAfterDomains({ sql, now }: Application, subjects: readonly EventSubject[]): Promise<string[]> {
  const owed: string[] = [];
  for (const domain of await domainsOfSubjects(sql, subjects)) {
    const changes = await checkDomainHealth(sql, domain.id, now);
    if (changes.includes('halved')) owed.push(await oweMaintenance(sql, domain.clientId, now));
  }
  return owed;
}

/** @returns what applying it did, in words; empty: nobody it belongs to was found */
async function apply(to: Application, subjects: readonly EventSubject[]): Promise<string> {
  const { sql, event } = to;
  const leads = await readSubjectLeads(sql, subjects);
  const outcomes: string[] = [];
  for (const effect of effectsOnSender(event)) outcomes.push(await applyToSender(to, effect));
  for (const lead of leads) {
    const done: string[] = [];
    // Suppressions come after everything else in the order of locks.
    const effects = effectsOnLead(event, lead);
    const last = effects.filter(({ kind }) => kind === 'suppress');
    for (const effect of [...effects.filter((one) => !last.includes(one)), ...last])
      done.push(await applyToLead(to, lead, effect));
    outcomes.push(done.filter((text) => text !== '').join(', ') || 'noted');
  }
  return outcomes.filter((text) => text !== '').join('; ');
}
