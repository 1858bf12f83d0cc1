import { secret, text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { clickSendSender, clickSendSign } from './client';
import { clickSendInboundEvents, clickSendReceiptEvents } from './webhook';

export const clicksend = provider({
  name: 'clicksend',
  title: 'SMS by ClickSend',
  variables: {
    baseUrl: webUrl('CLICKSEND_BASE_URL', 'Base URL of the API.', { default: 'https://rest.clicksend.com' }),
    username: text('CLICKSEND_USERNAME', 'User name.', { otherwise: 'none, no SMS' }),
    apiKey: text('CLICKSEND_API_KEY', 'API key.', { otherwise: 'none, no SMS' }),
    webhookSecret: secret(
      'CLICKSEND_WEBHOOK_SECRET',
      "Secret part of the webhook's path /webhooks/clicksend/SECRET/…, at least 16 characters.",
    ),
  },
  senders: { sms: clickSendSender },
  signOfLife: clickSendSign,
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/clicksend/:secret/inbound',
      proof: 'secret in the path',
      summary: 'A text message that came in',
      register: 'an automation for incoming SMS',
      parse: (request, { webhookSecret }) => clickSendInboundEvents(request, webhookSecret),
    },
    {
      method: 'POST',
      path: '/webhooks/clicksend/:secret/receipts',
      proof: 'secret in the path',
      summary: 'What became of a text message',
      register: 'an automation for delivery receipts',
      parse: (request, { webhookSecret }) => clickSendReceiptEvents(request, webhookSecret),
    },
  ],
});
