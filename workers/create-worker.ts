import { NativeConnection, Worker, bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createRequire } from 'node:module';
import type { DeliveryActivities, PreparationActivities } from '../workflows/contract';
import { deliveryQueues, taskQueues } from '../workflows/contract';

export type WorkflowBundle = WorkflowBundleWithSourceMap;

export interface WorkerOptions {
  /** host:port of the Temporal frontend. */
  address: string;
  namespace: string;
  activities: PreparationActivities & DeliveryActivities;
  bundle?: WorkflowBundle;
}

export interface RunningWorkers {
  /** Settles when the workers have stopped; rejects when one of them failed, which must take the process down. */
  done: Promise<void>;
  /** Finishes what is running and stops. */
  stop(): Promise<void>;
}

/** Bundles the workflows' code once, so that several workers can share it. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  const workflowsPath = createRequire(__filename).resolve('../workflows/index.ts');
  return bundleWorkflowCode({ workflowsPath, logger: silent });
}

/** Touches that one channel delivers at the same time. */
const deliveriesAtOnce = 20;

/** What a stopping worker gives its activities: longer than a whole attempt to send may take (domain/send-times.ts). */
const shutdownGraceTime = '60s';

/** Starts one worker for the workflows, one for planning and one for each channel, so each can be throttled alone. */
export async function startWorkers(options: WorkerOptions): Promise<RunningWorkers> {
  const connection = await NativeConnection.connect({ address: options.address });
  const { deliver, ...preparation } = options.activities;
  const base = { connection, namespace: options.namespace, shutdownGraceTime } as const;
  const workflowBundle = options.bundle ?? (await bundleWorkflows());
  const workers = await Promise.all([
    Worker.create({ ...base, taskQueue: taskQueues.sequences, workflowBundle }),
    Worker.create({ ...base, taskQueue: taskQueues.preparation, activities: preparation }),
    ...deliveryQueues.map((taskQueue) =>
      Worker.create({
        ...base,
        taskQueue,
        activities: { deliver },
        maxConcurrentActivityTaskExecutions: deliveriesAtOnce,
      }),
    ),
  ]);
  const done = Promise.all(workers.map((worker) => worker.run()))
    .then(() => undefined)
    .finally(() => connection.close());
  return { done, stop: () => stopAll(workers, done) };
}

async function stopAll(workers: readonly Worker[], done: Promise<void>): Promise<void> {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await done;
}

const silent = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
