import { applyMigrations, functionsChangedByHand } from '../../store/migrations/apply-migrations';
import { ownFiles, readFunctions } from '../../store/migrations/migration-files';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { ScratchMigrations } from '../support/scratch-migrations';

const one = 'CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;';
const functionsNow = `SELECT oid::regprocedure::text AS signature FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace ORDER BY 1`;

describe('functions from files', () => {
  let scratch: ScratchMigrations;
  beforeEach(() => {
    scratch = new ScratchMigrations();
    scratch.migration('1_first', 'CREATE TABLE lead (id int PRIMARY KEY, email text);');
    scratch.function('one', one);
  });
  afterEach(() => scratch.remove());
  const apply = async () => {
    const { functions, droppedFunctions } = await applyMigrations(scratch.url, scratch.files);
    return { functions, droppedFunctions };
  };
  const nothing = { functions: [], droppedFunctions: [] };
  const signatures = async () => (await scratch.query<{ signature: string }>(functionsNow)).map((row) => row.signature);
  const value = async (call: string) => (await scratch.query(`SELECT ${call} AS value`))[0]!.value as unknown;

  test('a new file is applied once', async () => {
    expect(await apply()).toEqual({ functions: ['one'], droppedFunctions: [] });
    expect(await value('one()')).toBe(1);
    expect(await apply()).toEqual(nothing);
  });

  test('functions may call one another in any order, and use what the migrations made', async () => {
    scratch.function(
      'above',
      'CREATE FUNCTION above() RETURNS int LANGUAGE sql AS $$ SELECT one() + count(*)::int FROM lead $$;',
    );
    expect((await apply()).functions).toEqual(['above', 'one']);
    expect(await value('above()')).toBe(1);
  });

  test('a changed file replaces the function in place; the others are left alone', async () => {
    scratch.function('two', 'CREATE FUNCTION two() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;');
    await apply();
    const before = await value(`'one()'::regprocedure::oid::int`);
    scratch.function('one', one.replace('SELECT 1', 'SELECT 11'));
    expect(await apply()).toEqual({ functions: ['one'], droppedFunctions: [] });
    expect(await value('one()')).toBe(11);
    expect(await value(`'one()'::regprocedure::oid::int`)).toBe(before);
  });

  test.each([
    ['parameters', 'CREATE FUNCTION one(factor int) RETURNS int LANGUAGE sql AS $$ SELECT factor $$;', 'one(integer)'],
    ['return type', 'CREATE FUNCTION one() RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$;', 'one()'],
    ['kind', 'CREATE PROCEDURE one() LANGUAGE sql AS $$ SELECT 1 $$;', 'one()'],
    ['comment before it', `-- create function one anew\n${one}`, 'one()'],
  ])('other %s: no overload of the old one stays', async (_what, sql, signature) => {
    await apply();
    await scratch.query('CREATE FUNCTION one(text) RETURNS int LANGUAGE sql AS $$ SELECT 0 $$');
    scratch.function('one', sql);
    expect(await apply()).toEqual({ functions: ['one'], droppedFunctions: [] });
    expect(await signatures()).toEqual([signature]);
  });

  test('a function on which a trigger hangs can be changed', async () => {
    const guard = (email: string) => `CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.email := '${email}'; RETURN NEW; END $$;`;
    const trigger = 'CREATE TRIGGER guard BEFORE INSERT ON lead FOR EACH ROW EXECUTE FUNCTION guard();';
    scratch.migration('2_trigger', guard('first') + trigger);
    scratch.function('guard', guard('second'));
    await apply();
    expect(await scratch.query('INSERT INTO lead VALUES (1) RETURNING email')).toEqual([{ email: 'second' }]);
  });

  test('a function whose file is gone is dropped; one that never had a file is not', async () => {
    await apply();
    await scratch.query('CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS $$ SELECT 0 $$');
    scratch.function('one', null);
    expect(await apply()).toEqual({ functions: [], droppedFunctions: ['one'] });
    expect(await signatures()).toEqual(['theirs()']);
    expect(await apply()).toEqual(nothing);
  });

  test.each([
    ['of another name', one.replace('one()', 'other()'), 'it defines other'],
    ['two', `${one} ${one.replace('one()', 'other()')}`, /it defines (one, other|other, one)/],
    ['none', '-- to be written', 'it defines none'],
    [
      'that is no SQL',
      one.replace('RETURNS int', '\nRETURN int'),
      'one.sql, line 2: syntax error at or near "LANGUAGE"',
    ],
    [
      'that reads what is not there',
      one.replace('SELECT 1', 'SELECT nothing FROM lead'),
      'one.sql: column "nothing" does not exist',
    ],
    [
      'that calls what is not there',
      one.replace('SELECT 1', 'SELECT other()'),
      'one.sql: function other() does not exist',
    ],
  ])('a file with a function %s is refused by name, and nothing changes', async (_what, sql, message) => {
    scratch.function('one', sql);
    scratch.function('before', one.replace('one()', 'before()'));
    await expect(apply()).rejects.toThrow(message);
    await expect(apply()).rejects.toThrow('The function one.sql');
    expect(await signatures()).toEqual([]);
    scratch.function('one', one);
    expect((await apply()).functions).toEqual(['before', 'one']);
  });

  test('a migration that takes away what a function reads is noticed', async () => {
    scratch.function(
      'mails',
      'CREATE FUNCTION mails() RETURNS bigint LANGUAGE sql AS $$ SELECT count(email) FROM lead $$;',
    );
    await apply();
    scratch.migration('2_second', 'ALTER TABLE lead DROP COLUMN email;');
    await expect(apply()).rejects.toThrow('The function mails.sql: column "email" does not exist');
  });

  test.each([
    ['replaced', one.replace('CREATE', 'CREATE OR REPLACE').replace('SELECT 1', 'SELECT 2')],
    ['dropped', 'DROP FUNCTION one()'],
    ['overloaded', one.replace('one()', 'one(int)')],
    ['altered', 'ALTER FUNCTION one() STABLE'],
  ])('a function that was %s by hand is found, and the looking changes nothing', async (_what, sql) => {
    scratch.function('two', 'CREATE FUNCTION two() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;');
    await apply();
    expect(await functionsChangedByHand(scratch.url, scratch.files)).toEqual([]);
    await scratch.query(sql);
    const before = await signatures();
    expect(await functionsChangedByHand(scratch.url, scratch.files)).toEqual(['one']);
    expect(await functionsChangedByHand(scratch.url, scratch.files)).toEqual(['one']);
    expect(await signatures()).toEqual(before);
  });
});

describe("this engine's own functions", () => {
  let test_: TestDatabase;
  beforeAll(async () => {
    test_ = await createTestDatabase(2);
  });
  afterAll(() => test_.drop());

  test('the database has those of prisma/functions and no others, as the files say', async () => {
    const rows = await test_.database.$queryRawUnsafe<{ name: string }[]>(
      `SELECT proname::text AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname`,
    );
    const names = readFunctions(ownFiles.functions).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(await functionsChangedByHand(test_.url)).toEqual([]);
  });
});
