import type { WorkflowClient } from '@temporalio/client';
import { createActivities } from '../activities/create-activities';
import { createProviders } from '../providers/create-providers';
import type { Clock } from '../runtime/clock';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import type { Database } from '../store/database';
import { deliverOwedSignals } from '../store/outbox/owed-signals';
import { startWorkers, type RunningWorkers, type WorkflowBundle } from './create-worker';
import { temporalWorkflows } from './temporal-workflows';

export interface WorkerParts {
  config: Config;
  database: Database;
  client: WorkflowClient;
  clock: Clock;
  log: Logger;
  /** The workflows' code, when it was bundled beforehand. */
  bundle?: WorkflowBundle;
}

/** Milliseconds between two looks for signals that are still owed (TRUTH-5). */
const relayEveryMs = 2_000;

/** Composes the activities, starts the workers, and relays signals that could not be delivered at once. */
export async function runWorkers({
  config,
  database,
  client,
  clock,
  log,
  bundle,
}: WorkerParts): Promise<RunningWorkers> {
  const workflows = temporalWorkflows(client);
  const providers = createProviders({ ...config.providers, publicBaseUrl: config.api.publicBaseUrl });
  const { secretKey, api } = config;
  const activities = createActivities({
    ...{ database, clock, providers, workflows, log, secretKey, publicBaseUrl: api.publicBaseUrl },
  });
  const { address, namespace } = config.temporal;
  const workers = await startWorkers({ address, namespace, activities, bundle });
  const relay = startRelay(() => deliverOwedSignals(database, clock, workflows.signal), log);
  return {
    done: workers.done,
    stop: async () => {
      await relay.stop();
      await workers.stop();
    },
  };
}

/** Repeats the delivery of owed signals; while Temporal is away they stay owed, which is said once. */
function startRelay(deliver: () => Promise<number>, log: Logger): { stop(): Promise<void> } {
  let stopped = false;
  let failing = false;
  let round: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      await deliver();
      if (failing) log.info('signals are delivered again');
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'signals cannot be delivered; they stay owed');
      failing = true;
    }
  };
  const timer = setInterval(() => {
    round = round.then(() => (stopped ? undefined : look()));
  }, relayEveryMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await round;
    },
  };
}
