import type { WorkflowClient } from '@temporalio/client';
import type { Clock } from '../runtime/clock';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import type { Database } from '../store/database';
import { signalWorkflow } from '../runtime/signal-workflow';
import { isSendingMailbox } from '../store/senders/mailboxes';
import { deliverOwedSignals } from '../store/outbox/owed-signals';
import { createApi } from './create-api';
import { createEventSink } from './event-sink';
import { temporalWorkflowStarter } from './temporal-workflows';
import { createWebhookParsers, twilioVoice } from './webhook-parsers';

export interface ApiParts {
  config: Config;
  database: Database;
  client: WorkflowClient;
  clock: Clock;
  log: Logger;
}

export interface RunningApi {
  /** Where it listens, without a slash at the end. */
  url: string;
  stop(): Promise<void>;
}

/** Composes the API and listens. */
export async function runApi(parts: ApiParts): Promise<RunningApi> {
  const { config, database, client, clock, log } = parts;
  const { providers, secretKey, operatorApiKey, api } = config;
  const server = createApi({
    ...{ database, clock, logger: log, voice: twilioVoice },
    config: { publicBaseUrl: api.publicBaseUrl, secretKey, operatorApiKey },
    workflows: temporalWorkflowStarter(
      client,
      async () => void (await deliverOwedSignals(database, clock, signalWorkflow(client))),
    ),
    events: createEventSink({ database, clock, secretKey }),
    webhooks: createWebhookParsers(
      {
        salesforge: providers.salesforge?.webhookSecret ?? '',
        clicksend: providers.clicksend?.webhookSecret ?? '',
        unipile: providers.unipile?.webhookSecret ?? '',
        mail: providers.mail?.webhookSecret ?? '',
        twilioAuthToken: providers.twilio?.authToken ?? '',
      },
      (address) => isSendingMailbox(database, address),
    ),
  });
  const url = await server.listen({ host: api.host, port: api.port });
  return { url, stop: () => server.close() };
}
