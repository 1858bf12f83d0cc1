import { join } from 'node:path';
import { WorkflowClient, WorkflowExecutionAlreadyStartedError, type Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { StartReaction } from './arrivals';
import type { SimulatorConfig } from './config';
import type { ReactionActivities } from './workflows/reaction-input';

const taskQueue = 'simulator';

/** Starts reactions. A mail that comes twice under one Message-ID is reacted to once. */
export function createStarter(connection: Connection, namespace: string): StartReaction {
  const client = new WorkflowClient({ connection, namespace });
  return async (input) => {
    try {
      await client.start('prospectReaction', { taskQueue, workflowId: `reaction-${input.deliveryId}`, args: [input] });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
}

export interface ReactionWorker {
  /** Resolves after `stop`; rejects when the worker fails. */
  running: Promise<void>;
  stop(): Promise<void>;
}

/** The worker on which reactions wait for their moment. */
export async function startReactionWorker(
  config: SimulatorConfig,
  activities: ReactionActivities,
): Promise<ReactionWorker> {
  const connection = await NativeConnection.connect({ address: config.temporalAddress });
  const worker = await Worker.create({
    connection,
    namespace: config.temporalNamespace,
    taskQueue,
    workflowsPath: join(__dirname, 'workflows', 'prospect-reaction.ts'),
    activities: { ...activities },
    shutdownGraceTime: '1 second',
    shutdownForceTime: '3 seconds',
  });
  const running = worker.run();
  return {
    running,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
