import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { databaseUrl } from '../support/database';

/** MIG-1: campaigns that existed before this migration. */
const migration = '20261124156000_custom_campaigns';
const folder = path.join(__dirname, '..', '..', 'prisma', 'migrations');
const sqlOf = (name: string): string => readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
const earlier = readdirSync(folder)
  .filter((name) => /^\d/.test(name) && name < migration)
  .sort();

const name = `upgrade_custom_${randomBytes(6).toString('hex')}`;
let db: Client;

async function onServer(sql: string): Promise<void> {
  const server = new Client({ connectionString: databaseUrl('postgres') });
  await server.connect();
  await server.query(sql);
  await server.end();
}

/** [step, day, channel, purpose, replaces] */
type Step = [number, number, string, string, string | null];
const campaigns: [what: string, steps: Step[], usesDefault: boolean][] = [
  ['no steps yet', [], true],
  [
    'the whole default sequence',
    [
      [1, 0, 'email', 'intro', null],
      [2, 3, 'voice', 'connect', null],
      [3, 5, 'linkedin', 'connect', null],
      [4, 8, 'email', 'value-add', null],
      [5, 12, 'sms', 'final nudge', null],
    ],
    true,
  ],
  ['generated with a gap', [[1, 0, 'email', 'intro', null]], true],
  ['generated with a stand-in', [[5, 12, 'email', 'final nudge', 'sms']], true],
  ['another day', [[1, 1, 'email', 'intro', null]], false],
  ['another purpose', [[1, 0, 'email', 'hello', null]], false],
  ['another channel', [[2, 3, 'sms', 'connect', null]], false],
  ['an e-mail that stands in for nothing', [[2, 3, 'email', 'connect', null]], false],
  [
    'a step more',
    [
      [1, 0, 'email', 'intro', null],
      [6, 20, 'email', 'last', null],
    ],
    false,
  ],
];

beforeAll(async () => {
  await onServer(`CREATE DATABASE ${name}`);
  db = new Client({ connectionString: databaseUrl(name) });
  await db.connect();
  for (const one of earlier) await db.query(sqlOf(one));
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO client (id, name, timezone, country, tier) VALUES (gen_random_uuid(), 'C', 'UTC', 'AU', 'velocity')
     RETURNING id`,
  );
  const client = rows[0]?.id;
  for (const [what, steps] of campaigns) {
    const made = await db.query<{ id: string }>(
      `INSERT INTO campaign (id, client_id, name, targeting) VALUES (gen_random_uuid(), $1, $2, '{}') RETURNING id`,
      [client, what],
    );
    for (const step of steps) {
      await db.query(
        `INSERT INTO campaign_step (campaign_id, client_id, step, day, channel, purpose, replaces)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [made.rows[0]?.id, client, ...step],
      );
    }
  }
  await db.query(`BEGIN; ${sqlOf(migration)}; COMMIT`);
});
afterAll(async () => {
  await db.end();
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
});

test.each(campaigns)('MIG-1: a campaign with %s', async (what, steps, usesDefault) => {
  const { rows } = await db.query<{ flag: boolean; steps: number }>(
    `SELECT uses_default_sequence AS flag,
       (SELECT count(*)::int FROM campaign_step s WHERE s.campaign_id = c.id) AS steps
     FROM campaign c WHERE name = $1`,
    [what],
  );
  expect(rows).toEqual([{ flag: usesDefault, steps: steps.length }]);
});

test('new ones get true', async () => {
  const { rows } = await db.query<{ flag: boolean }>(
    `INSERT INTO campaign (id, client_id, name, targeting) SELECT gen_random_uuid(), id, 'new', '{}' FROM client
     RETURNING uses_default_sequence AS flag`,
  );
  expect(rows).toEqual([{ flag: true }]);
});
