import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, databaseUrl } from '../support/database';

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'prisma', 'migrations');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const functions = readdirSync(path.join(root, 'prisma', 'functions'))
  .filter((file) => file.endsWith('.sql'))
  .map((file) => path.basename(file, '.sql'))
  .sort();

function migrate(args: string[], url?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/migrate.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: url },
  });
  return { status, output: stdout + stderr };
}

describe('npm run migrate', () => {
  const name = `fresh_${randomBytes(6).toString('hex')}`;

  afterAll(async () => {
    const client = new Client({ connectionString: databaseUrl('postgres') });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.end();
  });

  test('creates the database, applies every migration once, and keeps the table that Prisma itself keeps', async () => {
    const applied = migrate([], databaseUrl(name));
    const lines = [...names.map((one) => `applied ${one}\n`), ...functions.map((one) => `function ${one}\n`)];
    expect(applied).toEqual({ status: 0, output: lines.join('') });
    expect(migrate([], databaseUrl(name)).output).toContain('nothing to apply');

    const client = new Client({ connectionString: databaseUrl(name) });
    await client.connect();
    const { rows } = await client.query<{ migration_name: string; checksum: string; done: boolean }>(
      'SELECT migration_name, checksum, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY migration_name',
    );
    await client.end();
    const checksum = (one: string) =>
      createHash('sha256')
        .update(readFileSync(path.join(folder, one, 'migration.sql')))
        .digest('hex');
    expect(rows).toEqual(names.map((one) => ({ migration_name: one, checksum: checksum(one), done: true })));
  });

  test('names a function that was changed by hand', async () => {
    expect(migrate(['check-functions'], databaseUrl(name)).output).toMatch(/^the functions are what .*\n$/);
    const client = new Client({ connectionString: databaseUrl(name) });
    await client.connect();
    await client.query('ALTER FUNCTION week_around RENAME TO week_by_hand');
    await client.end();
    expect(migrate(['check-functions'], databaseUrl(name))).toEqual({
      status: 1,
      output: expect.stringMatching(
        /^Changed by hand, .*: week_around\. To have the files applied again: .*\n$/,
      ) as string,
    });
  });

  test('the migrations agree with schema.prisma', () => {
    expect(migrate(['check'])).toEqual({ status: 0, output: 'the migrations agree with schema.prisma\n' });
  });

  test('says what is wrong in one line', () => {
    expect(migrate(['create', 'Not A Name'])).toEqual({
      status: 1,
      output: expect.stringMatching(/^Usage: .*\n$/) as string,
    });
    expect(migrate([], '').output).toMatch(/^DATABASE_URL is missing; .*\n$/);
  });
});

test('SEQ-8: a lead has at most one active enrollment', async () => {
  const { database, drop } = await createTestDatabase(2);
  const client = await database.client.create({
    data: { name: 'Growth', timezone: 'Australia/Sydney', country: 'AU', tier: 'velocity' },
  });
  const lead = await database.lead.create({
    data: {
      clientId: client.id,
      email: 'jane@acme.example',
      timezone: 'Australia/Sydney',
      timezoneSource: 'hq',
      callTimezone: 'Australia/Sydney',
      unsubscribeToken: 'token',
    },
  });
  const enroll = async (status: 'active' | 'waiting') => {
    const campaign = await database.campaign.create({ data: { clientId: client.id, name: 'Leaders', targeting: {} } });
    const admittedAt = status === 'active' ? new Date() : null;
    const data = { clientId: client.id, campaignId: campaign.id, leadId: lead.id, status, admittedAt };
    await database.enrollment.create({ data });
  };
  await enroll('active');
  await enroll('waiting');
  await expect(enroll('active')).rejects.toThrow(/Unique constraint/);
  await drop();
});
