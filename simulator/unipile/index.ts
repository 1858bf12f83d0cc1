import { hours, minutes, seconds } from '../durations';
import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { unipileApi } from './api';
import { isUnipileEvent, unipileEvent } from './event';
import { createNetwork } from './network';

/** LinkedIn. It repeats a failed delivery five times. */
export const simulatedUnipile: SimulatedProvider<'unipileApiKey' | 'unipileWebhook'> = {
  name: 'unipile',
  account: {
    secrets: { unipileApiKey: anySecret, unipileWebhook: anySecret },
    variables: ({ unipileApiKey, unipileWebhook }, { httpUrl }) => ({
      UNIPILE_BASE_URL: httpUrl,
      UNIPILE_API_KEY: unipileApiKey,
      UNIPILE_WEBHOOK_SECRET: unipileWebhook,
    }),
  },
  tells: ({ provider, channel }, kind) => provider === 'unipile' && channel === 'linkedin' && isUnipileEvent(kind),
  pauses: [seconds(10), minutes(1), minutes(10), hours(1), hours(6)],
  open(context) {
    const network = createNetwork();
    return {
      http: { prefix: '/api/v1', api: unipileApi(context, network) },
      requests(delivery, event) {
        if (delivery.provider !== 'unipile' || delivery.channel !== 'linkedin' || !isUnipileEvent(event.kind))
          return [];
        if (event.kind === 'inviteAccepted') network.accept(delivery.recipient, event.now);
        return [unipileEvent(delivery, event.kind, context.secrets.unipileWebhook, event)];
      },
      recall({ operation, resource, recipient, detail, at }, id) {
        if (operation !== 'invite') return;
        const text = typeof detail['text'] === 'string' ? detail['text'] : '';
        network.invite({ id, seat: resource ?? '', profileUrl: recipient ?? '', text, at: new Date(at) });
      },
      recallEvent({ event, recipient, at }) {
        if (event === 'inviteAccepted' && recipient) network.accept(recipient, new Date(at));
      },
    };
  },
};
