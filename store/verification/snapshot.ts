import type { Database } from '../database';
import { createSql, type Sql } from '../sql';

/**
 * Reads the database as it stands at one instant, however long it takes and whatever goes on beside: one REPEATABLE READ
 * transaction that can write nothing. No limit of time that requests have holds here.
 */
export async function withSnapshot<T>(database: Pick<Database, 'pool'>, read: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  const sql = createSql(client);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    // Sorting a million touches in memory of its own instead of on the disk; a handful of sorts at a time.
    await client.query(`SET LOCAL work_mem = '128MB'`);
    // Each statement is asked once: compiling it takes longer than it saves.
    await client.query('SET LOCAL jit = off');
    // The first statement takes the snapshot.
    await sql`SELECT 1`;
    return await read(sql);
  } finally {
    // Nothing was written, so undoing it ends it as well as anything; a connection that is gone needs no end.
    const broken = await client.query('ROLLBACK').then(
      () => undefined,
      (error: Error) => error,
    );
    client.release(broken);
  }
}
