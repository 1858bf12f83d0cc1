import { setTimeout as delay } from 'node:timers/promises';
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

/**
 * How long the database may keep somebody waiting, in milliseconds.
 * - connection: a busy pool makes requests wait; one that gives none for so long is away, and a webhook's sender is told to
 *   come again while it still listens.
 * - statement: the longest of an import or of an hourly count take a few seconds; what takes a minute has gone wrong.
 * - lock: locks are held for milliseconds, an import's and a completion's for seconds. Below a provider's patience.
 * - idle: a transaction that is open and does nothing belongs to a process that hangs. Its locks would hold up everybody.
 * - keepalive: how soon a silent connection is asked whether the other side is still there.
 */
const patienceMs = {
  connection: 8_000,
  statement: 60_000,
  lock: 10_000,
  idleInTransaction: 30_000,
  keepalive: 10_000,
} as const;

/**
 * @param connections size of the pool; book and claim hold one each for a few milliseconds. More of them than processors
 * wait for one another in the database, which costs more than waiting here (docs/performance.md).
 */
export function openDatabase(url: string, connections = 6): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patienceMs.connection,
    statement_timeout: patienceMs.statement,
    lock_timeout: patienceMs.lock,
    idle_in_transaction_session_timeout: patienceMs.idleInTransaction,
    // The server ends a statement itself; a server that is gone is noticed a little later here.
    query_timeout: patienceMs.statement + 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: patienceMs.keepalive,
    types: poolTypes,
  });
  // A connection that dies while nobody uses it is replaced by the pool; whoever uses one hears of it by its query.
  pool.on('error', () => undefined);
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Without the arguments of a query, which may be personal data (TRUTH-6).
    errorFormat: 'minimal',
    // Milliseconds.
    transactionOptions: { maxWait: patienceMs.connection, timeout: 30_000 },
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

/** Attempts of one piece of work: each further one waits twice as long, from so many milliseconds on, and a random part of it. */
const attempts = { atMost: 5, firstWaitMs: 20 } as const;

/**
 * Does the work in one transaction of the driver (READ COMMITTED): committed when it resolves, undone when it throws.
 * Locks are taken in one order everywhere (prisma/functions/README.md). It may be done again (`again`): so it changes nothing
 * but the database, and what it returns is all that is left of it.
 */
export function transact<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return again(() => attemptOnce(database, work));
}

/**
 * Does a statement or a transaction again when PostgreSQL undid it because others were in the way: they deadlocked, or a
 * lock was not to be had in time. A few times, each after a longer and random wait.
 */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts.atMost || !isInTheWay(error)) throw error;
      await delay(attempts.firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}

/** PostgreSQL's words for "the others were in the way, and nothing is changed": deadlock, serialization, lock not to be had. */
const inTheWay: ReadonlySet<unknown> = new Set(['40P01', '40001', '55P03']);

/** May the same work succeed if it is done again? */
const isInTheWay = (error: unknown): boolean => inTheWay.has((error as { code?: unknown }).code);

/**
 * The words of a database that cannot be had now: it is shut down or starting, takes no more connections, or the way to it is
 * cut. PostgreSQL's classes 08, 53 and 57P, the system's codes, and Prisma's.
 */
const awayCodes =
  /^(08...|53[34]00|57P0[1-5]|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024)$/;
/** The driver's words, which have no code. */
const awayWords = /timeout exceeded when trying to connect|Connection terminated|Query read timeout|connection error/i;

/** Can the database not be had now, so that whoever asked should come again? */
export function isAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const { code } = at as { code?: unknown };
    if ((typeof code === 'string' && awayCodes.test(code)) || awayWords.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isAway)) return true;
  }
  return false;
}

async function attemptOnce<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
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
