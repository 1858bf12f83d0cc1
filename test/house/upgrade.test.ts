import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { canonical } from '../../domain/canonical';
import { accountId } from '../../store/senders/account';
import { databaseUrl } from '../support/database';

/** A database as the version before this migration left it, with what only running it leaves behind. */
const migration = '20261124113000_one_sender_one_outbox';
const folder = path.join(__dirname, '..', '..', 'prisma', 'migrations');
const sqlOf = (name: string): string => readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
const earlier = readdirSync(folder)
  .filter((name) => /^\d/.test(name) && name < migration)
  .sort();

const name = `upgrade_${randomBytes(6).toString('hex')}`;
const id = (nr: number): string => `00000000-0000-4000-8000-${String(nr).padStart(12, '0')}`;
const client = id(1);
const [active, completed] = [id(11), id(12)];
let db: Client;

async function onServer(sql: string): Promise<void> {
  const server = new Client({ connectionString: databaseUrl('postgres') });
  await server.connect();
  await server.query(sql);
  await server.end();
}

/** nr → lead 100 + nr, enrollment 200 + nr */
async function lead(
  nr: number,
  columns: { campaign?: string; status: string; linkedin?: string; source?: string; phone?: string },
) {
  const { campaign = active, status, linkedin = null, source = 'hq', phone = null } = columns;
  await db.query(
    `INSERT INTO lead (id, client_id, email, phone, linkedin_url, timezone, timezone_source, call_timezone, unsubscribe_token)
     VALUES ($1::uuid, $2, $3, $4, $5, 'Europe/Berlin', $6, 'Australia/Sydney', $1::text)`,
    [id(100 + nr), client, `jane${nr}@acme.example`, phone, linkedin, source],
  );
  await db.query(
    `INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, stop_reason, stop_rule, admitted_at, finished_at, workflow_started_at)
     VALUES ($1, $2, $3, $4, $5::text::"EnrollmentStatus", CASE WHEN $5::text = 'stopped' THEN 'reply' END, CASE WHEN $5::text = 'stopped' THEN 'SEQ-3' END,
       CASE WHEN $5 <> 'waiting' THEN now() END, CASE WHEN $5 IN ('stopped', 'completed') THEN now() END,
       CASE WHEN $5 <> 'waiting' AND $6::boolean THEN now() END)`,
    [id(200 + nr), client, campaign, id(100 + nr), status, nr !== 1],
  );
}

/** Touch 300 + nr of enrollment 200 + nr. */
async function touch(
  nr: number,
  columns: {
    status: string;
    channel?: string;
    reason?: string | null;
    claimed?: string;
    slot?: boolean;
    step?: number;
    sender?: string;
  },
) {
  const { status, channel = 'email', reason = null, claimed = null, slot = true, sender = id(31) } = columns;
  const reached = ['sent', 'uncertain'].includes(status);
  await db.query(
    `INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at, sender_id, fence, claimed_at, sent_at, sent_on, reason, rule)
     VALUES ($1, $2, $3, $4, 1, $5::"Channel", $6::text::"TouchStatus", CASE WHEN $7::boolean THEN now() + interval '1 day' END, $8, 1,
       now() - $9::interval, CASE WHEN $10::boolean THEN now() END, CASE WHEN $10 THEN current_date END, $11, CASE WHEN $11::text IS NOT NULL THEN 'SEQ-3' END)`,
    [id(300 + nr), client, active, id(200 + nr), channel, status, slot, sender, claimed, reached, reason],
  );
}

async function hold(nr: number, kind: string, resource: string, state: 'booked' | 'consumed') {
  await db.query(
    `INSERT INTO capacity_day (kind, resource_id, day, client_id, "limit", ${state}) VALUES ($1::"CapacityKind", $2, current_date, $3, 50, 1)
     ON CONFLICT (kind, resource_id, day) DO UPDATE SET ${state} = capacity_day.${state} + 1`,
    [kind, resource, client],
  );
  await db.query(
    `INSERT INTO capacity_hold (touch_id, kind, resource_id, day, state) VALUES ($1, $2::"CapacityKind", $3, current_date, $4::"HoldState")`,
    [id(300 + nr), kind, resource, state],
  );
}

