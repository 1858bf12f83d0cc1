import type { Delivery } from '../delivery';
import { hours, minutes } from '../durations';
import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import type { ReactionKind } from '../workflows/reaction-input';
import { arrivesAsMail, rawMailEvent } from './raw-mail';

/** Of mails that Salesforge sent it passes on complaints alone: the rest Salesforge tells itself. */
const passesOn = (delivery: Delivery, kind: ReactionKind): boolean =>
  delivery.channel === 'email' && arrivesAsMail(kind) && (delivery.provider !== 'salesforge' || kind === 'complaint');

/** Passes on what arrives in a sending mailbox. How patiently it does is assumed. */
export const simulatedMail: SimulatedProvider<'mailWebhook'> = {
  name: 'mail',
  account: {
    secrets: { mailWebhook: anySecret },
    variables: ({ mailWebhook }) => ({ MAIL_WEBHOOK_SECRET: mailWebhook }),
  },
  tells: (delivery, kind) => passesOn(delivery, kind),
  pauses: [minutes(1), minutes(5), minutes(30), hours(2), hours(6)],
  open: ({ secrets }) => ({
    requests: (delivery, event) =>
      passesOn(delivery, event.kind) && delivery.channel === 'email' && arrivesAsMail(event.kind)
        ? [rawMailEvent(delivery, event.kind, secrets.mailWebhook, event)]
        : [],
  }),
};
