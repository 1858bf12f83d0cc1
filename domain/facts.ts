import type { EmailStatus } from './address-check';
import type { LocalDate } from './calendar/local-date';
import type { WorkCalendar } from './calendar/sending-day';
import type { Channel } from './channels';
import type { Contact, Network } from './channels/channel-rules';
import type { SequenceStep } from './sequence';

/**
 * Everything the rules want to know about one lead in one campaign, read in one go. Plain data: the rules decide
 * from it when a touch is planned and, in the transaction of the sending itself, once more (TRUTH-2).
 */
export interface EnrollmentFacts {
  status: 'waiting' | 'active' | 'completed' | 'stopped';
  stop: { reason: string; rule: string } | null;
  campaign: 'draft' | 'active' | 'paused' | 'completed';
  steps: readonly SequenceStep[];
  touches: readonly TouchFacts[];
  /** Steps that were finished before the campaign was imported (MIG-1). */
  finishedBefore: readonly FinishedStep[];
  /** The first step that is this lead's; those before it lie behind it (MIG-1, MIG-2). */
  fromStep: number;
  day0: LocalDate | null;
  /** Nothing is planned before this date: an automatic reply (SEQ-3). */
  holdUntil: LocalDate | null;
  /** The recipient's zone and holidays. */
  calendar: WorkCalendar;
  /** The zone that calls and texts keep to; null: nothing tells it, so none leave (TIME-3). */
  callTimezone: string | null;
  /** Where it must be between 08:00 and 20:00 beside that, as the number says (TIME-3); empty: it says nothing else. */
  numberZones: readonly string[];
  /** The number's country: its holidays count for a lead whose own is unknown (TIME-5). */
  numberCountry: string | null;
  score: number | null;
  contact: Contact;
  /** What the check of the address found. */
  emailStatus: EmailStatus;
  /** The suppression that blocks every channel, or e-mail only, by its reason; null: none does. */
  suppressed: { all: string | null; email: string | null };
  /** What the client's seats are to the lead: it decides what a LinkedIn touch is. */
  network: Network;
  /** Can the client send on this channel: yes, not now (paused, disconnected), or not at all. */
  senders: Readonly<Record<Channel, SenderState>>;
}

export type SenderState = 'ready' | 'out' | 'none';

export interface TouchFacts {
  step: number;
  channel: Channel;
  status: 'planned' | 'sending' | 'sent' | 'failed' | 'uncertain' | 'skipped' | 'cancelled';
  /** Recipient-local date of sending. */
  sentOn: LocalDate | null;
  /** Sending days already waited for a resource that was out (SEQ-7). */
  daysWaited: number;
  /** Recipient-local date of the last of them. */
  waitedOn: LocalDate | null;
  /** Plans that ended without a text (TEXT-2). */
  textFailures: number;
}

/** A step that somebody else finished: a fact, and no touch of ours. */
export interface FinishedStep {
  step: number;
  channel: Channel;
  /** Recipient-local date of it. */
  doneOn: LocalDate;
}

/** Why something is not done: the words, the rule and its numbers (TRUTH-3). */
export interface Because {
  reason: string;
  rule: string;
  numbers: Record<string, string | number | boolean | null>;
}

/** The recipient-local date of the last touch that reached, or may have reached, the lead (SEQ-2, SEQ-8). */
export function lastTouchOn(facts: EnrollmentFacts): LocalDate | null {
  const sent = facts.touches.flatMap((touch) => (touch.sentOn === null ? [] : [touch.sentOn]));
  const dates = [...sent, ...facts.finishedBefore.map((step) => step.doneOn)];
  return dates.length === 0 ? null : dates.reduce((a, b) => (a > b ? a : b));
}
