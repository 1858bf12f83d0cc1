import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { isSeen, salesforgeEvent } from './event';

/** Watches the sending mailboxes. A failed delivery is not repeated. */
export const simulatedSalesforge: SimulatedProvider<'salesforgeWebhook'> = {
  name: 'salesforge',
  account: {
    secrets: { salesforgeWebhook: anySecret },
    variables: ({ salesforgeWebhook }) => ({ SALESFORGE_WEBHOOK_SECRET: salesforgeWebhook }),
  },
  tells: (delivery, kind) => delivery.channel === 'email' && isSeen(kind),
  open: ({ secrets }) => ({
    requests: (delivery, event) =>
      delivery.channel === 'email' && isSeen(event.kind)
        ? [salesforgeEvent(delivery, event.kind, secrets.salesforgeWebhook, event)]
        : [],
  }),
};
