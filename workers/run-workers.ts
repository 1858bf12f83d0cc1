import type { WorkflowClient } from '@temporalio/client';
import { createActivities } from '../activities/create-activities';
import { createProviders, createWatches } from '../providers';
import { openResolver } from '../providers/dns/resolver';
import { openInbox } from '../providers/imap/inbox';
import { openOutside } from '../providers/outside';
import type { ImapAccount } from '../providers/ports';
import type { Clock } from '../runtime/clock';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import type { Database } from '../store/database';
import { dispatch } from '../store/outbox/dispatch';
import { carrierMemory } from '../store/senders/carriers';
import type { Wanted } from '../store/outbox/outbox';
import { ensureMaintenance, temporalDelivery } from '../temporal/outbox-delivery';
import { startWorkers, type RunningWorkers, type WorkflowBundle } from './create-worker';
import { startInboxes } from './inbox';
import { startRelay } from './relay';
import { startSourcing } from './sourcing';
import { startWatching } from './watching';

export interface WorkerParts {
  config: Config;
  database: Database;
  client: WorkflowClient;
  clock: Clock;
  log: Logger;
  /** The workflows' code, when it was bundled beforehand. */
  bundle?: WorkflowBundle;
}

/** Composes the activities, starts the workers, and relays what could not be delivered at once. */
export async function runWorkers({
  config,
  database,
  client,
  clock,
  log,
  bundle,
}: WorkerParts): Promise<RunningWorkers> {
  const deliver = temporalDelivery(client);
  const deliverOutbox = (wanted: Wanted) => dispatch(database, clock, deliver, wanted);
  const { secretKey, onlyThisMachine } = config;
  const { publicBaseUrl } = config.api;
  const outside = openOutside({ publicBaseUrl, onlyThisMachine });
  const providers = createProviders(config.providers, outside, carrierMemory(database));
  const resolver = openResolver(config.dnsServers, outside);
  const deps = { database, clock, providers, resolver, deliverOutbox, log, secretKey, publicBaseUrl };
  const activities = createActivities(deps);
  const { address, namespace } = config.temporal;
  const workers = await startWorkers({ address, namespace, activities, bundle });
  const relay = startRelay(() => deliverOutbox({ kind: 'due' }), log);
  const maintenance = keepMaintenance(client, log);
  const sourcing = startSourcing(deps, log);
  const open = (account: ImapAccount) => openInbox(account, outside);
  const inboxes = startInboxes(deps, { open, atOnce: config.inboxesAtOnce }, log);
  const watching = startWatching({ ...deps, watches: createWatches(config.providers, outside) }, log);
  return {
    done: workers.done,
    stop: async () => {
      maintenance.stop();
      await Promise.all([sourcing.stop(), inboxes.stop(), watching.stop()]);
      await relay.stop();
      await workers.stop();
    },
  };
}

/** Milliseconds between two looks whether the maintenance runs. */
const ensureEveryMs = 60_000;

/** Each worker sees to it that the maintenance runs, now and every minute. */
function keepMaintenance(client: WorkflowClient, log: Logger): { stop(): void } {
  const ensure = (): void => {
    ensureMaintenance(client).catch((error: unknown) =>
      log.warn({ err: error }, 'the maintenance could not be started'),
    );
  };
  ensure();
  const timer = setInterval(ensure, ensureEveryMs);
  return { stop: () => clearInterval(timer) };
}
