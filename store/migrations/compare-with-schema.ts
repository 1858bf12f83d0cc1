import { readFileSync } from 'node:fs';
import path from 'node:path';
import { applyMigrations } from './apply-migrations';
import { readCatalogue } from './catalogue';
import { createDatabase, withClient } from './create-database';
import { ownFiles, prismaDirectory, type DatabaseFiles } from './migration-files';
import { sqlBetween } from './schema-sql';

/** Where the migrations lead beside where schema.prisma does. No line in either: they agree. */
export interface Differences {
  /** What schema.prisma has and the migrations do not make. */
  missing: string[];
  /** What the migrations make, and schema.prisma could say and does not. */
  surplus: string[];
}

/** A server to make databases on and to throw away afterwards: the URL of each by name. */
export type ScratchServer = (database: string) => string;

const ownSchema = (): string => readFileSync(path.join(prismaDirectory, 'schema.prisma'), 'utf8');

/** Makes one database of the migrations and one of schema.prisma, and compares what the server says of each. */
export async function compareWithSchema(
  server: ScratchServer,
  schema: string = ownSchema(),
  files: DatabaseFiles = ownFiles,
): Promise<Differences> {
  await applyMigrations(server('from_migrations'), files);
  await createDatabase(server('from_schema'));
  const sql = await sqlBetween(server('from_schema'), null, schema);
  const made = await withClient(server('from_migrations'), readCatalogue);
  const wanted = await withClient(server('from_schema'), async (client) => {
    await client.query(sql);
    return readCatalogue(client);
  });
  const has = (lines: typeof made, line: string) => lines.some((one) => one.line === line);
  return {
    missing: wanted.map(({ line }) => line).filter((line) => !has(made, line)),
    surplus: made.filter(({ line, sayable }) => sayable && !has(wanted, line)).map(({ line }) => line),
  };
}

/**
 * A migration to complete by hand: what differs, as comments, and Prisma's SQL for what changed in schema.prisma since
 * it was committed.
 * @param committed the text of schema.prisma as the last commit has it; null when that is not known
 * @returns null when the migrations and schema.prisma agree
 */
export async function draftMigration(
  server: ScratchServer,
  committed: string | null,
  schema: string = ownSchema(),
  files: DatabaseFiles = ownFiles,
): Promise<string | null> {
  const { missing, surplus } = await compareWithSchema(server, schema, files);
  if (missing.length + surplus.length === 0) return null;
  const sql = committed === null ? '' : await sqlBetween(server('from_schema'), committed, schema);
  const lines = [
    '-- A draft: what differs stands below, then what Prisma writes for the change of schema.prisma since the last commit.',
    '-- Complete it, replace these lines by a sentence that says why, and run `npm run migrate -- check`.',
    ...missing.map((line) => `-- only in schema.prisma: ${line}`),
    ...surplus.map((line) => `-- only in the migrations: ${line}`),
  ];
  return `${lines.join('\n')}\n\n${sql}`;
}
