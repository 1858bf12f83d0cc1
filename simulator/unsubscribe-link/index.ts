import type { MailDelivery } from '../delivery';
import { hours, minutes, seconds } from '../durations';
import type { SimulatedProvider } from '../provider';
import { form, type OutgoingWebhook } from '../webhook-request';

/** The mail programs of those who press the link. How patient they are is assumed. */
export const unsubscribeLink: SimulatedProvider<never> = {
  name: 'unsubscribe-link',
  tells: (delivery, kind) => delivery.channel === 'email' && kind === 'unsubscribe',
  pauses: [seconds(30), minutes(10), hours(1)],
  open: () => ({
    requests: (delivery, { kind }) =>
      delivery.channel === 'email' && kind === 'unsubscribe' ? [unsubscribeEvent(delivery)] : [],
  }),
};

/** RFC 8058: the mail program posts to the address in the mail's own header. */
function unsubscribeEvent(delivery: MailDelivery): OutgoingWebhook {
  return {
    provider: 'unsubscribe-link',
    event: 'unsubscribe',
    url: delivery.unsubscribeUrl ?? '',
    headers: form,
    body: 'List-Unsubscribe=One-Click',
  };
}
