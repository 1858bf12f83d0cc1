import { holdUntil } from '../../domain/due-date';
import { laterDate, localDate } from '../../domain/local-date';
import type { ProviderEvent } from '../../providers/ports';
import { applyBounce } from './bounces';
import type { Database, Transaction } from '../database';
import { dateText, dateValue } from '../dates';
import { clientOfResource, findSubjects, type EventSubject } from './subjects';
import { oweSignal } from '../outbox/signals';
import { stopLead, unbookTouches } from '../enrollments/stops';
import { tell } from '../enrollments/timeline';
import { addSuppression } from '../leads/suppressions';

/**
 * TRUTH-5: stores an event and applies it, in one transaction. Returning means that both are committed; a repeated
 * delivery of the same event changes nothing.
 * @returns whether the event was new
 */
export async function recordEvent(
  database: Database,
  event: ProviderEvent,
  secretKey: string,
  now: Date,
): Promise<boolean> {
  return database.$transaction(async (tx) => {
    const stored = await store(tx, event, now);
    if (stored === null) return false;
    const subjects = await findSubjects(tx, event);
    const outcomes: string[] = [];
    if (subjects.length === 0) outcomes.push(await applyToResource(tx, event, now));
    for (const subject of subjects) outcomes.push(await apply(tx, subject, event, secretKey, now));
    const outcome = outcomes.filter((text) => text !== '').join('; ') || null;
    await tx.inboundEvent.update({ where: { id: stored }, data: { ...subjects[0], outcome } });
    return true;
  });
}

/** @returns the new row's id, or null when this event was stored before */
async function store(tx: Transaction, event: ProviderEvent, now: Date): Promise<string | null> {
  const [row] = await tx.inboundEvent.createManyAndReturn({
    data: [
      {
        provider: event.provider,
        providerEventId: event.providerEventId,
        kind: event.kind,
        occurredAt: event.occurredAt,
        receivedAt: now,
        payload: { facts: event.facts ?? {}, received: event.payload ?? null },
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });
  return row?.id ?? null;
}

async function apply(
  tx: Transaction,
  subject: EventSubject,
  event: ProviderEvent,
  secretKey: string,
  now: Date,
): Promise<string> {
  await confirmUncertain(tx, subject, event, now);
  switch (event.kind) {
    case 'reply': {
      const stop = { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied', now } as const;
      return `${await stopLead(tx, subject.leadId, stop)} sequences stopped`;
    }
    case 'autoReply':
      return hold(tx, subject, event, now);
    case 'hardBounce':
    case 'softBounce':
      return applyBounce(tx, subject, event.kind === 'hardBounce', secretKey, now);
    case 'unsubscribe':
    case 'complaint':
    case 'smsStop':
      return suppressPerson(tx, subject, event.kind, secretKey, now);
    case 'seatDisconnected':
    case 'seatReconnected':
      return applyToResource(tx, event, now);
    case 'delivered':
    case 'opened':
    case 'callCompleted':
    case 'inviteAccepted':
    case 'sendFailed':
    case 'unknown':
      return 'noted';
  }
}

/** An event about an uncertain touch proves that it was sent (TRUTH-1). */
async function confirmUncertain(
  tx: Transaction,
  subject: EventSubject,
  event: ProviderEvent,
  now: Date,
): Promise<void> {
  // Twilio reports every stage of a call, also those that the engine has no word for.
  const isProof = event.kind !== 'sendFailed' && (event.kind !== 'unknown' || event.provider === 'twilio');
  if (subject.touchId === null || !isProof) return;
  const because = { reason: `confirmed by the provider: ${event.kind}`, rule: 'TRUTH-1' };
  const [touch] = await tx.touch.updateManyAndReturn({
    where: { id: subject.touchId, status: 'uncertain' },
    data: { status: 'sent', ...because },
    select: { id: true, clientId: true, enrollmentId: true, step: true },
  });
  if (touch !== undefined)
    await tell(tx, { ...touch, touchId: touch.id, at: now, what: 'sent', ...because, numbers: {} });
}

/** SEQ-5: the person is suppressed on every channel and campaign of the client, and every sequence stops. */
async function suppressPerson(
  tx: Transaction,
  subject: EventSubject,
  reason: 'unsubscribe' | 'complaint' | 'smsStop',
  secretKey: string,
  now: Date,
): Promise<string> {
  const lead = await tx.lead.findUniqueOrThrow({ where: { id: subject.leadId } });
  // The office's switchboard (`phone`) is not the person's own; colleagues may be called on it.
  const identifiers = [
    ['email', lead.email],
    ['phone', lead.mobile],
    ['linkedin', lead.linkedinUrl],
  ] as const;
  const { clientId } = subject;
  for (const [kind, value] of identifiers) {
    if (value === null) continue;
    await addSuppression(tx, secretKey, { clientId, kind, value, keepValue: true, scope: 'all', reason, now });
  }
  const stop = { reason, rule: 'SEQ-5', signal: 'leadUnsubscribed', now } as const;
  return `suppressed; ${await stopLead(tx, subject.leadId, stop)} sequences stopped`;
}

/** SEQ-3: an automatic reply holds the sequences of a lead; what was booked is planned again. */
async function hold(tx: Transaction, subject: EventSubject, event: ProviderEvent, now: Date): Promise<string> {
  const lead = await tx.lead.findUniqueOrThrow({ where: { id: subject.leadId } });
  const answeredOn = localDate(event.occurredAt, lead.timezone);
  const returnDate = event.returnDate ?? null;
  const until = holdUntil(answeredOn, returnDate, lead);
  const active = await tx.enrollment.findMany({
    where: { leadId: lead.id, status: 'active' },
    orderBy: { id: 'asc' },
    select: { id: true, holdUntil: true },
  });
  for (const { id, holdUntil: earlier } of active) {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${id}::uuid FOR UPDATE`;
    const date = laterDate(until, dateText(earlier) ?? until);
    await tx.enrollment.update({ where: { id }, data: { holdUntil: dateValue(date) } });
    await unbookTouches(tx, id);
    const numbers = { answeredOn, returnDate, holdUntil: date };
    const because = { reason: 'automatic reply', rule: 'SEQ-3', numbers };
    await tell(tx, { clientId: subject.clientId, enrollmentId: id, at: now, what: 'held', ...because });
    await oweSignal(tx, id, 'leadWoken', now);
  }
  return `${active.length} sequences held until ${until}`;
}

const seatIsOut = 'disconnected';

/** Events that are about a seat, not about a person. */
async function applyToResource(tx: Transaction, event: ProviderEvent, now: Date): Promise<string> {
  const accountId = event.resource?.accountId;
  if (accountId === undefined || (await clientOfResource(tx, event.resource)) === null) return '';
  if (event.kind === 'seatDisconnected') {
    const data = { pausedAt: now, pauseReason: seatIsOut };
    await tx.linkedInSeat.updateMany({ where: { accountId, pausedAt: null }, data });
    return 'seat taken out';
  }
  if (event.kind === 'seatReconnected') {
    const data = { pausedAt: null, pauseReason: null };
    await tx.linkedInSeat.updateMany({ where: { accountId, pauseReason: seatIsOut }, data });
    return 'seat is back';
  }
  return '';
}
