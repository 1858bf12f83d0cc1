/**
 * The database's migrations and functions.
 *   npm run migrate                     applies what is missing to DATABASE_URL, which is created when it does not exist
 *   npm run migrate -- check            fails when the migrations and schema.prisma do not agree
 *   npm run migrate -- create NAME      drafts a migration that leads from the migrations to schema.prisma
 *   npm run migrate -- check-functions  fails when a function of DATABASE_URL was changed by hand
 * `check` and `create` work on an embedded PostgreSQL of their own, and need the packages of development.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withEnvFile } from '../runtime/config';
import { applyMigrations, functionsChangedByHand } from '../store/migrations/apply-migrations';
import type { ScratchServer } from '../store/migrations/compare-with-schema';
import { ownFiles } from '../store/migrations/migration-files';

const usage = 'Usage: npm run migrate [-- check | create NAME | check-functions]   (NAME: lower case, digits and _)';

async function main([command, name, ...rest]: string[]): Promise<void> {
  if (command === undefined) return migrate();
  if (command === 'create' && name !== undefined && /^[a-z][a-z0-9_]*$/.test(name) && rest.length === 0) {
    return create(name);
  }
  if (command === 'check' && name === undefined) return check();
  if (command === 'check-functions' && name === undefined) return checkFunctions();
  throw new Error(usage);
}

async function migrate(): Promise<void> {
  const { migrations, functions, droppedFunctions } = await applied(applyMigrations(databaseUrl()));
  for (const migration of migrations) console.log(`applied ${migration}`);
  for (const one of functions) console.log(`function ${one}`);
  for (const one of droppedFunctions) console.log(`dropped function ${one}`);
  if (migrations.length + functions.length + droppedFunctions.length === 0) {
    console.log('nothing to apply: the database is up to date');
  }
}

/** What cannot be reached is named: an address that is not found says nothing to whoever set the variable. */
async function applied<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'getaddrinfo' && syscall !== 'connect') throw error;
    const message = `No database answers at the place in DATABASE_URL (${code}). Is it right, and is the server there?`;
    throw new Error(message, { cause: error });
  }
}

async function check(): Promise<void> {
  const { compareWithSchema } = await import('../store/migrations/compare-with-schema');
  const { missing, surplus } = await onScratchServer((server) => compareWithSchema(server));
  const lines = [
    ...missing.map((line) => `only in schema.prisma: ${line}`),
    ...surplus.map((line) => `only in the migrations: ${line}`),
  ];
  if (lines.length > 0) {
    throw new Error(
      `The migrations and schema.prisma do not agree (npm run migrate -- create NAME):\n${lines.join('\n')}`,
    );
  }
  console.log('the migrations agree with schema.prisma');
}

async function create(name: string): Promise<void> {
  const { draftMigration } = await import('../store/migrations/compare-with-schema');
  const sql = await onScratchServer((server) => draftMigration(server, committedSchema()));
  if (sql === null) return console.log('nothing to write: the migrations agree with schema.prisma');
  // eslint-disable-next-line no-restricted-syntax -- a migration is named after the real time
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(ownFiles.migrations, `${time}_${name}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  console.log(`wrote ${path.relative(process.cwd(), folder)}/migration.sql, a draft: complete it`);
}

async function checkFunctions(): Promise<void> {
  const changed = await applied(functionsChangedByHand(databaseUrl()));
  if (changed.length > 0) {
    const names = changed.map((name) => `'${name}'`).join(', ');
    throw new Error(
      `Changed by hand, and not what prisma/functions says: ${changed.join(', ')}. To have the files applied again: ` +
        `DELETE FROM database_function WHERE name IN (${names}), then npm run migrate.`,
    );
  }
  console.log('the functions are what prisma/functions says');
}

function databaseUrl(): string {
  const url = withEnvFile(process.env).DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing; set it to the URL of the database to migrate.');
  if (/^postgres(ql)?:\/\/./.test(url)) return url;
  throw new Error('DATABASE_URL is not valid; set a URL such as postgresql://user:password@localhost:5432/agency_os.');
}

function committedSchema(): string | null {
  try {
    return execFileSync('git', ['show', 'HEAD:prisma/schema.prisma'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null; // not a git clone
  }
}

/** The embedded servers are no part of the image, whose only command here is `migrate`. */
async function onScratchServer<T>(work: (server: ScratchServer) => Promise<T>): Promise<T> {
  const { startEmbeddedPostgres } = await import('../embedded/embedded-postgres');
  const postgres = await startEmbeddedPostgres({ persistent: false, durable: false });
  try {
    return await work((database) => postgres.url(database));
  } finally {
    await postgres.stop();
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
