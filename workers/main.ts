/** The worker's process: plans, writes and delivers touches. Configuration: .env.example. */
import { inspect } from 'node:util';
import { Connection, WorkflowClient } from '@temporalio/client';
import { manifests } from '../providers';
import { openClock } from '../runtime/clock';
import { ConfigError, loadConfig, withEnvFile } from '../runtime/config';
import { armFailpoints } from '../runtime/failpoints';
import { createLogger } from '../runtime/logger';
import { closeDatabase, openDatabase } from '../store/database';
import { runWorkers } from './run-workers';
import { installTemporalRuntime } from './temporal-runtime';

async function main(): Promise<void> {
  const config = loadConfig(withEnvFile(process.env), manifests);
  armFailpoints(config.failpoints);
  const clock = openClock(config.clockTable);
  const log = createLogger(config.log, 'worker');
  installTemporalRuntime(log);
  const database = openDatabase(config.database.url);
  const { address, namespace } = config.temporal;
  const connection = await Connection.connect({ address });
  const client = new WorkflowClient({ connection, namespace });
  const workers = await runWorkers({ config, database, client, clock, log });
  log.info({ address, namespace }, 'worker started');
  const stop = (): void => void workers.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await workers.done;
  await workers.stop();
  await connection.close();
  await closeDatabase(database);
  log.info('worker stopped');
}

// A worker that fails must take its process down, so that whoever watches it starts a new one.
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`);
  process.exit(1);
});
