import { asRecord, textField } from '../http-exchange';
import { isOptOut } from '../reading/opt-out';
import type { ReportedEventKind, ProviderEvent } from '../ports';
import type { SecretPathRequest } from '../webhook';
import { WebhookRefused, contentId, instantOf, phoneNumberOf, requireSecret, storable, touchIdIn } from '../webhook';

/**
 * A text message that came in: `smsStop` or `reply`.
 * @throws WebhookRefused 401 (secret), 400 (neither JSON nor form, or no sender)
 */
export function clickSendInboundEvents(request: SecretPathRequest, secret: string): ProviderEvent[] {
  requireSecret(request.secret, secret);
  const fields = fieldsOf(request.rawBody);
  const text = textField(fields, 'body', 'message', 'text', 'original_body', 'originalmessagebody') ?? '';
  const from = textField(fields, 'from', 'from_number', 'sender');
  if (from === null) throw new WebhookRefused(400, 'the sender is missing');
  const messageId = textField(fields, 'message_id', 'messageid', 'messageId');
  const time = textField(fields, 'timestamp', 'timestamp_send', 'date');
  const id = messageId ?? contentId(from, text, time);
  return [
    {
      ...common(fields, request.receivedAt),
      kind: isOptOut(text) ? 'smsStop' : 'reply',
      providerEventId: `inbound:${id}`,
      reference: textField(fields, 'original_message_id', 'originalmessageid', 'originalMessageId'),
      person: personOf(from),
      resource: resourceOf(textField(fields, 'to', 'to_number')),
    },
  ];
}

/** Delivery receipts: 201 delivered, 301 failed; others are stored only. Throws as `clickSendInboundEvents`. */
export function clickSendReceiptEvents(request: SecretPathRequest, secret: string): ProviderEvent[] {
  requireSecret(request.secret, secret);
  const fields = fieldsOf(request.rawBody);
  const messageId = textField(fields, 'message_id', 'messageid', 'messageId');
  const statusCode = textField(fields, 'status_code', 'statuscode', 'statusCode') ?? '';
  const status = (textField(fields, 'status', 'status_text') ?? '').toLowerCase();
  const errorCode = textField(fields, 'error_code', 'errorcode');
  return [
    {
      ...common(fields, request.receivedAt),
      kind: receiptKind(statusCode, status),
      providerEventId: `receipt:${messageId ?? contentId(request.rawBody.toString())}:${statusCode || status}`,
      reference: messageId,
      person: personOf(textField(fields, 'to', 'recipient')),
      resource: resourceOf(textField(fields, 'from', 'originator')),
      facts: { statusCode, errorCode },
    },
  ];
}

function receiptKind(statusCode: string, status: string): ReportedEventKind {
  if (statusCode === '201' || (statusCode === '' && status === 'delivered')) return 'delivered';
  if (statusCode === '301' || (statusCode === '' && /^(undelivered|failed)$/.test(status))) return 'sendFailed';
  return 'unknown';
}

function common(fields: Record<string, unknown>, receivedAt: Date) {
  return {
    provider: 'clicksend' as const,
    occurredAt: instantOf(textField(fields, 'timestamp', 'timestamp_send', 'date'), receivedAt),
    touchId: touchIdIn(textField(fields, 'custom_string', 'customstring', 'customString')),
    payload: fields,
  };
}

/** JSON or a form, as the webhook was set up; its fields may be wrapped in `data`. */
function fieldsOf(rawBody: string | Buffer): Record<string, unknown> {
  const text = rawBody.toString();
  let body: Record<string, unknown>;
  try {
    body = asRecord(JSON.parse(text));
  } catch {
    body = Object.fromEntries(new URLSearchParams(text));
  }
  const inner = asRecord(body['data']);
  const fields = Object.keys(inner).length > 0 ? inner : body;
  if (Object.keys(fields).length === 0) throw new WebhookRefused(400, 'the body holds no fields');
  return storable(fields);
}

function personOf(value: string | null): ProviderEvent['person'] {
  const phone = phoneNumberOf(value);
  return phone ? { phone } : null;
}

function resourceOf(value: string | null): ProviderEvent['resource'] {
  const number = phoneNumberOf(value);
  return number ? { number } : null;
}
