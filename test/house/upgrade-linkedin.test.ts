import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { databaseUrl } from '../support/database';

/** What an earlier version sent by LinkedIn, as this migration finds it. */
const migration = '20261124155000_linkedin';
const folder = path.join(__dirname, '..', '..', 'prisma', 'migrations');
const sqlOf = (name: string): string => readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');

const name = `upgrade_${randomBytes(6).toString('hex')}`;
const id = (nr: number): string => `00000000-0000-4000-8000-${String(nr).padStart(12, '0')}`;
const [client, campaign, seat] = [id(1), id(2), id(3)];
let db: Client;

async function onServer(sql: string): Promise<void> {
  const server = new Client({ connectionString: databaseUrl('postgres') });
  await server.connect();
  await server.query(sql);
  await server.end();
}

/** Lead 100 + nr, enrollment 200 + nr, touch 300 + nr by LinkedIn. */
async function touched(nr: number, status: string, columns = '', values = ''): Promise<void> {
  await db.query(`INSERT INTO lead (id, client_id, email, linkedin_url, linkedin_profile, timezone, timezone_source, unsubscribe_token)
    VALUES ('${id(100 + nr)}', '${client}', 'jane${nr}@acme.example', 'linkedin.com/in/jane${nr}', 'linkedin.com/in/jane${nr}',
      'Europe/Berlin', 'hq', 'token${nr}')`);
  await db.query(`INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, admitted_at)
    VALUES ('${id(200 + nr)}', '${client}', '${campaign}', '${id(100 + nr)}', 'active', now())`);
  await db.query(`INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, sender_id${columns})
    VALUES ('${id(300 + nr)}', '${client}', '${campaign}', '${id(200 + nr)}', 3, 'linkedin', '${status}', '${seat}'${values})`);
}

const sent = [', fence, claimed_at, sent_at, sent_on', `, 1, now(), now(), current_date`] as const;

beforeAll(async () => {
  await onServer(`CREATE DATABASE ${name}`);
  db = new Client({ connectionString: databaseUrl(name) });
  await db.connect();
  const earlier = readdirSync(folder).filter((each) => /^\d/.test(each) && each < migration);
  for (const one of earlier.sort()) await db.query(sqlOf(one));
  await db.query(`INSERT INTO client (id, name, timezone, country, tier)
    VALUES ('${client}', 'C', 'Australia/Sydney', 'AU', 'velocity')`);
  await db.query(`INSERT INTO campaign (id, client_id, name, targeting, status, activated_at)
    VALUES ('${campaign}', '${client}', 'A', '{}', 'active', now())`);
  await db.query(
    `INSERT INTO sender (id, client_id, kind, address) VALUES ('${seat}', '${client}', 'linkedin_seat', 'seat-1')`,
  );
  await db.query(`INSERT INTO pause (id, client_id, sender_id, reason, detail, since)
    VALUES ('${id(4)}', '${client}', '${seat}', 'provider', 'account_restricted', now())`);
  await touched(1, 'sent', ...sent);
  await touched(2, 'uncertain', ...sent);
  await touched(3, 'sent', ...sent);
  await touched(4, 'planned');
  await db.query(`INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, payload)
    VALUES ('${id(5)}', 'unipile', 'e', 'inviteAccepted', '2026-03-02T10:00:00Z', now(), '{}')`);
  await db.query(`INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
    VALUES ('${id(5)}', '${client}', '${id(103)}', '${id(303)}')`);
  await db.query(`BEGIN; ${sqlOf(migration)}; COMMIT`);
});
afterAll(async () => {
  await db.end();
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
});

const rows = async (sql: string): Promise<unknown[]> => (await db.query(sql)).rows as unknown[];

test('whoever was invited is, also by a touch that may have left; whoever accepted is connected', async () => {
  expect(await rows('SELECT lead_id, state::text, sender_id FROM seat_relation ORDER BY lead_id')).toEqual([
    { lead_id: id(101), state: 'invited', sender_id: seat },
    { lead_id: id(102), state: 'invited', sender_id: seat },
    { lead_id: id(103), state: 'connected', sender_id: seat },
  ]);
  const since = await rows(`SELECT since = '2026-03-02T10:00:00Z' AS is FROM seat_relation WHERE state = 'connected'`);
  expect(since).toEqual([{ is: true }]);
});

test('every touch by LinkedIn was an invitation, and a restricted seat rests', async () => {
  expect(await rows('SELECT DISTINCT form FROM touch')).toEqual([{ form: 'invitation' }]);
  expect(await rows('SELECT is_rest, until FROM pause')).toEqual([{ is_rest: true, until: null }]);
});
