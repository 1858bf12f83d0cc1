import type { People, Person } from './people';
import type { OutboxEntry } from './witness';

interface Common {
  /** Names the reaction's workflow; made of the provider's reference. */
  id: string;
  /** Who took it. */
  provider: string;
  resource: string;
  recipient: string;
  touchId: string | null;
  /** null: nobody whom the simulator knows. */
  person: Person | null;
}

export interface MailDelivery extends Common {
  channel: 'email';
  /** Without angle brackets. */
  messageId: string;
  subject: string;
  /** The one-click target of List-Unsubscribe, or else the link that the text offers. */
  unsubscribeUrl: string | null;
  /** Salesforge's sequence that carried it; null: none did. */
  sequenceId: string | null;
}

export interface CallDelivery extends Common {
  channel: 'voice';
  callSid: string;
  /** Where Twilio fetches the TwiML. */
  url: string | null;
  statusCallback: string | null;
  statusCallbackEvents: string[];
  machineDetection: boolean;
  /** Seconds until the carrier hangs up, and for which it lets the phone ring. */
  timeLimit: number;
  ringTimeout: number;
}

export interface LinkedInDelivery extends Common {
  channel: 'linkedin';
  kind: 'invite' | 'message';
}

export interface SmsDelivery extends Common {
  channel: 'sms';
  messageId: string;
  text: string;
}

/** A touch that a provider took for somebody. */
export type Delivery = MailDelivery | CallDelivery | LinkedInDelivery | SmsDelivery;

/**
 * Reads a delivery from its line in the outbox, so that a restarted simulator knows again what its waiting
 * reactions are about. null: the line is no touch, or nobody took it.
 */
export function deliveryOf(entry: OutboxEntry, people: People): Delivery | null {
  const { outcome, provider, resource, recipient, touchId, detail } = entry;
  const reference = text(detail['reference']);
  if (outcome !== 'accepted' || !resource || !recipient || !reference) return null;
  const common = { provider, resource, recipient, touchId };
  switch (entry.operation) {
    case 'send':
      return { ...common, ...mailOf(reference, detail), person: people.byEmail(recipient) };
    case 'call':
      return { ...common, ...callOf(reference, detail), person: people.byNumber(recipient) };
    case 'sms':
      return { ...common, ...smsOf(reference, detail), person: people.byNumber(recipient) };
    case 'invite':
    case 'message': {
      const kind = entry.operation;
      return { ...common, channel: 'linkedin', kind, id: reference, person: people.byLinkedIn(recipient) };
    }
    default:
      return null;
  }
}

type Detail = Record<string, unknown>;
type Own<T extends Delivery> = Omit<T, 'provider' | 'resource' | 'recipient' | 'touchId' | 'person'>;

function mailOf(messageId: string, detail: Detail): Own<MailDelivery> {
  const headers = (detail['headers'] ?? {}) as Record<string, string>;
  return {
    channel: 'email',
    id: messageId,
    messageId,
    subject: text(detail['subject']) ?? '',
    unsubscribeUrl:
      /<(https?:[^>]+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1] ??
      /unsubscribe here: (https?:\S+)/.exec(text(detail['text']) ?? '')?.[1] ??
      null,
    sequenceId:
      detail['sequenceId'] === null || detail['sequenceId'] === undefined ? null : String(detail['sequenceId']),
  };
}

function callOf(callSid: string, detail: Detail): Own<CallDelivery> {
  return {
    channel: 'voice',
    id: callSid,
    callSid,
    url: text(detail['url']),
    statusCallback: text(detail['statusCallback']),
    statusCallbackEvents: Array.isArray(detail['statusCallbackEvent']) ? detail['statusCallbackEvent'] : [],
    machineDetection: detail['machineDetection'] === true,
    timeLimit: Number(detail['timeLimit'] ?? 14_400),
    ringTimeout: Number(detail['timeout'] ?? 60),
  };
}

function smsOf(messageId: string, detail: Detail): Own<SmsDelivery> {
  return { channel: 'sms', id: messageId, messageId, text: text(detail['text']) ?? '' };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
