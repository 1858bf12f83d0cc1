import { stableId } from '../chance';
import type { SmsDelivery } from '../delivery';
import type { EventContext } from '../provider';
import { jsonHeaders, type OutgoingWebhook } from '../webhook-request';
import { replyText } from '../words';
import type { ReactionKind } from '../workflows/reaction-input';

type SmsKind = 'delivered' | 'reply' | 'smsStop';

export const isClicksendEvent = (kind: ReactionKind): kind is SmsKind =>
  kind === 'delivered' || kind === 'reply' || kind === 'smsStop';

/** A delivery receipt, or a text message that came back. `custom_string` returns with both. */
export function clickSendEvent(
  delivery: SmsDelivery,
  kind: SmsKind,
  secret: string,
  context: EventContext,
): OutgoingWebhook {
  const route = kind === 'delivered' ? 'receipts' : 'inbound';
  const payload = kind === 'delivered' ? receipt(delivery, context) : inbound(delivery, kind, context);
  return {
    provider: 'clicksend',
    event: kind,
    url: `${context.engineBaseUrl}/webhooks/clicksend/${secret}/${route}`,
    headers: jsonHeaders,
    body: JSON.stringify(payload),
  };
}

function receipt(delivery: SmsDelivery, { now }: EventContext): Record<string, unknown> {
  return {
    timestamp_send: unixSeconds(now),
    timestamp: unixSeconds(now),
    message_id: delivery.messageId,
    status: 'Delivered',
    status_code: '201',
    status_text: 'Success: Message received on handset.',
    error_code: null,
    error_text: null,
    custom_string: delivery.touchId ?? '',
    message_type: 'sms',
  };
}

function inbound(
  delivery: SmsDelivery,
  kind: 'reply' | 'smsStop',
  { now, luck }: EventContext,
): Record<string, unknown> {
  return {
    timestamp: unixSeconds(now),
    from: delivery.recipient,
    to: delivery.resource,
    body: kind === 'smsStop' ? 'STOP' : replyText(delivery, luck),
    original_body: delivery.text,
    original_message_id: delivery.messageId,
    custom_string: delivery.touchId ?? '',
    message_id: stableId(32, 'inbound', kind, delivery.id).toUpperCase(),
  };
}

function unixSeconds(date: Date): string {
  return String(Math.floor(date.getTime() / 1_000));
}
