import { asRecord, textField } from '../http-exchange';
import { isOptOut } from '../reading/opt-out';
import type { ReportedEventKind, ProviderEvent } from '../ports';
import type { WebhookHeaders } from '../webhook';
import { contentId, headerOf, instantOf, jsonObject, requireSecret } from '../webhook';
import { personReference } from './invitations';

export interface UnipileWebhook {
  headers: WebhookHeaders;
  rawBody: string | Buffer;
  /** The run's time, for payloads that carry none. */
  receivedAt: Date;
}

/** The header in which Unipile sends back the secret that the webhook was registered with: it signs nothing itself. */
export const unipileSecretHeader = 'x-webhook-secret';

/**
 * Messages (a reply, unless it is the seat's own), new relations (an accepted invitation) and the seat's state.
 * @returns none for what the seat itself wrote
 * @throws WebhookRefused 401 (secret), 400 (no JSON object)
 */
export function unipileEvents(request: UnipileWebhook, webhookSecret: string): ProviderEvent[] {
  requireSecret(headerOf(request.headers, unipileSecretHeader), webhookSecret);
  const payload = jsonObject(request.rawBody);
  if ('AccountStatus' in payload) return [seatEvent(payload, request.receivedAt)];
  switch (payload['event']) {
    case 'message_received':
      return isOwnMessage(payload) ? [] : [messageEvent(payload, request.receivedAt)];
    case 'new_relation':
      return [relationEvent(payload, request.receivedAt)];
    default:
      return [unknownEvent(payload, request)];
  }
}

/** Unipile sends the webhook for what the seat itself wrote, too. */
function isOwnMessage(payload: Record<string, unknown>): boolean {
  if (payload['is_sender'] === true || payload['is_sender'] === 1) return true;
  const sender = textField(asRecord(payload['sender']), 'attendee_provider_id', 'provider_id');
  const ownIds = [
    textField(asRecord(payload['account_info']), 'user_id'),
    textField(payload, 'account_user_id'),
    textField(payload, 'account_id'),
  ];
  return sender !== null && ownIds.includes(sender);
}

function messageEvent(payload: Record<string, unknown>, receivedAt: Date): ProviderEvent {
  const sender = asRecord(payload['sender']);
  const messageId = textField(payload, 'message_id', 'id');
  const kind = isOptOut(textField(payload, 'message', 'text') ?? '') ? 'unsubscribe' : 'reply';
  return linkedInEvent(payload, kind, receivedAt, {
    id: `message:${messageId ?? contentId(JSON.stringify(payload))}`,
    personId: textField(sender, 'attendee_provider_id', 'provider_id'),
    profileUrl: textField(sender, 'attendee_profile_url', 'profile_url'),
  });
}

/** An accepted invitation; may come 8 hours late. Two people become connected once, so the pair is the event's id. */
function relationEvent(payload: Record<string, unknown>, receivedAt: Date): ProviderEvent {
  const personId = textField(payload, 'user_provider_id', 'user_public_identifier');
  return linkedInEvent(payload, 'inviteAccepted', receivedAt, {
    id: `relation:${textField(payload, 'account_id') ?? ''}:${personId ?? contentId(JSON.stringify(payload))}`,
    personId,
    profileUrl: textField(payload, 'user_profile_url') ?? profileUrlOf(textField(payload, 'user_public_identifier')),
  });
}

function linkedInEvent(
  payload: Record<string, unknown>,
  kind: ReportedEventKind,
  receivedAt: Date,
  about: { id: string; personId: string | null; profileUrl: string | null },
): ProviderEvent {
  const linkedinUrl = about.profileUrl ?? about.personId;
  const accountId = textField(payload, 'account_id');
  return {
    provider: 'unipile',
    providerEventId: about.id,
    kind,
    occurredAt: instantOf(textField(payload, 'timestamp', 'date'), receivedAt),
    touchId: null,
    reference: accountId && about.personId ? personReference(accountId, about.personId) : null,
    person: linkedinUrl ? { linkedinUrl } : null,
    resource: accountId ? { accountId } : null,
    payload,
  };
}

const seatIsOut = new Set(['CREDENTIALS', 'ERROR', 'STOPPED', 'DELETED', 'PERMISSIONS']);
const seatIsBack = new Set(['OK', 'RECONNECTED', 'CREATION_SUCCESS']);

/**
 * The payload has neither id nor time, and a seat may go out twice a day: the minute of arrival is part of the id.
 * Applying a seat's state twice does no harm; missing one does.
 */
function seatEvent(payload: Record<string, unknown>, receivedAt: Date): ProviderEvent {
  const status = asRecord(payload['AccountStatus']);
  const accountId = textField(status, 'account_id') ?? '';
  const message = textField(status, 'message') ?? '';
  const minute = receivedAt.toISOString().slice(0, 16);
  return {
    provider: 'unipile',
    providerEventId: `seat:${accountId}:${message}:${minute}`,
    kind: seatIsOut.has(message) ? 'seatDisconnected' : seatIsBack.has(message) ? 'seatReconnected' : 'unknown',
    occurredAt: receivedAt,
    touchId: null,
    reference: null,
    person: null,
    resource: accountId ? { accountId } : null,
    facts: { status: message },
    payload,
  };
}

function unknownEvent(payload: Record<string, unknown>, request: UnipileWebhook): ProviderEvent {
  const id = `other:${contentId(request.rawBody.toString())}`;
  return linkedInEvent(payload, 'unknown', request.receivedAt, { id, personId: null, profileUrl: null });
}

function profileUrlOf(slug: string | null): string | null {
  return slug ? `https://www.linkedin.com/in/${slug}` : null;
}
