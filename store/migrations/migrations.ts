import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DiffParams } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { Client } from 'pg';
import { everything, withSchemaEngine } from './schema-engine';

const prismaDirectory = path.join(__dirname, '..', '..', 'prisma');
const schemaFile = path.join(prismaDirectory, 'schema.prisma');
/** What Prisma's schema language cannot say, such as a partial unique index. */
const byHandFile = path.join(prismaDirectory, 'by-hand.sql');

export const migrationsDirectory = path.join(prismaDirectory, 'migrations');

/** Key of the PostgreSQL advisory lock that lets two processes migrate one database at once without harm. */
const migrationLock = 4_217_001;

/**
 * Creates the database when it is missing and applies every migration that it has not seen.
 * @returns the names of the migrations that were applied now, oldest first
 */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  await createDatabase(databaseUrl);
  const guard = await connect(databaseUrl);
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return await withSchemaEngine(databaseUrl, async (engine) => {
      const applied = await engine.applyMigrations({ migrationsList: listed(), filters: everything });
      return applied.appliedMigrationNames;
    });
  } finally {
    await guard.end();
  }
}

/** Creates the database of the URL unless it is there. The URL's user must be allowed to, when it is not. */
export async function createDatabase(databaseUrl: string): Promise<void> {
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  try {
    await (await connect(databaseUrl)).end();
  } catch (error) {
    if (sqlState(error) !== '3D000') throw error;
    const server = new URL(databaseUrl);
    server.pathname = '/postgres';
    const client = await connect(server.toString());
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } catch (failure) {
      if (!['42P04', '23505'].includes(sqlState(failure) ?? '')) throw failure; // otherwise another process was faster
    } finally {
      await client.end();
    }
  }
}

/** The SQL of the first migration: everything in schema.prisma, and what was written by hand. */
export async function initialMigration(databaseUrl: string): Promise<string> {
  await createDatabase(databaseUrl);
  return `${await difference(databaseUrl, { tag: 'empty' })}\n${readFileSync(byHandFile, 'utf8')}`;
}

/**
 * The SQL that leads from the migrations to schema.prisma, or null when they agree already.
 * @param databaseUrl a database to throw away afterwards: the migrations are applied to it
 */
export async function nextMigration(databaseUrl: string): Promise<string | null> {
  await applyMigrations(databaseUrl);
  const sql = await difference(databaseUrl, { tag: 'schemaDatasource', configDir: prismaDirectory, ...schema() });
  return /^(\s*--.*\n?|\s+)*$/.test(sql) ? null : sql;
}

/** SQL that leads from there to schema.prisma. */
async function difference(databaseUrl: string, from: DiffParams['from']): Promise<string> {
  const { stdout } = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from,
      to: { tag: 'schemaDatamodel', ...schema() },
      script: true,
      exitCode: null,
      filters: everything,
    }),
  );
  return stdout ?? '';
}

const schema = () => ({ files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] });

function listed() {
  const lockFile = path.join(migrationsDirectory, 'migration_lock.toml');
  return {
    baseDir: migrationsDirectory,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : null },
    migrationDirectories: migrationNames().map((name) => {
      const value = readFileSync(path.join(migrationsDirectory, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
    shadowDbInitScript: '',
  };
}

/** The migrations' names, oldest first. */
export function migrationNames(): string[] {
  if (!existsSync(migrationsDirectory)) return [];
  return readdirSync(migrationsDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;
