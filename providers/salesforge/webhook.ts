import { createHmac } from 'node:crypto';
import { asRecord, textField } from '../http-exchange';
import { readLetter, writtenAt } from '../reading/letter';
import type { ReportedEventKind, ProviderEvent } from '../ports';
import type { SecretPathRequest } from '../webhook';
import {
  WebhookRefused,
  bareMessageId,
  headerOf,
  instantOf,
  jsonObject,
  requireSecret,
  sameSecret,
  touchIdInMessageId,
} from '../webhook';

export interface SalesforgeWebhookSettings {
  /** The secret in the webhook's path. */
  secret: string;
  /** Switches the signature check on. Header and algorithm are [unverified]: hex HMAC-SHA256 of the raw body. */
  signingSecret?: string | null;
  /** Default `x-salesforge-signature` [unverified]. */
  signatureHeader?: string;
}

/** Salesforge's types in the engine's words; replies are read further, any other type is stored only. */
const kinds: Readonly<Record<string, ReportedEventKind>> = {
  email_replied: 'reply',
  positive_reply: 'reply',
  negative_reply: 'reply',
  email_bounced: 'hardBounce',
  email_opened: 'opened',
  contact_unsubscribed: 'unsubscribe',
  dnc_added: 'unsubscribe',
};

/**
 * One event from Salesforge, which watches the mailboxes that we send from.
 * @throws WebhookRefused 401 (secret or signature), 400 (no JSON object, or no type)
 */
export function salesforgeEvents(request: SecretPathRequest, settings: SalesforgeWebhookSettings): ProviderEvent[] {
  requireSecret(request.secret, settings.secret);
  verifySignature(request, settings);
  const payload = jsonObject(request.rawBody);
  const info = asRecord(payload['webhookInfo']);
  const type = textField(info, 'type') ?? textField(payload, 'type');
  if (type === null) throw new WebhookRefused(400, 'webhookInfo.type is missing');
  const email = asRecord(payload['sequenceEmail']);
  const contact = asRecord(payload['contact']);
  const eventTime = textField(info, 'eventTime');
  const emailId = bareMessageId(textField(email, 'emailId') ?? '');
  const person = (textField(contact, 'email') ?? textField(email, 'toEmail'))?.trim().toLowerCase();
  const mailbox = (textField(asRecord(payload['mailbox']), 'email') ?? textField(email, 'fromEmail'))?.toLowerCase();
  const occurredAt = instantOf(eventTime, request.receivedAt);
  return [
    {
      provider: 'salesforge',
      // webhookInfo.id is the subscription's, the same for every delivery.
      providerEventId: [type, emailId, eventTime ?? '', textField(contact, 'id') ?? person ?? ''].join(':'),
      ...meaningOf(type, payload, occurredAt),
      occurredAt,
      touchId: touchIdInMessageId(emailId),
      reference: emailId || null,
      person: person ? { email: person } : null,
      resource: mailbox ? { mailbox } : null,
      payload,
    },
  ];
}

function verifySignature(request: SecretPathRequest, settings: SalesforgeWebhookSettings): void {
  if (!settings.signingSecret) return;
  const given = headerOf(request.headers, settings.signatureHeader ?? 'x-salesforge-signature');
  const expected = createHmac('sha256', settings.signingSecret).update(request.rawBody).digest('hex');
  if (!sameSecret(given?.replace(/^sha256=/, '').toLowerCase(), expected)) {
    throw new WebhookRefused(401, 'the signature is wrong');
  }
}

type Meaning = Pick<ProviderEvent, 'kind' | 'returnDate' | 'returnDateMonthFirst' | 'facts'>;

function meaningOf(type: string, payload: Record<string, unknown>, occurredAt: Date): Meaning {
  const kind = Object.hasOwn(kinds, type) ? (kinds[type] ?? 'unknown') : 'unknown';
  if (kind === 'hardBounce') return bounceOf(type, payload);
  if (kind !== 'reply') return { kind, facts: { type } };
  const email = asRecord(payload['sequenceEmail']);
  const subject = textField(email, 'subject');
  const content = textField(email, 'content') ?? '';
  const written = { saysAutomatic: false, writtenAt: writtenAt(null, occurredAt) };
  return { ...readLetter({ subject, content, ...written }), facts: { type } };
}

/** Whether Salesforge tells soft from hard bounces is [unverified]; one that does not say is hard. */
function bounceOf(type: string, payload: Record<string, unknown>): Meaning {
  const places = [payload, asRecord(payload['sequenceEmail']), asRecord(payload['bounce'])];
  const said = places.map((place) => textField(place, 'bounceType', 'bounce_type')).find(Boolean) ?? null;
  return {
    kind: /soft|transient|temporary/i.test(said ?? '') ? 'softBounce' : 'hardBounce',
    facts: { type, bounceType: said },
  };
}
