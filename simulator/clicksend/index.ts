import { minutes } from '../durations';
import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { clickSendApi } from './api';
import { clickSendEvent, isClicksendEvent } from './event';

/** Text messages. How patiently it repeats is assumed. */
export const simulatedClicksend: SimulatedProvider<'clicksendUsername' | 'clicksendApiKey' | 'clicksendWebhook'> = {
  name: 'clicksend',
  account: {
    secrets: { clicksendUsername: () => 'simulated', clicksendApiKey: anySecret, clicksendWebhook: anySecret },
    variables: ({ clicksendUsername, clicksendApiKey, clicksendWebhook }, { httpUrl }) => ({
      CLICKSEND_BASE_URL: httpUrl,
      CLICKSEND_USERNAME: clicksendUsername,
      CLICKSEND_API_KEY: clicksendApiKey,
      CLICKSEND_WEBHOOK_SECRET: clicksendWebhook,
    }),
  },
  tells: ({ provider, channel }, kind) => provider === 'clicksend' && channel === 'sms' && isClicksendEvent(kind),
  pauses: [minutes(1), minutes(5), minutes(30)],
  open: (context) => ({
    http: { prefix: '/v3', api: clickSendApi(context) },
    requests: (delivery, event) =>
      delivery.provider === 'clicksend' && delivery.channel === 'sms' && isClicksendEvent(event.kind)
        ? [clickSendEvent(delivery, event.kind, context.secrets.clicksendWebhook, event)]
        : [],
  }),
};
