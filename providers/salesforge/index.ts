import { optional, secret, text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { accountOf } from './account';
import { closed, salesforgeSender, salesforgeSign } from './client';
import { salesforgeWatch } from './watch';
import { salesforgeEvents } from './webhook';

/**
 * Sends from the mailboxes whose row says so, by carrier sequences, and watches them. With its webhook's secret alone it
 * watches mailboxes that `smtp` sends from.
 */
export const salesforge = provider({
  name: 'salesforge',
  title: 'Salesforge: events of sending mailboxes, and e-mail by its sequences',
  variables: {
    webhookSecret: secret(
      'SALESFORGE_WEBHOOK_SECRET',
      'Secret part of the path /webhooks/salesforge/SECRET, at least 16 characters.',
      { otherwise: 'none, the route is closed' },
    ),
    signingSecret: optional(
      text('SALESFORGE_SIGNING_SECRET', 'Signing secrets of the webhooks, whsec_…, with commas between them.', {
        otherwise: 'none, signatures are not looked at',
      }),
    ),
    apiKey: optional(
      text('SALESFORGE_API_KEY', 'API key, together with the workspace.', { otherwise: 'none, nothing is sent by it' }),
    ),
    workspaceId: optional(
      text('SALESFORGE_WORKSPACE_ID', 'Workspace that the mailboxes are connected to.', {
        otherwise: 'none, nothing is sent by it',
      }),
    ),
    baseUrl: webUrl('SALESFORGE_BASE_URL', 'Base URL of the core API.', {
      default: 'https://api.salesforge.ai/public/v2',
      alone: true,
    }),
    multichannelBaseUrl: webUrl('SALESFORGE_MULTICHANNEL_BASE_URL', 'Base URL of the API of sequences.', {
      default: 'https://multichannel-api.salesforge.ai/public',
      alone: true,
    }),
  },
  together: [{ name: 'salesforge sending', settings: ['apiKey', 'workspaceId'] }],
  senders: {
    email: (settings, outside, memory) => {
      const account = accountOf(settings);
      return account === null ? closed : salesforgeSender(account, outside, memory);
    },
  },
  mailboxWatch: (settings, outside) => {
    const account = accountOf(settings);
    return account === null ? null : salesforgeWatch(account, outside);
  },
  signOfLife: async (settings, outside) => {
    const account = accountOf(settings);
    return account === null ? null : salesforgeSign(account, outside);
  },
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/salesforge/:secret',
      proof: 'secret in the path',
      summary: 'Sent mails, replies, bounces, opens and wishes to be left alone',
      register:
        'one webhook per type: email_sent, email_replied, email_bounced, email_opened, contact_unsubscribed, dnc_added',
      parse: (request, { webhookSecret, signingSecret }) =>
        salesforgeEvents(request, { secret: webhookSecret, signingSecret }),
    },
  ],
});
