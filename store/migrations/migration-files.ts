import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folders that make a database. */
export interface DatabaseFiles {
  /** One folder a migration, each with a `migration.sql`; their names sort by age. */
  migrations: string;
  /** One file a function, `<name>.sql`. */
  functions: string;
}

export const prismaDirectory = path.join(__dirname, '..', '..', 'prisma');

/** What this engine's own database is made of. */
export const ownFiles: DatabaseFiles = {
  migrations: path.join(prismaDirectory, 'migrations'),
  functions: path.join(prismaDirectory, 'functions'),
};

export interface Migration {
  name: string;
  sql: string;
}

/** @returns the migrations, oldest first */
export function readMigrations(directory: string): Migration[] {
  return entries(directory)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(path.join(directory, name, 'migration.sql'), 'utf8') }));
}

/** A function's present truth. */
export interface FunctionFile {
  /** The function's name, which is the file's. */
  name: string;
  sql: string;
}

/** @returns the functions' files by name */
export function readFunctions(directory: string): FunctionFile[] {
  return entries(directory)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map(({ name }) => ({ name: path.basename(name, '.sql'), sql: readFileSync(path.join(directory, name), 'utf8') }));
}

function entries(directory: string) {
  if (!existsSync(directory)) return [];
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  return readdirSync(directory, { withFileTypes: true }).sort(byName);
}
