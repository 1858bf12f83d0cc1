import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import { PrismaClient } from '../prisma/generated/client';
import { createSql, poolTypes, type Sql } from './sql';
import { Turns } from './turns';

/**
 * The engine's database: Prisma's client, and on the same pool the driver itself. Whatever is walked for every touch or
 * event speaks SQL through `sql`; everything else speaks Prisma. Whoever is sure to meet others at a lock takes turns.
 */
export type Database = PrismaClient & { readonly sql: Sql; readonly pool: Pool; readonly turns: Turns };

/** A transaction of Prisma's client, as `database.$transaction(async (tx) => …)` hands it out. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/**
 * How many of those who are sure to wait for one another are let into the database: one at its lock, and the next one on
 * its way, so that the lock is never without work.
 */
const turnsAtOnce = 2;

/** Milliseconds that a request may wait for a connection: a busy pool makes requests wait, it does not make them fail. */
const connectionWithinMs = 30_000;

/**
 * @param connections size of the pool; book and claim hold one each for a few milliseconds. More of them than processors
 * wait for one another in the database, which costs more than waiting here (docs/performance.md).
 */
export function openDatabase(url: string, connections = 6): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectionWithinMs,
    types: poolTypes,
  });
  // A connection that dies while nobody uses it is replaced by the pool; whoever uses one hears of it by its query.
  pool.on('error', () => undefined);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Without the arguments of a query, which may be personal data (TRUTH-6).
    errorFormat: 'minimal',
    // Milliseconds.
    transactionOptions: { maxWait: connectionWithinMs, timeout: 30_000 },
  });
  return Object.assign(client, { sql: createSql(pool), pool, turns: new Turns(turnsAtOnce) });
}

/** Does the database answer? @throws its error when it does not */
export async function isDatabaseThere(database: Database): Promise<boolean> {
  await database.sql`SELECT 1`;
  return true;
}

/** Ends every connection. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.$disconnect();
  await database.pool.end();
}

/**
 * Does the work in one transaction of the driver (READ COMMITTED): committed when it resolves, undone when it throws.
 * Locks are taken in one order everywhere: prisma/functions/README.md.
 */
export async function transact<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(createSql(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** @returns the error of a connection that is of no use any more */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
