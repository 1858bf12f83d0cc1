import { createHmac } from 'node:crypto';
import { asRecord, textField } from '../http-exchange';
import { readLetter, writtenAt } from '../reading/letter';
import { plainText } from '../reading/plain-text';
import type { ReportedEventKind, ProviderEvent } from '../ports';
import type { SecretPathRequest } from '../webhook';
import {
  WebhookRefused,
  bareMessageId,
  contentId,
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
  /** Switches the signature check on: the webhooks' signing secrets, `whsec_…`, with commas between them. */
  signingSecret?: string | null;
}

/** Salesforge's types in the engine's words; replies are read further, any other type is stored only. */
const kinds: Readonly<Record<string, ReportedEventKind>> = {
  email_replied: 'reply',
  positive_reply: 'reply',
  negative_reply: 'reply',
  email_bounced: 'hardBounce',
  email_sent: 'sent',
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
  return [salesforgeEvent(jsonObject(request.rawBody), request.receivedAt)];
}

/**
 * What one payload means, whether a webhook brought it or a look at the threads made it up in the same form. Both make the
 * same id of the same event, so it counts once.
 * @throws WebhookRefused 400 without a type
 */
export function salesforgeEvent(payload: Record<string, unknown>, receivedAt: Date): ProviderEvent {
  const info = asRecord(payload['webhookInfo']);
  const type = textField(info, 'type') ?? textField(payload, 'type');
  if (type === null) throw new WebhookRefused(400, 'webhookInfo.type is missing');
  const email = asRecord(payload['sequenceEmail']);
  const contact = asRecord(payload['contact']);
  const eventTime = textField(info, 'eventTime');
  const emailId = bareMessageId(textField(email, 'emailId') ?? '');
  const person = (textField(contact, 'email') ?? textField(email, 'toEmail'))?.trim().toLowerCase();
  const mailbox = (textField(asRecord(payload['mailbox']), 'email') ?? textField(email, 'fromEmail'))?.toLowerCase();
  const occurredAt = instantOf(eventTime, receivedAt);
  const about = { type, emailId, eventTime, person: person ?? textField(contact, 'id') ?? '' };
  return {
    provider: 'salesforge',
    providerEventId: eventIdOf(about, textField(email, 'content') ?? ''),
    ...meaningOf(type, payload, occurredAt),
    occurredAt,
    touchId: touchIdInMessageId(emailId),
    reference: emailId || null,
    carrier: textField(asRecord(payload['sequence']), 'id'),
    person: person ? { email: person } : null,
    resource: mailbox ? { mailbox } : null,
    payload,
  };
}

/**
 * webhookInfo.id is the subscription's, the same for every delivery. A mail leaves once and bounces once, whatever time is
 * said of it. A reply is told by its words and its day: which mail its `emailId` names is [unverified], and the threads
 * know no time of the event. The same words on another day are another reply.
 */
function eventIdOf(
  { type, emailId, eventTime, person }: { type: string; emailId: string; eventTime: string | null; person: string },
  content: string,
): string {
  if ((type === 'email_sent' || type === 'email_bounced') && emailId !== '') return [type, emailId, person].join(':');
  if (type !== 'email_replied') return [type, emailId, eventTime ?? '', person].join(':');
  const words = plainText(content).split(/\s+/).filter(Boolean).join(' ');
  return [type, person, instantOf(eventTime, new Date(0)).toISOString().slice(0, 10), contentId(words)].join(':');
}

/** How far the signature's own time may be from ours, in milliseconds. */
const signatureAgeMs = 300_000;

/** Hex HMAC-SHA256 of `event id.timestamp.body` by one of the secrets [3p]. Webhooks made in Salesforge's own pages are unsigned. */
function verifySignature(request: SecretPathRequest, { signingSecret }: SalesforgeWebhookSettings): void {
  if (!signingSecret) return;
  const eventId = headerOf(request.headers, 'x-salesforgeai-webhook-event-id') ?? '';
  const parts = (headerOf(request.headers, 'x-salesforgeai-webhook-signature') ?? '').split(',');
  const part = (name: string): string | undefined =>
    parts
      .find((one) => one.trim().startsWith(`${name}=`))
      ?.trim()
      .slice(name.length + 1);
  const [timestamp = '', given] = [part('t'), part('v1')];
  const age = Math.abs(Number(timestamp) * 1000 - request.receivedAt.getTime());
  const signed = Buffer.concat([Buffer.from(`${eventId}.${timestamp}.`), Buffer.from(request.rawBody)]);
  const fits = signingSecret
    .split(',')
    .some((secret) => sameSecret(given, createHmac('sha256', secret.trim()).update(signed).digest('hex')));
  if (!fits || !(age <= signatureAgeMs)) throw new WebhookRefused(401, 'the signature is wrong');
}

type Meaning = Pick<ProviderEvent, 'kind' | 'returnDate' | 'returnDateMonthFirst' | 'facts'>;

function meaningOf(type: string, payload: Record<string, unknown>, occurredAt: Date): Meaning {
  const kind = Object.hasOwn(kinds, type) ? (kinds[type] ?? 'unknown') : 'unknown';
  if (kind === 'hardBounce') return bounceOf(type, payload);
  if (kind !== 'reply') return { kind, facts: { type } };
  const email = asRecord(payload['sequenceEmail']);
  const subject = textField(email, 'subject');
  const content = textField(email, 'content') ?? '';
  const written = { saysAutomatic: payload['replyType'] === 'ooo', writtenAt: writtenAt(null, occurredAt) };
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
