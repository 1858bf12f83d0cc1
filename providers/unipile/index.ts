import { secret, text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { unipileNetworker, unipileSign } from './client';
import { unipileEvents } from './webhook';

export const unipile = provider({
  name: 'unipile',
  title: 'LinkedIn by Unipile',
  variables: {
    baseUrl: webUrl('UNIPILE_BASE_URL', 'Base URL of your DSN, with its port.', {
      otherwise: 'none, no LinkedIn',
      remedy: 'set the URL of your Unipile DSN, e.g. https://api1.unipile.com:13111',
    }),
    apiKey: text('UNIPILE_API_KEY', 'Access token.', { otherwise: 'none, no LinkedIn' }),
    webhookSecret: secret(
      'UNIPILE_WEBHOOK_SECRET',
      "Value of the header X-Webhook-Secret that you set on Unipile's webhooks, at least 16 characters.",
    ),
  },
  senders: { linkedin: unipileNetworker },
  signOfLife: unipileSign,
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/unipile',
      proof: 'secret in a header',
      summary: 'Messages, accepted invitations, and the state of seats',
      register: 'webhooks messaging, users and account_status, with the header X-Webhook-Secret',
      parse: (request, { webhookSecret }) => unipileEvents(request, webhookSecret),
    },
  ],
});
