import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { salesforgeApi } from './api';
import { createDepartures } from './departures';
import { isSeen, noteInThread, salesforgeEvents } from './event';
import { createMisbehaviours, misbehaviourControl } from './misbehaviours';
import { createWorkspace } from './workspace';

/** Watches the sending mailboxes, and sends by sequences. A failed delivery of an event is not repeated. */
export const simulatedSalesforge: SimulatedProvider<'salesforgeWebhook' | 'salesforgeApiKey' | 'salesforgeWorkspace'> =
  {
    name: 'salesforge',
    account: {
      secrets: { salesforgeWebhook: anySecret, salesforgeApiKey: anySecret, salesforgeWorkspace: anySecret },
      variables: ({ salesforgeWebhook, salesforgeApiKey, salesforgeWorkspace }, { httpUrl }) => ({
        SALESFORGE_WEBHOOK_SECRET: salesforgeWebhook,
        SALESFORGE_API_KEY: salesforgeApiKey,
        SALESFORGE_WORKSPACE_ID: salesforgeWorkspace,
        SALESFORGE_BASE_URL: `${httpUrl}/salesforge/public/v2`,
        SALESFORGE_MULTICHANNEL_BASE_URL: `${httpUrl}/salesforge/public`,
      }),
    },
    tells: isSeen,
    open(context) {
      const workspace = createWorkspace(context.now, context.salesforge);
      const departures = createDepartures(workspace, context);
      const misbehaviours = createMisbehaviours();
      return {
        http: { prefix: '/salesforge', api: salesforgeApi({ context, workspace, departures, misbehaviours }) },
        control: misbehaviourControl(misbehaviours),
        woken: (id) => departures.leave(id),
        requests(delivery, event) {
          if (!isSeen(delivery, event.kind) || delivery.channel !== 'email') return [];
          noteInThread(workspace, delivery, event);
          return salesforgeEvents(delivery, context.secrets.salesforgeWebhook, event);
        },
      };
    },
  };
