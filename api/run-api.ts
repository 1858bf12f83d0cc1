import type { WorkflowClient } from '@temporalio/client';
import { checkDomainDns } from '../activities/check-dns';
import { createProviders, openWebhooks, watchProviders } from '../providers';
import { openResolver } from '../providers/dns/resolver';
import { mailforgeMailboxes } from '../providers/mailforge/client';
import { openOutside } from '../providers/outside';
import type { Clock } from '../runtime/clock';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import type { Database } from '../store/database';
import { temporalDelivery } from '../temporal/outbox-delivery';
import { isSendingMailbox } from '../store/senders/senders';
import { dispatch } from '../store/outbox/dispatch';
import type { Wanted } from '../store/outbox/outbox';
import { takeCallScript } from '../store/touches/call-scripts';
import { createApi } from './create-api';
import { temporalCampaigns } from '../temporal/campaign-workflows';

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
  const { providers, secretKey, operatorApiKey, api, onlyThisMachine } = config;
  const outside = openOutside({ publicBaseUrl: api.publicBaseUrl, onlyThisMachine });
  const resolver = openResolver(config.dnsServers, outside);
  const deliver = temporalDelivery(client);
  const { leadSources, enrichment } = createProviders(providers, outside);
  const server = createApi({
    database,
    clock,
    logger: log,
    config: { publicBaseUrl: api.publicBaseUrl, secretKey, operatorApiKey },
    workflows: temporalCampaigns(client),
    deliverOutbox: (wanted: Wanted) => dispatch(database, clock, deliver, wanted),
    webhooks: openWebhooks(providers, {
      publicBaseUrl: api.publicBaseUrl,
      isOurMailbox: (address) => isSendingMailbox(database, address),
      takeCallScript: (touchId, callSid) => takeCallScript(database, touchId, callSid),
    }),
    checkDomainDns: (domainId, now) => checkDomainDns({ database, resolver }, domainId, now),
    leadSources,
    readMailforge: mailforgeMailboxes(providers, outside),
    canEnrich: enrichment !== null,
    providerStates: watchProviders(providers, outside),
  });
  const url = await server.listen({ host: api.host, port: api.port });
  return { url, stop: () => server.close() };
}