async function fill(): Promise<void> {
  await db.query(
    `INSERT INTO client (id, name, timezone, country, tier) VALUES ($1, 'C', 'Australia/Sydney', 'AU', 'velocity')`,
    [client],
  );
  await db.query(
    `INSERT INTO sending_domain (id, client_id, name, warmup_started_at) VALUES ($1, $2, 'c.example', current_date)`,
    [id(21), client],
  );
  await db.query(
    `INSERT INTO mailbox (id, client_id, domain_id, address, paused_at, pause_reason)
    VALUES ($1, $2, $3, 'anna@c.example', now(), 'paused by the user')`,
    [id(31), client, id(21)],
  );
  await db.query(
    `INSERT INTO phone_number (id, client_id, number, channels, paused_at, pause_reason)
    VALUES ($1, $2, '+61255501234', '{voice,sms}', now(), 'http_401')`,
    [id(32), client],
  );
  await db.query(
    `INSERT INTO campaign (id, client_id, name, targeting, status, activated_at, completed_at) VALUES
    ($1, $3, 'A', '{}', 'active', now(), NULL), ($2, $3, 'B', '{}', 'completed', now(), now())`,
    [active, completed, client],
  );

  await lead(1, { status: 'active', linkedin: 'https://www.linkedin.com/IN/Jane-Doe/' });
  await lead(2, { status: 'active', linkedin: 'https://www.linkedin.com/in/Jos%C3%A9-D' });
  await lead(3, { status: 'stopped' });
  await lead(4, { status: 'completed' });
  await lead(5, { status: 'active', phone: '+61255505678' });
  await lead(6, { status: 'waiting', campaign: completed });
  await lead(7, { status: 'active', campaign: completed });
  await lead(8, { status: 'waiting', source: 'client', phone: '+493012345678' });

  await touch(1, { status: 'planned' });
  await hold(1, 'mailbox', id(31), 'booked');
  await hold(1, 'domain', id(21), 'booked');
  await touch(2, { status: 'sent', claimed: '1 hour' });
  await hold(2, 'mailbox', id(31), 'consumed');
  await touch(3, { status: 'planned' });
  await hold(3, 'mailbox', id(31), 'booked');
  await touch(4, { status: 'cancelled', slot: false });
  await touch(5, { status: 'sent', channel: 'voice', claimed: '20 seconds', sender: id(32) });
  await hold(5, 'number_voice', id(32), 'consumed');

  await db.query(
    `INSERT INTO pending_signal (id, workflow_id, signal, payload, created_at, delivered_at) VALUES
    ($1, $3, 'leadReplied', '{}', now(), NULL), ($2, $3, 'leadWoken', '{}', now(), now())`,
    [id(401), id(402), `lead-${id(203)}`],
  );
  await db.query(
    `INSERT INTO inbound_event (id, provider, provider_event_id, kind, client_id, lead_id, enrollment_id, touch_id, occurred_at, received_at, payload)
    VALUES ($1, 'twilio', 'e', 'reply', $2, $3, $4, $5, now(), now(), '{"a": 1}')`,
    [id(501), client, id(103), id(203), id(303)],
  );
}

const rows = async <Row>(sql: string): Promise<Row[]> => (await db.query(sql)).rows as Row[];

beforeAll(async () => {
  await onServer(`CREATE DATABASE ${name}`);
  db = new Client({ connectionString: databaseUrl(name) });
  await db.connect();
  for (const one of earlier) await db.query(sqlOf(one));
  await fill();
  await db.query(`BEGIN; ${sqlOf(migration)}; COMMIT`);
});
afterAll(async () => {
  await db.end();
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
});

