import { hours, minutes } from '../durations';
import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { arrivesAsMail, rawMailEvent } from './raw-mail';

/** Passes on what arrives in a sending mailbox. How patiently it does is assumed. */
export const simulatedMail: SimulatedProvider<'mailWebhook'> = {
  name: 'mail',
  account: {
    secrets: { mailWebhook: anySecret },
    variables: ({ mailWebhook }) => ({ MAIL_WEBHOOK_SECRET: mailWebhook }),
  },
  tells: (delivery, kind) => delivery.channel === 'email' && arrivesAsMail(kind),
  pauses: [minutes(1), minutes(5), minutes(30), hours(2), hours(6)],
  open: ({ secrets }) => ({
    requests: (delivery, event) =>
      delivery.channel === 'email' && arrivesAsMail(event.kind)
        ? [rawMailEvent(delivery, event.kind, secrets.mailWebhook, event)]
        : [],
  }),
};
