import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { textField } from '../http-exchange';
import type { ReportedEventKind, ProviderEvent } from '../ports';
import type { WebhookHeaders } from '../webhook';
import { WebhookRefused, headerOf, instantOf, phoneNumberOf, storable, touchIdIn } from '../webhook';
import { touchParameter } from './voice-urls';

/** A form post from Twilio. */
export interface TwilioWebhook {
  headers: WebhookHeaders;
  /** The public URL with its query, exactly as Twilio was told it: the signature covers it. */
  url: string;
  /** The form's fields. */
  params: Record<string, string>;
  /** The run's time, for requests that carry none. */
  receivedAt: Date;
}

/** @throws WebhookRefused (401) unless X-Twilio-Signature is right for this URL and these fields. */
export function verifyTwilio(request: TwilioWebhook, authToken: string): void {
  const signature = headerOf(request.headers, 'x-twilio-signature');
  if (!signature || !validateRequest(authToken, signature, request.url, request.params)) {
    throw new WebhookRefused(401, 'the signature is wrong');
  }
}

/** Statuses after which a call does not change any more. */
const finalStatuses = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

/**
 * A status callback: `callCompleted` at the end, with {callStatus, duration in seconds or null, answeredBy}; until
 * then `unknown`. Each proves by its touch id and CallSid that Twilio took the call.
 * @throws WebhookRefused 401 (signature), 400 (no CallSid or CallStatus)
 */
export function twilioStatusEvents(request: TwilioWebhook, authToken: string): ProviderEvent[] {
  verifyTwilio(request, authToken);
  const callStatus = required(request, 'CallStatus');
  const seconds = textField(request.params, 'CallDuration', 'Duration');
  const event = eventOf(request, finalStatuses.has(callStatus) ? 'callCompleted' : 'unknown', callStatus, {
    callStatus,
    duration: seconds === null ? null : Number(seconds),
    answeredBy: textField(request.params, 'AnsweredBy'),
  });
  return [{ ...event, provesSending: event.touchId !== null }];
}

/** A pressed key: 1 is a reply, 9 an unsubscribe (SEQ-5), any other key is stored only. */
export function twilioGatherEvents(request: TwilioWebhook, authToken: string): ProviderEvent[] {
  verifyTwilio(request, authToken);
  const digits = textField(request.params, 'Digits') ?? '';
  const kind: ReportedEventKind = digits === '1' ? 'reply' : digits === '9' ? 'unsubscribe' : 'unknown';
  return [eventOf(request, kind, `gather:${digits}`, { digits })];
}

/** Somebody calls one of our numbers: a reply (SEQ-3). */
export function twilioInboundEvents(request: TwilioWebhook, authToken: string): ProviderEvent[] {
  verifyTwilio(request, authToken);
  return [eventOf(request, 'reply', 'inbound', { callStatus: textField(request.params, 'CallStatus') })];
}

function eventOf(
  request: TwilioWebhook,
  kind: ReportedEventKind,
  what: string,
  facts: NonNullable<ProviderEvent['facts']>,
): ProviderEvent {
  const callSid = required(request, 'CallSid');
  const { params } = request;
  const theyCalled = what === 'inbound' || params['Direction'] === 'inbound';
  const phone = phoneNumberOf(theyCalled ? params['From'] : params['To']);
  const number = phoneNumberOf(theyCalled ? params['To'] : params['From']);
  return {
    provider: 'twilio',
    providerEventId: `${callSid}:${what}`,
    kind,
    occurredAt: instantOf(textField(params, 'Timestamp'), request.receivedAt),
    touchId: theyCalled ? null : touchIdIn(touchParameter(request.url)),
    reference: callSid,
    person: phone ? { phone } : null,
    resource: number ? { number } : null,
    facts,
    payload: storable(params),
  };
}

function required(request: TwilioWebhook, name: string): string {
  const value = textField(request.params, name);
  if (value === null) throw new WebhookRefused(400, `${name} is missing`);
  return value;
}
