import type { Client, DatabaseError } from 'pg';
import { applyFunctions, functionsUnlikeTheirFiles } from './apply-functions';
import { createDatabase, withClient } from './create-database';
import { ownFiles, readFunctions, readMigrations, type DatabaseFiles, type Migration } from './migration-files';
import { noteFailure, noteStart, noteSuccess, pendingMigrations } from './migration-log';

/** What a run changed, by name. */
export interface Applied {
  /** Oldest first. */
  migrations: string[];
  /** Functions that were created or replaced. */
  functions: string[];
  /** Functions whose file is gone. */
  droppedFunctions: string[];
}

/**
 * Key of the advisory lock that lets two processes migrate one database at once without harm. It is Prisma's, so that
 * `prisma migrate deploy` waits too.
 */
const migrationLock = 72_707_369;

/**
 * Creates the database when it is missing, applies every migration that it has not seen, and then the functions whose
 * files are new or changed.
 * @throws an error that names the migration or the function's file and what to do about it
 */
export async function applyMigrations(databaseUrl: string, files: DatabaseFiles = ownFiles): Promise<Applied> {
  await createDatabase(databaseUrl);
  return underLock(databaseUrl, async (client) => {
    const migrations = await pendingMigrations(client, readMigrations(files.migrations));
    for (const migration of migrations) await apply(client, migration);
    const functions = await applyFunctions(client, readFunctions(files.functions));
    return { migrations: migrations.map(({ name }) => name), ...functions };
  });
}

/** The names of the functions that somebody changed by hand: they are not what their files say. Changes nothing. */
export async function functionsChangedByHand(databaseUrl: string, files: DatabaseFiles = ownFiles): Promise<string[]> {
  return underLock(databaseUrl, (client) => functionsUnlikeTheirFiles(client, readFunctions(files.functions)));
}

function underLock<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  return withClient(databaseUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]); // given back when the connection ends
    return work(client);
  });
}

/** The text goes to the server whole, and so in one transaction unless it says otherwise itself. */
async function apply(client: Client, migration: Migration): Promise<void> {
  const id = await noteStart(client, migration);
  try {
    await client.query(migration.sql);
  } catch (error) {
    // A text that begins a transaction itself leaves it open when it fails.
    await client.query('ROLLBACK; RESET ALL').catch(() => Promise.reject(error));
    const logs = await noteFailure(client, id, migration, error as DatabaseError);
    throw new Error(`A migration failed, and no later one was applied: ${logs}`, { cause: error });
  }
  await client.query('RESET ALL'); // a setting of one text is not the next one's
  await noteSuccess(client, id);
}
