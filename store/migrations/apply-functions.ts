import { createHash } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import { explain } from './explain';
import type { FunctionFile } from './migration-files';

const table = `CREATE TABLE IF NOT EXISTS database_function (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** Another return type, parameter's name or default, or kind of routine; a comment that hid the statement from `replacing`. */
const cannotReplace = ['42P13', '42723', '42809'];

/**
 * Brings the database's functions to what their files say: a new or changed file is applied, a function whose file is
 * gone is dropped. In one transaction; the caller holds the migrations' lock.
 * @throws an error that names the file, and then nothing is changed
 */
export async function applyFunctions(
  client: Client,
  files: FunctionFile[],
): Promise<{ functions: string[]; droppedFunctions: string[] }> {
  await client.query(table);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT name, checksum FROM database_function`,
  );
  const known = new Map(rows.map((row) => [row.name, row.checksum]));
  const changed = files.filter(({ name, sql }) => known.get(name) !== checksumOf(sql));
  const gone = [...known.keys()].filter((name) => !files.some((file) => file.name === name));
  await inTransaction(client, async () => {
    for (const name of gone) await forget(client, name);
    await createFunctions(client, changed);
    for (const file of files) await validate(client, file);
    for (const { name, sql } of changed) await remember(client, name, checksumOf(sql));
  });
  return { functions: changed.map(({ name }) => name), droppedFunctions: gone };
}

/**
 * The names of the functions that are not what their files say, because somebody changed them by hand. Creates them all
 * anew in a transaction that is undone, and compares; so the server itself says what a file means.
 */
export async function functionsUnlikeTheirFiles(client: Client, files: FunctionFile[]): Promise<string[]> {
  await client.query('BEGIN');
  try {
    const present = await definitions(client);
    await createFunctions(client, files);
    const wanted = await definitions(client);
    return files.map(({ name }) => name).filter((name) => present.get(name) !== wanted.get(name));
  } finally {
    await client.query('ROLLBACK');
  }
}

async function createFunctions(client: Client, files: FunctionFile[]): Promise<void> {
  // Functions call one another; what they say is checked when all are there.
  await client.query('SET LOCAL check_function_bodies = off');
  for (const file of files) await createFunction(client, file).catch(named(file));
  await client.query('SET LOCAL check_function_bodies = on');
}

/** Replaces in place where it can: whoever calls the function at this moment does not notice. */
async function createFunction(client: Client, { name, sql }: FunctionFile): Promise<void> {
  const before = await versions(client);
  await client.query('SAVEPOINT one_function');
  try {
    await client.query(replacing(sql));
  } catch (error) {
    if (!cannotReplace.includes((error as DatabaseError).code ?? '')) throw error;
    await client.query('ROLLBACK TO SAVEPOINT one_function');
    await dropOverloads(client, name);
    await client.query(sql);
  }
  const written = (await versions(client)).filter(
    ({ oid, xmin }) => !before.some((one) => one.oid === oid && one.xmin === xmin),
  );
  if (written.length !== 1 || written[0]!.name !== name) {
    const found = written.map((one) => one.name).join(', ') || 'none';
    throw new Error(`the file must define exactly one function, ${name}; it defines ${found}`);
  }
  await dropOverloads(client, name, written[0]!.oid);
}

const replacing = (sql: string): string => sql.replace(/\bCREATE\s+FUNCTION\b/i, 'CREATE OR REPLACE FUNCTION');

/** Every function of the schema that no extension owns, and the transaction that wrote it last. */
async function versions(client: Client): Promise<{ oid: string; xmin: string; name: string }[]> {
  const { rows } = await client.query<{ oid: string; xmin: string; name: string }>(
    `SELECT p.oid::text, p.xmin::text, p.proname::text AS name FROM pg_proc p ${ofThisSchema}`,
  );
  return rows;
}

async function dropOverloads(client: Client, name: string, except = '0'): Promise<void> {
  const { rows } = await client.query<{ signature: string }>(
    `SELECT p.oid::regprocedure::text AS signature FROM pg_proc p ${ofThisSchema} AND p.proname = $1 AND p.oid <> $2::oid`,
    [name, except],
  );
  for (const { signature } of rows) await client.query(`DROP ROUTINE ${signature}`);
}

const ofThisSchema = `WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`;

/** The whole text of each function by name, overloads included. */
async function definitions(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; text: string }>(
    `SELECT p.proname AS name, string_agg(pg_get_functiondef(p.oid), ';' ORDER BY p.oid::regprocedure::text) AS text
     FROM pg_proc p ${ofThisSchema} AND p.prokind <> 'a' GROUP BY p.proname`,
  );
  return new Map(rows.map(({ name, text }) => [name, text]));
}

/** Reads the bodies as the server does on a function's creation: a table or function that is not there is found now. */
async function validate(client: Client, file: FunctionFile): Promise<void> {
  const sql = `SELECT CASE l.lanname WHEN 'sql' THEN fmgr_sql_validator(p.oid) WHEN 'plpgsql' THEN plpgsql_validator(p.oid) END
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang ${ofThisSchema} AND p.proname = $1`;
  await client.query(sql, [file.name]).catch(named({ name: file.name, sql: '' }));
}

async function forget(client: Client, name: string): Promise<void> {
  await dropOverloads(client, name).catch(named({ name, sql: '' }));
  await client.query('DELETE FROM database_function WHERE name = $1', [name]);
}

async function remember(client: Client, name: string, checksum: string): Promise<void> {
  await client.query(
    `INSERT INTO database_function (name, checksum) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET checksum = EXCLUDED.checksum, applied_at = now()`,
    [name, checksum],
  );
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const named =
  ({ name, sql }: FunctionFile) =>
  (error: DatabaseError): never => {
    throw new Error(`The function ${name}.sql${explain(error, replacing(sql))}`, { cause: error });
  };

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
