import type { Database } from '../../store/database';
import { createTestDatabase } from '../support/database';
import { credit, healthChange, hold, set, twoTenants, type TwoTenants } from './two-tenants';

let database: Database;
let drop: () => Promise<void>;
let tenants: TwoTenants;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase(2));
  tenants = await twoTenants(database);
});
afterAll(() => drop());

describe('a row cannot point at another tenant’s', () => {
  const subject = 'INSERT INTO event_subject (event_id, client_id, lead_id, touch_id) VALUES';
  test.each<[string, string, string]>([
    ['a campaign of no client', `UPDATE campaign SET client_id = gen_random_uuid() WHERE id = :myCampaign`, 'campaign'],
    [
      'a step of their campaign',
      `INSERT INTO campaign_step (campaign_id, client_id, step, day, channel, purpose)
       VALUES (:theirCampaign, :myClient, 9, 0, 'email', 'intro')`,
      'campaign_step_campaign',
    ],
    [
      'their lead in my campaign',
      `INSERT INTO enrollment (id, client_id, campaign_id, lead_id)
       VALUES (gen_random_uuid(), :myClient, :myCampaign, :theirLead)`,
      'enrollment_lead',
    ],
    [
      'my lead in their campaign',
      `INSERT INTO enrollment (id, client_id, campaign_id, lead_id)
       VALUES (gen_random_uuid(), :myClient, :theirCampaign, :myLead)`,
      'enrollment_campaign',
    ],
    [
      'a finished step of their lead',
      `INSERT INTO finished_step (enrollment_id, client_id, step, channel, done_at, done_on)
       VALUES (:theirEnrollment, :myClient, 1, 'email', now(), now())`,
      'finished_step_enrollment',
    ],
    [
      'a touch of their enrollment',
      set('touch', 'enrollment_id = :theirEnrollment, step = 9', 'Touch'),
      'touch_enrollment',
    ],
    ['a touch of their campaign', set('touch', 'campaign_id = :theirCampaign', 'Touch'), 'touch_enrollment'],
    ['a touch through their mailbox', set('touch', 'sender_id = :theirMailbox', 'Touch'), 'touch_sender'],
    [
      'a text of their touch',
      `INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens, output_tokens,
         cost_micro_usd, created_at) VALUES (:theirTouch, :myClient, '{}', '1', 'm', 1, 1, 1, now())`,
      'touch_text_touch',
    ],
    [
      'a look for their touch',
      'INSERT INTO reconciliation (touch_id, client_id) VALUES (:theirTouch, :myClient)',
      'reconciliation_touch',
    ],
    [
      'a carrier of their mailbox',
      `INSERT INTO carrier_sequence (sender_id, client_id, step, timezone, sequence_id)
       VALUES (:theirMailbox, :myClient, 1, 'UTC', '1')`,
      'carrier_sequence_sender',
    ],
    [
      'a watch of their mailbox',
      `INSERT INTO mailbox_watch (sender_id, client_id, provider, next_look_at)
       VALUES (:theirMailbox, :myClient, 'salesforge', now())`,
      'mailbox_watch_sender',
    ],
    [
      'a handover of their touch',
      `INSERT INTO handover (touch_id, client_id, handed_at, look_at) VALUES (:theirTouch, :myClient, now(), now())`,
      'handover_touch',
    ],
    ['a hold of their touch', hold('now', 'NULL', 'now()').replace(':myTouch', ':theirTouch'), 'capacity_hold_touch'],
    ['an event about their lead', `${subject} (:myEvent, :myClient, :theirLead, NULL)`, 'event_subject_lead'],
    ['an event about their touch', `${subject} (:myEvent, :myClient, :myLead, :theirTouch)`, 'event_subject_touch'],
    [
      'a mailbox on their domain',
      'UPDATE mailbox SET domain_id = :theirDomain WHERE sender_id = :myMailbox',
      'mailbox_domain',
    ],
    [
      'an inbox of their mailbox',
      `UPDATE inbox SET client_id = :myClient WHERE sender_id = :theirMailbox`,
      'inbox_sender_id_client_id',
    ],
    [
      'a channel of their seat',
      `INSERT INTO sender_channel (sender_id, client_id, channel, provider)
       VALUES (:theirSeat, :myClient, 'email', 'smtp')`,
      'sender_channel_sender',
    ],
    [
      'a pause of their seat',
      `INSERT INTO pause (id, client_id, sender_id, reason, detail, since)
       VALUES (gen_random_uuid(), :myClient, :theirSeat, 'operator', 'x', now())`,
      'pause_sender',
    ],
    [
      'a pause of their domain',
      `INSERT INTO pause (id, client_id, domain_id, reason, detail, since)
       VALUES (gen_random_uuid(), :myClient, :theirDomain, 'operator', 'x', now())`,
      'pause_domain',
    ],
    [
      'a search of their campaign',
      `INSERT INTO lead_search (campaign_id, client_id, provider, query_hash)
       VALUES (:theirCampaign, :myClient, 'apollo', 'q')`,
      'lead_search_campaign',
    ],
    [
      'somebody found for their campaign',
      `INSERT INTO sourced_person (client_id, provider, person_hash, campaign_id, request_key, outcome, credits, found_at)
       VALUES (:myClient, 'apollo', 'h', :theirCampaign, 'k', 'known', 0, now())`,
      'sourced_person_campaign',
    ],
    [
      'somebody found who is their lead',
      `INSERT INTO sourced_person (client_id, provider, person_hash, campaign_id, request_key, outcome, lead_id, credits,
         found_at) VALUES (:myClient, 'apollo', 'h', :myCampaign, 'k', 'imported', :theirLead, 0, now())`,
      'sourced_person_lead',
    ],
    [
      'leads asked for their campaign',
      `INSERT INTO source_request (id, client_id, campaign_id, wanted, created_at, next_attempt_at)
       VALUES (gen_random_uuid(), :myClient, :theirCampaign, 1, now(), now())`,
      'source_request_campaign',
    ],
    [
      'a check of their domain',
      `INSERT INTO domain_dns_check (client_id, domain_id, checked_at, records)
       VALUES (:myClient, :theirDomain, now(), '[{}]')`,
      'domain_dns_check_domain',
    ],
    [
      'a relation of their seat',
      `INSERT INTO seat_relation (sender_id, lead_id, client_id, state, since)
       VALUES (:theirSeat, :myLead, :myClient, 'invited', now())`,
      'seat_relation_sender',
    ],
    [
      'a relation to their lead',
      `INSERT INTO seat_relation (sender_id, lead_id, client_id, state, since)
       VALUES (:mySeat, :theirLead, :myClient, 'invited', now())`,
      'seat_relation_lead',
    ],
    [
      'a word in their timeline',
      `INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule)
       VALUES (:myClient, :theirEnrollment, now(), 'planned', 'x', 'SEQ-2')`,
      'timeline_entry_enrollment',
    ],
    ['a month of no client', set('credit_period', 'client_id = gen_random_uuid()', 'Period'), 'credit_period_client'],
    ['a credit of their month', credit({ kind: 'adjust', amount: 1, period: ':theirPeriod' }), 'credit_entry_period'],
    [
      'a credit for their lead',
      credit({ kind: 'admit', amount: -1, lead: ':theirLead', enrollment: ':myEnrollment' }),
      'credit_entry_lead',
    ],
    [
      'a credit for their enrollment',
      credit({ kind: 'admit', amount: -1, lead: ':myLead', enrollment: ':theirEnrollment' }),
      'credit_entry_enrollment',
    ],
    ['a change of health of their domain', healthChange(1, ':theirDomain'), 'health_change_domain'],
    [
      'a measure of their touch',
      `INSERT INTO touch_measure (touch_id, client_id, lead_id, campaign_id, step, channel, sent_on, admitted_on, is_repeat,
         sent, bounced, opens_measured, opened, opened_automatically, replied, stopped)
       VALUES (:theirTouch, :myClient, :myLead, :myCampaign, 1, 'email', now(), now(), false, 1, 0, 0, 0, 0, 0, 0)`,
      'touch_measure_touch',
    ],
    [
      'opens of their domain',
      `INSERT INTO opens_source (domain_id, client_id, since) VALUES (:theirDomain, :myClient, now())`,
      'opens_source_domain',
    ],
  ])('%s', async (_, statement, constraint) => {
    expect(await tenants.broken(statement)).toMatch(new RegExp(`^${constraint}.*_fkey$`));
  });

  test('every foreign key between tenants’ rows carries the client, but for one', async () => {
    const keys = await database.$queryRaw<{ key: string }[]>`
      SELECT k.conname AS key FROM pg_constraint k
      JOIN pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attname = 'client_id'
      JOIN pg_attribute theirs ON theirs.attrelid = k.confrelid AND theirs.attname = 'client_id'
      WHERE k.contype = 'f' AND NOT (mine.attnum = ANY (k.conkey) AND theirs.attnum = ANY (k.confkey)) ORDER BY 1`;
    // An account at a provider is counted for all clients together.
    expect(keys.map((row) => row.key)).toEqual(['capacity_hold_counter_resource_id_period_starts_on_fkey']);
  });

  test('every table of tenants’ rows has its client, always, and a foreign key on it', async () => {
    const tables = await database.$queryRaw<{ name: string; client: boolean; key: boolean }[]>`
      SELECT c.relname AS name, coalesce(a.attnotnull, false) AS client, EXISTS (
        SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)) AS key
      FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`;
    const without = (part: 'client' | 'key') => tables.filter((row) => !row[part]).map((row) => row.name);
    // Leases are of processes, answers are kept by the holder of a key, events by whoever they turn out to be about; operators have keys too.
    const ofNobody = ['_prisma_migrations', 'client', 'database_function', 'idempotency_key', 'inbound_event', 'lease'];
    expect(without('client')).toEqual(expect.arrayContaining(['client', 'inbound_event']));
    expect(without('client').filter((name) => !ofNobody.includes(name))).toEqual(['api_key']);
    expect(without('key').filter((name) => !ofNobody.includes(name))).toEqual([]);
  });
});
