import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../prisma/generated/client';

/** The engine's database: Prisma's client on a `pg` pool. */
export type Database = PrismaClient;

/** A transaction of the database, as `database.$transaction(async (tx) => …)` hands it out. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** @param connections size of the pool; book and claim hold one each for a few milliseconds. */
export function openDatabase(url: string, connections = 16): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: connections }),
    // Without the arguments of a query, which may be personal data (TRUTH-6).
    errorFormat: 'minimal',
    // Milliseconds. A busy pool makes transactions wait for a connection, it does not make them fail.
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  });
}
