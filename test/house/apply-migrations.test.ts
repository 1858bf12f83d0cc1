import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { applyMigrations } from '../../store/migrations/apply-migrations';
import { createDatabase } from '../../store/migrations/create-database';
import { ScratchMigrations } from '../support/scratch-migrations';

const log = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, rolled_back_at, logs, applied_steps_count AS steps
  FROM _prisma_migrations ORDER BY migration_name, started_at`;

describe('applying migrations', () => {
  let scratch: ScratchMigrations;
  beforeEach(() => {
    scratch = new ScratchMigrations();
    scratch.migration('1_first', 'CREATE TABLE lead (id int PRIMARY KEY);');
  });
  afterEach(() => scratch.remove());
  const apply = async () => (await applyMigrations(scratch.url, scratch.files)).migrations;

  test('each once, in order; a later run applies what is new', async () => {
    scratch.migration(
      '2_second',
      "ALTER TABLE lead ADD COLUMN note text DEFAULT 'a;b'; -- a comment; with a semicolon",
    );
    expect(await apply()).toEqual(['1_first', '2_second']);
    scratch.migration('3_third', 'ALTER TABLE lead DROP COLUMN note;');
    expect(await apply()).toEqual(['3_third']);
    expect(await apply()).toEqual([]);
  });

  test('a setting of one migration does not reach the next, nor the account of migrations', async () => {
    scratch.migration('2_search_path', "SELECT pg_catalog.set_config('search_path', '', false);");
    scratch.migration('3_third', 'CREATE TABLE touch (id int);');
    expect(await apply()).toEqual(['1_first', '2_search_path', '3_third']);
  });

  test('four at once: every migration is applied by exactly one', async () => {
    scratch.migration('2_slow', 'SELECT pg_sleep(0.3); CREATE TABLE touch (id int);');
    scratch.function('one', 'CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;');
    const runs = await Promise.all([1, 2, 3, 4].map(() => applyMigrations(scratch.url, scratch.files)));
    expect(runs.flatMap((run) => run.migrations)).toEqual(['1_first', '2_slow']);
    expect(runs.flatMap((run) => run.functions)).toEqual(['one']);
  });

  test('a migration that fails leaves nothing behind but its row, which stops the next run until it is marked', async () => {
    scratch.migration('2_second', 'CREATE TABLE touch (id int);\nINSERT INTO lead VALUES (1), (1);');
    scratch.migration('3_third', 'CREATE TABLE campaign (id int);');
    await expect(apply()).rejects.toThrow(
      /no later one was applied: 2_second\/migration\.sql: duplicate key .*\(23505\)$/,
    );
    expect(await scratch.query(`SELECT to_regclass('touch') AS touch, to_regclass('campaign') AS campaign`)).toEqual([
      { touch: null, campaign: null },
    ]);
    expect(await scratch.query(log)).toMatchObject([
      { name: '1_first', finished: true, steps: 1, logs: null },
      { name: '2_second', finished: false, steps: 0, logs: expect.stringContaining('duplicate key') as string },
    ]);

    scratch.migration('2_second', 'CREATE TABLE touch (id int);');
    await expect(apply()).rejects.toThrow(
      /^The migration 2_second was begun and not finished .*migrate resolve --rolled-back 2_second/,
    );
    await scratch.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '2_second'`);
    expect(await apply()).toEqual(['2_second', '3_third']);
    expect((await scratch.query(log)).map((row) => [row.name, row.finished])).toEqual([
      ['1_first', true],
      ['2_second', false],
      ['2_second', true],
      ['3_third', true],
    ]);
  });

  test('the error says which line; a transaction that the migration began itself is ended', async () => {
    scratch.migration('2_second', 'BEGIN;\nCREATE TABLE touch (id int);\nALTER TABEL lead;\nCOMMIT;');
    await expect(apply()).rejects.toThrow('2_second/migration.sql, line 3: syntax error at or near "TABEL" (42601)');
    scratch.migration('2_second', 'BEGIN;\nCREATE TABLE touch (id int);\nDROP TABLE nobody;\nCOMMIT;');
    await scratch.query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL');
    await expect(apply()).rejects.toThrow('table "nobody" does not exist (42P01)');
    expect(await scratch.query(`SELECT to_regclass('touch') AS touch`)).toEqual([{ touch: null }]);
  });

  test('a migration that was changed after it was applied is refused, and nothing is applied', async () => {
    await apply();
    scratch.migration('1_first', 'CREATE TABLE lead (id bigint PRIMARY KEY);');
    scratch.migration('2_second', 'CREATE TABLE touch (id int);');
    await expect(apply()).rejects.toThrow('The migration 1_first was changed after it had been applied');
    expect(await scratch.query(`SELECT to_regclass('touch') AS touch`)).toEqual([{ touch: null }]);
  });

  test('a database with tables and without an account of migrations is left alone', async () => {
    await createDatabase(scratch.url);
    await scratch.query('CREATE TABLE theirs (id int)');
    await expect(apply()).rejects.toThrow('The database has tables (theirs) and no account of migrations');
    expect(await scratch.query(`SELECT to_regclass('lead') AS lead`)).toEqual([{ lead: null }]);
  });
});

describe("beside Prisma's own engine", () => {
  const ours = new ScratchMigrations();
  const prismas = new ScratchMigrations();
  const both = [ours, prismas];
  afterAll(() => Promise.all(both.map((scratch) => scratch.remove())));

  const prisma = (scratch: ScratchMigrations): string[] => {
    const program = path.join(__dirname, 'fixtures', 'prisma-engine.ts');
    const args = ['--import', 'tsx', program, scratch.url, scratch.files.migrations];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as string[];
  };

  test('the same table with the same rows, and either goes on where the other stopped', async () => {
    for (const scratch of both) scratch.migration('1_first', 'CREATE TABLE "lead" ("id" INTEGER NOT NULL);\n');
    await createDatabase(prismas.url);
    expect(prisma(prismas)).toEqual(['1_first']);
    expect((await applyMigrations(ours.url, ours.files)).migrations).toEqual(['1_first']);

    const definition = `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
        array(SELECT conname::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = a.attrelid ORDER BY 1)
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = '_prisma_migrations'::regclass AND a.attnum > 0 ORDER BY a.attnum`;
    const [ourTable, prismasTable] = await Promise.all(both.map((scratch) => scratch.query(definition)));
    expect(ourTable).toHaveLength(8);
    expect(ourTable).toEqual(prismasTable);
    const [ourRows, prismasRows] = await Promise.all(both.map((scratch) => scratch.query(log)));
    expect(ourRows).toHaveLength(1);
    expect(ourRows).toEqual(prismasRows);

    for (const scratch of both) scratch.migration('2_second', 'CREATE TABLE "touch" ("id" INTEGER NOT NULL);\n');
    expect(prisma(ours)).toEqual(['2_second']);
    expect((await applyMigrations(prismas.url, prismas.files)).migrations).toEqual(['2_second']);
    expect(prisma(prismas)).toEqual([]);
    expect((await applyMigrations(ours.url, ours.files)).migrations).toEqual([]);
  });
});