test('OWN-4: a profile is compared in the spelling that events are looked up by, however it was written', async () => {
  const found = await rows<{ url: string; profile: string }>(
    'SELECT linkedin_url AS url, linkedin_profile AS profile FROM lead WHERE linkedin_url IS NOT NULL ORDER BY id',
  );
  expect(found.map(({ profile }) => profile)).toEqual(found.map(({ url }) => canonical('linkedin', url)));
  expect(found).toHaveLength(2);
});

test('the counters equal the holds, and what was booked or consumed is so still', async () => {
  const counters = await rows(`SELECT counter, resource_id, period::text, booked, consumed FROM capacity_counter
    WHERE booked + consumed > 0 ORDER BY 1, 2`);
  expect(counters).toEqual(
    await rows(`SELECT counter, resource_id, period::text, count(*) FILTER (WHERE state = 'booked')::int AS booked,
      count(*) FILTER (WHERE state = 'consumed')::int AS consumed FROM capacity_hold WHERE period <> 'now'
      GROUP BY 1, 2, 3 ORDER BY 1, 2`),
  );
  expect(counters).toEqual([
    { counter: 'domain', resource_id: id(21), period: 'day', booked: 1, consumed: 0 },
    { counter: 'mailbox', resource_id: id(31), period: 'day', booked: 1, consumed: 1 },
    { counter: 'number_voice', resource_id: id(32), period: 'day', booked: 0, consumed: 1 },
  ]);
});

test('SEQ-3: what an earlier version left planned on a sequence that has ended is cancelled', async () => {
  expect(await rows(`SELECT status::text, slot_at, reason FROM touch WHERE id = '${id(303)}'`)).toEqual([
    { status: 'cancelled', slot_at: null, reason: 'reply' },
  ]);
});

test('LIM: a call that is going on holds its line', async () => {
  expect(
    await rows(
      `SELECT touch_id, counter, resource_id, ends_at > now() AS lasts FROM capacity_hold WHERE period = 'now'`,
    ),
  ).toEqual([{ touch_id: id(305), counter: 'account_calls', resource_id: accountId('twilio'), lasts: true }]);
});

test('what was owed is owed: signals, starts, and the wake-ups that a completed campaign had forgotten', async () => {
  expect(
    await rows(`SELECT kind, subject_id, payload FROM outbox WHERE delivered_at IS NULL ORDER BY kind, subject_id`),
  ).toEqual([
    { kind: 'leadSignal', subject_id: id(203), payload: { signal: 'leadReplied' } },
    { kind: 'leadSignal', subject_id: id(207), payload: { signal: 'leadWoken' } },
    { kind: 'startLead', subject_id: id(201), payload: { campaignId: active } },
  ]);
});

test('CTL-3: nobody waits in a completed campaign', async () => {
  expect(
    await rows(
      `SELECT status::text, stop_reason, finished_at IS NOT NULL AS finished FROM enrollment WHERE id = '${id(206)}'`,
    ),
  ).toEqual([{ status: 'stopped', stop_reason: 'campaign completed', finished: true }]);
  expect(await rows(`SELECT what FROM timeline_entry WHERE enrollment_id = '${id(206)}'`)).toEqual([
    { what: 'stopped' },
  ]);
});

test('TIME-3: nobody is called by the client’s zone; who has a known place is called by it', async () => {
  expect(await rows(`SELECT id FROM lead WHERE call_timezone IS NULL ORDER BY id`)).toEqual([{ id: id(108) }]);
});

test('pauses keep their reason and events their lead', async () => {
  expect(await rows(`SELECT sender_id, reason::text, detail FROM pause ORDER BY sender_id`)).toEqual([
    { sender_id: id(31), reason: 'operator', detail: 'paused by the user' },
    { sender_id: id(32), reason: 'provider', detail: 'http_401' },
  ]);
  expect(await rows(`SELECT lead_id, touch_id FROM event_subject`)).toEqual([{ lead_id: id(103), touch_id: id(303) }]);
});
