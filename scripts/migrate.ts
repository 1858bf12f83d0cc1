/**
 * Migrations without Prisma's engine binary.
 *   npm run migrate                    applies what is missing to DATABASE_URL, which is created when it does not exist
 *   npm run migrate -- create NAME     writes a migration that leads from the migrations to schema.prisma
 *   npm run migrate -- check           fails when the migrations and schema.prisma do not agree
 *   npm run migrate -- rewrite-first   writes the first migration anew; only while nobody has applied it
 * The last three work on an embedded PostgreSQL of their own.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withEnvFile } from '../runtime/config';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres';
import {
  applyMigrations,
  initialMigration,
  migrationNames,
  migrationsDirectory,
  nextMigration,
} from '../store/migrations/migrations';

const usage = 'Usage: npm run migrate [-- create NAME | check | rewrite-first]   (NAME: lower case, digits and _)';

async function main([command, name, ...rest]: string[]): Promise<void> {
  if (command === undefined) return migrate();
  if (command === 'create' && name !== undefined && /^[a-z][a-z0-9_]*$/.test(name) && rest.length === 0) {
    return create(name);
  }
  if (command === 'check' && name === undefined) return check();
  if (command === 'rewrite-first' && name === undefined) return rewriteFirst();
  throw new Error(usage);
}

async function migrate(): Promise<void> {
  const url = withEnvFile(process.env).DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing; set it to the URL of the database to migrate.');
  const applied = await applyMigrations(url);
  for (const migration of applied) console.log(`applied ${migration}`);
  if (applied.length === 0) console.log('nothing to apply: the database is up to date');
}

async function create(name: string): Promise<void> {
  const first = migrationNames().length === 0;
  const sql = await onScratchServer(first ? initialMigration : nextMigration);
  if (sql === null) return console.log('nothing to write: the migrations agree with schema.prisma');
  // eslint-disable-next-line no-restricted-syntax -- a migration is named after the real time
  write(`${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`, sql);
}

async function check(): Promise<void> {
  const sql = await onScratchServer(nextMigration);
  if (sql !== null)
    throw new Error(`schema.prisma is ahead of the migrations (npm run migrate -- create NAME):\n${sql}`);
  console.log('the migrations agree with schema.prisma');
}

async function rewriteFirst(): Promise<void> {
  const [first] = migrationNames();
  if (first === undefined) throw new Error('There is no migration yet: npm run migrate -- create initial');
  write(first, await onScratchServer(initialMigration));
}

async function onScratchServer<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const postgres = await startEmbeddedPostgres({ persistent: false, durable: false });
  try {
    return await work(postgres.url('scratch'));
  } finally {
    await postgres.stop();
  }
}

function write(migration: string, sql: string): void {
  const folder = path.join(migrationsDirectory, migration);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  writeFileSync(path.join(migrationsDirectory, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`wrote ${path.relative(process.cwd(), folder)}/migration.sql`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
