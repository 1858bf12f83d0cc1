import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { templateDatabase } from './test-postgres';

export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes `database` and drops it, whoever else is still connected. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of real PostgreSQL for one test file.
 * @param connections size of the pool behind `database`
 */
export async function createTestDatabase(connections = 16): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = databaseUrl(name);
  const database = openDatabase(url, connections);
  return {
    url,
    database,
    drop: async () => {
      await closeDatabase(database);
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** URL of a database on the test run's server. */
export function databaseUrl(name: string): string {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) throw new Error('no PostgreSQL: tests run through jest, whose globalSetup starts it');
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
