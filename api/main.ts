/** The API's process: tenants' requests, providers' webhooks, unsubscribe links. Configuration: .env.example. */
import { inspect } from 'node:util';
import { Connection, WorkflowClient } from '@temporalio/client';
import { manifests } from '../providers';
import { openClock } from '../runtime/clock';
import { ConfigError, loadConfig, withEnvFile } from '../runtime/config';
import { armFailpoints } from '../runtime/failpoints';
import { createLogger } from '../runtime/logger';
import { closeDatabase, openDatabase } from '../store/database';
import { runApi } from './run-api';

async function main(): Promise<void> {
  const config = loadConfig(withEnvFile(process.env), manifests);
  armFailpoints(config.failpoints);
  const clock = openClock(config.clockTable);
  const log = createLogger(config.log, 'api');
  const database = openDatabase(config.database.url);
  // Lazily: webhooks are stored also while Temporal is away (TRUTH-5).
  const connection = Connection.lazy({ address: config.temporal.address });
  const client = new WorkflowClient({ connection, namespace: config.temporal.namespace });
  const api = await runApi({ config, database, client, clock, log });
  log.info({ url: api.url }, 'API started');
  const stop = async (): Promise<void> => {
    await api.stop();
    await connection.close();
    await closeDatabase(database);
    log.info('API stopped');
  };
  process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`);
  process.exit(1);
});
