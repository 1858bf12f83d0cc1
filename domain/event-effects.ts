import { holdUntil } from './calendar/due-date';
import { localDate, type LocalDate } from './calendar/local-date';
import type { WorkCalendar } from './calendar/sending-day';

/** What providers tell, in one vocabulary. The words of providers/ports.ts: the compiler compares them. */
export type EventKind =
  | 'reply'
  | 'autoReply'
  | 'hardBounce'
  | 'softBounce'
  | 'blocked'
  | 'unsubscribe'
  | 'complaint'
  | 'smsStop'
  | 'sent'
  | 'delivered'
  | 'opened'
  | 'callCompleted'
  | 'inviteAccepted'
  | 'sendFailed'
  | 'seatDisconnected'
  | 'seatReconnected'
  | 'unknown';

/** What the rules want to know of an event. */
export interface EventFacts {
  kind: EventKind;
  occurredAt: Date;
  /** autoReply only: the stated date of return; null: none is stated. */
  returnDate?: LocalDate | null;
  /** The same, if the writer puts the month first. */
  returnDateMonthFirst?: LocalDate | null;
  /** Does it show that the provider has the touch, whatever its kind says (a call that rings)? */
  provesSending?: boolean;
}

/** What the rules want to know of the lead that an event is about. */
export interface LeadAtEvent {
  calendar: WorkCalendar;
  /** Soft bounces before this event. */
  softBounces: number;
}

/** The workflow signals that wake a lead, and tell the story in its history. */
export type LeadSignalName = 'leadReplied' | 'emailBounced' | 'leadUnsubscribed' | 'leadWoken';

/** What an event makes true of the touch that it names: it was sent, and no longer uncertain (TRUTH-1). */
export type TouchEffect = { kind: 'confirmSent' };

/** What an event makes true of a lead. The store applies each, in this order, in the event's own transaction. */
export type LeadEffect =
  /** Every open sequence of the lead stops, at this client (SEQ-3, SEQ-5). */
  | { kind: 'stop'; reason: string; rule: string; signal: LeadSignalName }
  /** all: the person is blocked on every channel, by address, mobile and profile. email: the address, for e-mail. */
  | { kind: 'suppress'; scope: 'all' | 'email'; reason: string }
  | { kind: 'countSoftBounce' }
  /** Booked e-mails are taken back; the plan will skip them (SEQ-4). */
  | { kind: 'skipEmails'; reason: string; rule: string }
  /** The seat that the event came to and the lead are connected. Acceptance is no reply: the sequence goes on (SEQ-3). */
  | { kind: 'connect' }
  /** Nothing is planned before this recipient-local date (SEQ-3). */
  | { kind: 'hold'; until: LocalDate; answeredOn: LocalDate; returnDate: LocalDate | null };

/** What an event makes true of the sender that it came to: it can, or can no longer, be used (SEQ-7). */
export type SenderEffect = { kind: 'pauseSender' } | { kind: 'resumeSender' };

/** SEQ-4: three soft bounces count as one hard. */
export const softBouncesPerHard = 3;

/**
 * TRUTH-1: does this event prove that the touch it names was sent, although its attempt was not heard of again? Every
 * event about a touch does, but for one that says it failed, and one that nobody understands.
 */
export function provesSending(event: Pick<EventFacts, 'kind' | 'provesSending'>): boolean {
  if (event.kind === 'sendFailed') return false;
  return event.kind !== 'unknown' || event.provesSending === true;
}

/** What an event means for the touch that it names (TRUTH-1). */
export function effectsOnTouch(event: Pick<EventFacts, 'kind' | 'provesSending'>): TouchEffect[] {
  return provesSending(event) ? [{ kind: 'confirmSent' }] : [];
}

/** What an event means for one lead that it is about (SEQ-3, SEQ-4, SEQ-5). */
export function effectsOnLead(event: EventFacts, lead: LeadAtEvent): LeadEffect[] {
  const effects = effectsOnAnyLead(event);
  if (effects !== null) return effects;
  if (event.kind === 'autoReply') return [holdEffect(event, lead)];
  const isThird = lead.softBounces + 1 >= softBouncesPerHard;
  return [{ kind: 'countSoftBounce' }, ...(isThird ? bounced('third soft bounce') : [])];
}

/** What an event means for a lead, whoever that is; null: it depends on the lead. */
export function effectsOnAnyLead(event: Pick<EventFacts, 'kind'>): LeadEffect[] | null {
  switch (event.kind) {
    case 'reply':
      return [{ kind: 'stop', reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' }];
    case 'autoReply':
    case 'softBounce':
      return null;
    case 'hardBounce':
      return bounced('hard bounce');
    case 'unsubscribe':
    case 'complaint':
    case 'smsStop':
      return [
        { kind: 'suppress', scope: 'all', reason: event.kind },
        { kind: 'stop', reason: event.kind, rule: 'SEQ-5', signal: 'leadUnsubscribed' },
      ];
    case 'inviteAccepted':
      return [{ kind: 'connect' }];
    case 'blocked':
    case 'sent':
    case 'delivered':
    case 'opened':
    case 'callCompleted':
    case 'sendFailed':
    case 'seatDisconnected':
    case 'seatReconnected':
    case 'unknown':
      return [];
  }
}

/** Must nothing be on its way any more to those whom this event is about, when it is answered? */
export function stopsPeople(event: Pick<EventFacts, 'kind'>): boolean {
  const effects = effectsOnAnyLead(event) ?? [];
  return effects.some(({ kind }) => kind === 'stop' || kind === 'skipEmails');
}

/** Does this event count in the health of the domain that the mail came from (HLTH-1)? */
export function countsForHealth({ kind }: Pick<EventFacts, 'kind'>): boolean {
  return (
    kind === 'hardBounce' ||
    kind === 'softBounce' ||
    kind === 'blocked' ||
    kind === 'complaint' ||
    kind === 'unsubscribe'
  );
}

/** What an event means for the sender that it came to (SEQ-7). */
export function effectsOnSender(event: Pick<EventFacts, 'kind'>): SenderEffect[] {
  if (event.kind === 'seatDisconnected') return [{ kind: 'pauseSender' }];
  if (event.kind === 'seatReconnected') return [{ kind: 'resumeSender' }];
  return [];
}

function bounced(reason: string): LeadEffect[] {
  return [
    { kind: 'suppress', scope: 'email', reason: 'hard bounce' },
    { kind: 'skipEmails', reason, rule: 'SEQ-4' },
  ];
}

function holdEffect(event: EventFacts, { calendar }: LeadAtEvent): LeadEffect {
  const answeredOn = localDate(event.occurredAt, calendar.timezone);
  const returnDate = statedReturn(event, calendar) ?? null;
  return { kind: 'hold', until: holdUntil(answeredOn, returnDate, calendar), answeredOn, returnDate };
}

/** Where 3/6 is the sixth of March. */
const monthFirstCountries = new Set(['US', 'PH', 'FM', 'MH', 'PW']);

function statedReturn({ returnDate, returnDateMonthFirst }: EventFacts, { countryCode }: WorkCalendar) {
  return countryCode !== null && monthFirstCountries.has(countryCode) && returnDateMonthFirst !== undefined
    ? returnDateMonthFirst
    : returnDate;
}
