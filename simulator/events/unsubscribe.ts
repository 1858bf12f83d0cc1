import type { MailDelivery } from '../delivery';
import { form, type WebhookRequest } from './webhook-request';

/** RFC 8058: the mail program posts to the address in the mail's own header. */
export function unsubscribeEvent(delivery: MailDelivery): WebhookRequest {
  return {
    provider: 'unsubscribe-link',
    event: 'unsubscribe',
    url: delivery.unsubscribeUrl ?? '',
    headers: form,
    body: 'List-Unsubscribe=One-Click',
  };
}
