import { Connection, WorkflowClient } from '@temporalio/client';
import { runApi } from '../api/run-api';
import type { Clock } from '../runtime/clock';
import type { Config } from '../runtime/config';
import type { Logger } from '../runtime/logger';
import { closeDatabase, openDatabase, type Database } from '../store/database';
import type { WorkflowBundle } from '../workers/create-worker';
import { runWorkers } from '../workers/run-workers';
import { installTemporalRuntime } from '../workers/temporal-runtime';

/** Worker and API in one process, as `npm start` and `npm run demo` run them. */
export interface Engine {
  database: Database;
  apiUrl: string;
  /** Settles when the workers have stopped; rejects when one of them failed. */
  done: Promise<void>;
  /** Finishes the touches that are being sent and begins no others; the API goes on. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** @param bundle the workflows' code, when it was bundled beforehand */
export async function startEngine(config: Config, clock: Clock, log: Logger, bundle?: WorkflowBundle): Promise<Engine> {
  installTemporalRuntime(log);
  const database = openDatabase(config.database.url);
  const connection = await Connection.connect({ address: config.temporal.address });
  const client = new WorkflowClient({ connection, namespace: config.temporal.namespace });
  const parts = { config, database, client, clock };
  const workers = await runWorkers({ ...parts, bundle, log: log.child({ part: 'worker' }) });
  workers.done.catch(() => undefined);
  const api = await runApi({ ...parts, log: log.child({ part: 'api' }) });
  return {
    database,
    apiUrl: api.url,
    done: workers.done,
    drain: workers.stop,
    stop: async () => {
      await api.stop();
      await workers.stop().catch(() => undefined);
      await connection.close();
      await closeDatabase(database);
    },
  };
}
