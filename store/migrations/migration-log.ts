import { createHash, randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import { explain } from './explain';
import type { Migration } from './migration-files';

/**
 * The account of what was applied: the table of `prisma migrate deploy`, column by column, so that either may go on
 * where the other stopped.
 */
const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** A row that counts: its migration was begun, and nobody has declared it undone. */
interface Entry {
  id: string;
  name: string;
  checksum: string;
  finished: boolean;
}

/**
 * @returns what still has to be applied, oldest first
 * @throws when a migration stands half done, or an applied one has another text now, or the database is somebody else's
 */
export async function pendingMigrations(client: Client, migrations: Migration[]): Promise<Migration[]> {
  await createLog(client);
  const { rows } = await client.query<Entry>(
    `SELECT id, migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const unfinished = rows.find((row) => !row.finished);
  if (unfinished !== undefined) throw new Error(halfDone(unfinished));
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  for (const { name, sql } of migrations) {
    if (applied.has(name) && applied.get(name) !== checksumOf(sql)) {
      throw new Error(
        `The migration ${name} was changed after it had been applied: restore its text, and say in a new migration what is to change.`,
      );
    }
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function createLog(client: Client): Promise<void> {
  const { rows } = await client.query<{ kept: boolean; tables: string[] }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS kept, array(
       SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
       ORDER BY c.relname LIMIT 3) AS tables`,
  );
  const { kept, tables } = rows[0]!;
  if (kept) return;
  if (tables.length > 0) {
    throw new Error(
      `The database has tables (${tables.join(', ')}) and no account of migrations: it is somebody else's. Use an empty one.`,
    );
  }
  await client.query(table);
}

/** Notes that a migration begins. Its row stays unfinished if the process dies, and stops the next run. */
export async function noteStart(client: Client, { name, sql }: Migration): Promise<string> {
  const id = randomUUID();
  await client.query(`INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)`, [
    id,
    checksumOf(sql),
    name,
  ]);
  return id;
}

export async function noteSuccess(client: Client, id: string): Promise<void> {
  await client.query(
    `UPDATE "_prisma_migrations" SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1`,
    [id],
  );
}

/** @returns what is said about the failure, also in the row's logs */
export async function noteFailure(client: Client, id: string, { name, sql }: Migration, error: DatabaseError) {
  const logs = `${name}/migration.sql${explain(error, sql)}`;
  await client.query(`UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1`, [id, logs]);
  return logs;
}

const halfDone = ({ id, name }: Entry): string =>
  `The migration ${name} was begun and not finished (its logs stand in _prisma_migrations): undo what it left behind, ` +
  `then mark it with \`prisma migrate resolve --rolled-back ${name}\`, or UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = '${id}', and migrate again.`;

/** Prisma's checksum: sha256 of the file, in hexadecimal. */
const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
