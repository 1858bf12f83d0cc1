import { secret } from '../../runtime/variables';
import { provider } from '../manifest';
import { salesforgeEvents } from './webhook';

/** Webhooks only: it watches the mailboxes that `smtp` sends from. */
export const salesforge = provider({
  name: 'salesforge',
  title: 'Events of sending mailboxes, by Salesforge',
  variables: {
    webhookSecret: secret(
      'SALESFORGE_WEBHOOK_SECRET',
      'Secret part of the path /webhooks/salesforge/SECRET, at least 16 characters.',
      { otherwise: 'none, the route is closed' },
    ),
  },
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/salesforge/:secret',
      proof: 'secret in the path',
      summary: 'Replies, bounces, opens and wishes to be left alone',
      register: 'one webhook per type: email_replied, email_bounced, email_opened, contact_unsubscribed',
      parse: (request, { webhookSecret }) => salesforgeEvents(request, { secret: webhookSecret }),
    },
  ],
});
