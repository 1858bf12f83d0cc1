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

const sender = (of: string, kind: string, address: string): string =>
  `INSERT INTO sender (id, client_id, kind, address) VALUES (gen_random_uuid(), :${of}, '${kind}', '${address}')`;
const touch = (columns: string, values: string): string =>
  `INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status${columns && `, ${columns}`})
   VALUES (gen_random_uuid(), :myClient, :myCampaign, :myEnrollment, 2, 'voice', ${values})`;
const counter = (period: string, booked: number, consumed: number, limit = 1): string =>
  `INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit", booked, consumed)
   VALUES ('mailbox', :myMailbox, '${period}', '2026-03-02', :myClient, ${limit}, ${booked}, ${consumed})`;
const measure = (columns: string, values: string): string =>
  `INSERT INTO touch_measure (touch_id, client_id, lead_id, campaign_id, step, channel, sent_on, admitted_on, is_repeat,
     sent, bounced, opens_measured, opened, opened_automatically, replied, stopped${columns && `, ${columns}`})
   VALUES (:myTouch, :myClient, :myLead, :myCampaign, 1, 'email', '2026-03-02', '2026-03-02', false, ${values})`;
const metric = (breakdown: string, counts: string): string =>
  `INSERT INTO metric_count (scope_id, client_id, breakdown, key, sent_on, admitted_on, sent, bounced, opens_measured,
     opened, opened_automatically, replied, stopped)
   VALUES (:myClient, :myClient, '${breakdown}', '1', '2026-03-02', '2026-03-02', ${counts})`;
const search = (columns: string, values: string): string =>
  `INSERT INTO lead_search (campaign_id, client_id, provider, query_hash${columns && `, ${columns}`})
   VALUES (:myCampaign, :myClient, ${values})`;
const person = (outcome: string, lead: string, credits = 1): string =>
  `INSERT INTO sourced_person (client_id, provider, person_hash, campaign_id, request_key, outcome, lead_id, credits, found_at)
   VALUES (:myClient, 'apollo', 'h', :myCampaign, 'k', '${outcome}', ${lead}, ${credits}, now())`;
const request = (wanted: number, columns = '', values = ''): string =>
  `INSERT INTO source_request (id, client_id, campaign_id, wanted, created_at, next_attempt_at${columns && `, ${columns}`})
   VALUES (gen_random_uuid(), :myClient, :myCampaign, ${wanted}, now(), now()${values && `, ${values}`})`;
const lookUp = (columns: string, values: string): string =>
  `INSERT INTO reconciliation (touch_id, client_id, ${columns}) VALUES (:myTouch, :myClient, ${values})`;
const use = (changes: string): string => `UPDATE sender_channel SET ${changes} WHERE sender_id = :myMailbox`;
const inbox = (values: string): string => `UPDATE inbox SET ${values} WHERE sender_id = :myMailbox`;
const carrier = (values: string): string =>
  `INSERT INTO carrier_sequence (sender_id, client_id, step, timezone, sequence_id) VALUES (:myMailbox, :myClient, ${values})`;
const handover = (columns: string, values: string): string =>
  `INSERT INTO handover (touch_id, client_id, handed_at, look_at, ${columns}) VALUES (:myTouch, :myClient, now(), ${values})`;
const watch = (columns: string, values: string): string =>
  `INSERT INTO mailbox_watch (sender_id, client_id, next_look_at, ${columns}) VALUES (:myMailbox, :myClient, now(), ${values})`;
const senseless: [what: string, statement: string, check: string][] = [
  ['a carrier of no step', carrier(`0, 'UTC', '1'`), 'carrier_sequence_words'],
  ['a carrier in no zone', carrier(`1, '', '1'`), 'carrier_sequence_words'],
  ['a carrier without a name', carrier(`1, 'UTC', ''`), 'carrier_sequence_words'],
  ['a look before the handover', handover('looks', `now() - interval '1 day', 0`), 'handover_times'],
  ['looks below zero', handover('looks', 'now(), -1'), 'handover_times'],
  [
    'taken back before it was handed over',
    handover('withdrawn_at', `now(), now() - interval '1 day'`),
    'handover_times',
  ],
  ['settled before it was handed over', handover('settled_at', `now(), now() - interval '1 day'`), 'handover_times'],
  ['a watch by nobody', watch('provider', `''`), 'mailbox_watch_words'],
  ['failures below zero', watch('provider, failures', `'salesforge', -1`), 'mailbox_watch_words'],
  ['a failure without a word', watch('provider, failures', `'salesforge', 1`), 'mailbox_watch_words'],
  ['a word without a failure', watch('provider, last_error', `'salesforge', 'x'`), 'mailbox_watch_words'],
  ['a mailbox without @', sender('myClient', 'mailbox', 'anna'), 'sender_address_by_kind'],
  ['a mailbox in capitals', sender('myClient', 'mailbox', 'Anna@x.example'), 'sender_address_by_kind'],
  ['a number without plus', sender('myClient', 'phone_number', '61255501234'), 'sender_address_by_kind'],
  ['a seat of no account', sender('myClient', 'linkedin_seat', ''), 'sender_address_by_kind'],
  [
    'a pause of nothing',
    `INSERT INTO pause (id, client_id, reason, detail, since)
       VALUES (gen_random_uuid(), :myClient, 'dns', 'x', now())`,
    'pause_of_one',
  ],
  [
    'a pause of two things',
    `INSERT INTO pause (id, client_id, sender_id, domain_id, reason, detail, since)
       VALUES (gen_random_uuid(), :myClient, :mySeat, :myDomain, 'dns', 'x', now())`,
    'pause_of_one',
  ],
  ['a look that found out nothing', lookUp('looks, last_look_at', '1, now()'), 'reconciliation_columns'],
  ['an answer without a look', lookUp('last_answer', "'absent'"), 'reconciliation_columns'],
  [
    'fewer looks than none',
    lookUp('looks, last_look_at, last_answer', "-1, now(), 'absent'"),
    'reconciliation_columns',
  ],
  ['a failure without its word', use('failures = 1'), 'sender_channel_outage'],
  ['a provider that is down and answers', use('down_since = now(), retry_at = now()'), 'sender_channel_outage'],
  [
    'an outage that nobody tries to end',
    use("failures = 3, failure = 'x', down_since = now()"),
    'sender_channel_outage',
  ],
  ['an inbox of nobody', inbox(`username = ''`), 'inbox_account'],
  ['an inbox on no port', inbox('port = 0'), 'inbox_account'],
  ['an inbox that was read so far, of unknown numbers', inbox('last_uid = 1'), 'inbox_cursor'],
  ['an inbox with a UID of 33 bits', inbox('uid_validity = 1, last_uid = 4294967296'), 'inbox_cursor'],
  ['a mail that was begun never', inbox('trying_uid = 1'), 'inbox_tries'],
  ['an inbox that is refused without a word', inbox(`state = 'refused'`), 'inbox_state'],
  ['an inbox that is read and cannot be', inbox(`state = 'reading', error = 'timed_out'`), 'inbox_state'],
  ['a selector that is no name', set('sending_domain', `dkim_selector = 'a b'`, 'Domain'), 'sending_domain_dns'],
  [
    'an answer of the DNS to no question',
    set('sending_domain', 'dns_checked_at = now()', 'Domain'),
    'sending_domain_dns',
  ],
  [
    'a failure without a word',
    set('sending_domain', `dns_asked_at = now(), dns_failure = ''`, 'Domain'),
    'sending_domain_dns',
  ],
  [
    'a check that found out nothing',
    `INSERT INTO domain_dns_check (client_id, domain_id, checked_at, records) VALUES (:myClient, :myDomain, now(), '[]')`,
    'domain_dns_check_records',
  ],
  [
    'an end of a pause that is no rest',
    `INSERT INTO pause (id, client_id, sender_id, reason, detail, since, until)
     VALUES (gen_random_uuid(), :myClient, :mySeat, 'provider', 'x', now(), now() + interval '1 day')`,
    'pause_rest',
  ],
  [
    'a rest that ends before it begins',
    `INSERT INTO pause (id, client_id, sender_id, reason, detail, since, until, is_rest)
     VALUES (gen_random_uuid(), :myClient, :mySeat, 'provider', 'x', now(), now() - interval '1 day', true)`,
    'pause_rest',
  ],
  [
    'a rest that an operator orders',
    `INSERT INTO pause (id, client_id, sender_id, reason, detail, since, is_rest)
     VALUES (gen_random_uuid(), :myClient, :mySeat, 'operator', 'x', now(), true)`,
    'pause_rest',
  ],
  [
    'done for good, and only booked',
    `INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state, is_spent)
     VALUES (:myTouch, :myClient, 'made_up', :mySeat, 'day', '2026-03-02', 'booked', true)`,
    'capacity_hold_spent',
  ],
  [
    'a password without a server',
    `UPDATE mailbox SET smtp_password = 'x' WHERE sender_id = :myMailbox`,
    'mailbox_smtp',
  ],
  [
    'a port that is none',
    `UPDATE mailbox SET smtp_host = 'x', smtp_port = 0 WHERE sender_id = :myMailbox`,
    'mailbox_smtp',
  ],
  ['an active campaign never activated', set('campaign', 'activated_at = NULL', 'Campaign'), 'campaign_status_columns'],
  [
    'a completed one without its moment',
    set('campaign', `status = 'completed'`, 'Campaign'),
    'campaign_status_columns',
  ],
  ['a draft that was activated', set('campaign', `status = 'draft'`, 'Campaign'), 'campaign_status_columns'],
  ['an external id that is none', set('campaign', `external_id = ''`, 'Campaign'), 'campaign_external_id'],
  ['a lead before step 1', set('enrollment', 'from_step = 0', 'Enrollment'), 'enrollment_from_step'],
  [
    'a step finished before the first',
    `INSERT INTO finished_step (enrollment_id, client_id, step, channel, done_at, done_on)
     VALUES (:myEnrollment, :myClient, 0, 'email', now(), now())`,
    'finished_step_words',
  ],
  [
    'a step before Day 0',
    `INSERT INTO campaign_step (campaign_id, client_id, step, day, channel, purpose)
     VALUES (:myCampaign, :myClient, 9, -1, 'email', 'intro')`,
    'campaign_step_numbers',
  ],
  [
    'a provider that is no word',
    `INSERT INTO sender_channel (sender_id, client_id, channel, provider) VALUES (:mySeat, :myClient, 'email', '')`,
    'sender_channel_words',
  ],
  [
    'a text that cost less than nothing',
    `INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens, output_tokens,
       cost_micro_usd, created_at) VALUES (:myTouch, :myClient, '{}', '1', 'm', 1, 1, -1, now())`,
    'touch_text_numbers',
  ],
  ['a score above 100', set('lead', 'score = 101', 'Lead'), 'lead_values'],
  ['an address in capitals', set('lead', `email = 'J@x.example'`, 'Lead'), 'lead_values'],
  ['a mobile that is no E.164', set('lead', `mobile = '0491 570 006'`, 'Lead'), 'lead_values'],
  ['a profile that cannot be compared', set('lead', 'linkedin_profile = NULL', 'Lead'), 'lead_values'],
  ['a computed score without its parts', set('lead', `score_source = 'computed'`, 'Lead'), 'lead_score_source'],
  ["parts of an import's score", set('lead', `score_parts = '[]'`, 'Lead'), 'lead_score_source'],
  [
    'parts of no score',
    set('lead', `score_source = 'computed', score = NULL, score_parts = '[]'`, 'Lead'),
    'lead_score_source',
  ],
  ['parts that are no list', set('lead', `score_source = 'computed', score_parts = '{}'`, 'Lead'), 'lead_score_source'],
  ['a score out of nowhere', set('lead', `score_source = 'guessed'`, 'Lead'), 'lead_score_source'],
  [
    'a verdict that nobody knows',
    set('lead', `email_status = 'fine', email_checked_at = now()`, 'Lead'),
    'lead_email_status',
  ],
  ['a verdict of no moment', set('lead', `email_status = 'disposable'`, 'Lead'), 'lead_email_status'],
  ['minus one soft bounce', set('lead', 'soft_bounces = -1', 'Lead'), 'lead_values'],
  ['a stop without a reason', set('enrollment', `status = 'stopped'`, 'Enrollment'), 'enrollment_status_columns'],
  [
    'a reason without a rule',
    set('enrollment', `status = 'stopped', stop_reason = 'x', finished_at = now()`, 'Enrollment'),
    'enrollment_status_columns',
  ],
  ['an end without its moment', set('enrollment', `status = 'completed'`, 'Enrollment'), 'enrollment_status_columns'],
  ['active, never admitted', set('enrollment', 'admitted_at = NULL', 'Enrollment'), 'enrollment_status_columns'],
  ['waiting, yet admitted', set('enrollment', `status = 'waiting'`, 'Enrollment'), 'enrollment_status_columns'],
  ['sent by nobody', touch('sent_at, sent_on', `'sent', now(), now()`), 'touch_status_columns'],
  ['sent, and no moment', touch('sender_id, claimed_at, fence', `'sent', :mySeat, now(), 1`), 'touch_status_columns'],
  ['handed over, never claimed', touch('handed_over_at', `'planned', now()`), 'touch_hand_over'],
  [
    'answered, never handed over',
    touch('sender_id, claimed_at, fence, answered_at', `'sending', :mySeat, now(), 1, now()`),
    'touch_hand_over',
  ],
  ['refused less often than never', touch('refusals', `'planned', -1`), 'touch_refusals'],
  ['being sent, never claimed', touch('sender_id', `'sending', :mySeat`), 'touch_status_columns'],
  ['planned, with the moment of sending', touch('sent_at, sent_on', `'planned', now(), now()`), 'touch_status_columns'],
  ['a slot of no sender', touch('slot_at', `'planned', now()`), 'touch_status_columns'],
  ['skipped without a reason', touch('', `'skipped'`), 'touch_status_columns'],
  [
    'cancelled, yet booked',
    touch('reason, slot_at, sender_id', `'cancelled', 'x', now(), :mySeat`),
    'touch_status_columns',
  ],
  ['a form that is no word', touch('form', `'planned', 'Form 2'`), 'touch_form'],
  ['step 0', touch('', `'planned'`).replace(', 2,', ', 0,'), 'touch_numbers'],
  ['minus one day waited', touch('days_waited', `'planned', -1`), 'touch_numbers'],
  ['a channel that is no word', touch('', `'planned'`).replace(`'voice'`, `'Voice 2'`), 'touch_numbers'],
  ['fewer than none booked', counter('day', -1, 0), 'capacity_counter_numbers'],
  ['fewer than none consumed', counter('day', 0, -1), 'capacity_counter_numbers'],
  ['a limit below none', counter('day', 0, 0, -1), 'capacity_counter_numbers'],
  ['a counter of this moment', counter('now', 0, 0), 'capacity_counter_numbers'],
  ['a hold of this moment with a day', hold('now', `'2026-03-02'`, 'now()'), 'capacity_hold_columns'],
  ['a hold of this moment without an end', hold('now', 'NULL', 'NULL'), 'capacity_hold_columns'],
  ['a hold of this moment that is booked', hold('now', 'NULL', 'now()', 'booked'), 'capacity_hold_columns'],
  ['a hold of a day without the day', hold('day', 'NULL', 'NULL'), 'capacity_hold_columns'],
  [
    'delivered and given up',
    `INSERT INTO outbox (id, client_id, kind, subject_id, created_at, next_attempt_at, delivered_at, gave_up_at)
       VALUES (gen_random_uuid(), :myClient, 'leadSignal', :myEnrollment, now(), now(), now(), now())`,
    'outbox_columns',
  ],
  [
    'a suppression of nothing',
    `INSERT INTO suppression (id, client_id, kind, value_hash, value, reason, created_at)
       VALUES (gen_random_uuid(), :myClient, 'email', 'h', '', 'x', now())`,
    'suppression_value',
  ],
  ['sources of fields that are a list', set('lead', `field_sources = '[]'`, 'Lead'), 'lead_field_sources'],
  ['a search at no provider', search('', `'', 'q'`), 'lead_search_columns'],
  ['a search for nothing', search('', `'apollo', ''`), 'lead_search_columns'],
  ['fewer people than none', search('total', `'apollo', 'q', -1`), 'lead_search_columns'],
  ['a page after the last', search('cursor, exhausted_at', `'apollo', 'q', '2', now()`), 'lead_search_columns'],
  ['imported, and no lead', person('imported', 'NULL'), 'sourced_person_outcome'],
  ['suppressed, yet a lead', person('suppressed', ':myLead'), 'sourced_person_outcome'],
  ['an outcome that is none', person('found', 'NULL'), 'sourced_person_outcome'],
  ['somebody who cost less than nothing', person('known', 'NULL', -1), 'sourced_person_outcome'],
  ['a request of no kind', request(1, 'kind', `'find'`), 'source_request_columns'],
  ['a request for nobody', request(0), 'source_request_columns'],
  ['a request for too many', request(501), 'source_request_columns'],
  ['more brought than asked for', request(1, 'imported', '2'), 'source_request_columns'],
  ['an end without an outcome', request(1, 'finished_at', 'now()'), 'source_request_columns'],
  ['an outcome without an end', request(1, 'outcome', `'enough'`), 'source_request_columns'],
  [
    'a word without its rule',
    `INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule)
       VALUES (:myClient, :myEnrollment, now(), 'planned', 'x', '')`,
    'timeline_entry_words',
  ],
  ['a month that ends before it begins', set('credit_period', 'ends_at = starts_at', 'Period'), 'credit_period_ends'],
  ['less than no credit', credit({ kind: 'adjust', amount: -1, balance: -1 }), 'credit_entry_balance'],
  ['a grant of nothing', credit({ kind: 'grant', amount: 0 }), 'credit_entry_amount'],
  [
    'an admission that costs two',
    credit({ kind: 'admit', amount: -2, lead: ':myLead', enrollment: ':myEnrollment' }),
    'credit_entry_amount',
  ],
  ['an admission of nobody', credit({ kind: 'admit', amount: -1 }), 'credit_entry_lead'],
  ['fewer sends than none', healthChange(-1), 'health_change_counts'],
  ['a touch that counts twice', measure('', '2, 0, 0, 0, 0, 0, 0'), 'touch_measure_counts'],
  ['bounced, and opens are measured', measure('', '1, 1, 1, 0, 0, 0, 0'), 'touch_measure_counts'],
  ['opened by a person and by a machine', measure('', '1, 0, 1, 1, 1, 0, 0'), 'touch_measure_counts'],
  ['a sum of nothing', metric('step', '0, 0, 0, 0, 0, 0, 0'), 'metric_count_numbers'],
  ['fewer than none replied', metric('step', '1, 0, 0, 0, 0, -1, 0'), 'metric_count_numbers'],
  ['more bounced than sent', metric('step', '1, 2, 0, 0, 0, 0, 0'), 'metric_count_numbers'],
  ['opened where it is not measured', metric('step', '1, 0, 0, 1, 0, 0, 0'), 'metric_count_numbers'],
  ['a table that nobody knows', metric('weather', '1, 0, 0, 0, 0, 0, 0'), 'metric_count_breakdown'],
];

describe('a row cannot say what makes no sense', () => {
  test.each(senseless)('%s', async (_, statement, check) => {
    expect(await tenants.broken(statement)).toBe(check);
  });

  test('every CHECK of the database stands in the table', async () => {
    const checks = await database.$queryRaw<{ name: string }[]>`
      SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`;
    expect(checks.map((row) => row.name).sort()).toEqual([...new Set(senseless.map((row) => row[2]))].sort());
  });
});

describe('what there may be one of', () => {
  test.each<[string, string, string]>([
    [
      'a second active sequence of a lead (SEQ-8)',
      `WITH c AS (INSERT INTO campaign (id, client_id, name, targeting) VALUES (gen_random_uuid(), :myClient, 'x', '{}')
         RETURNING id, client_id)
       INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, admitted_at)
       SELECT gen_random_uuid(), client_id, id, :myLead, 'active', now() FROM c`,
      'enrollment_one_active_per_lead',
    ],
    [
      'a second campaign under one external id (MIG-1)',
      `INSERT INTO campaign (id, client_id, name, targeting, external_id)
       SELECT gen_random_uuid(), :myClient, 'x', '{}', 'crm-7' FROM generate_series(1, 2)`,
      'campaign_client_id_external_id_key',
    ],
    [
      'a step that was finished twice',
      `INSERT INTO finished_step (enrollment_id, client_id, step, channel, done_at, done_on)
       SELECT :myEnrollment, :myClient, 1, 'email', now(), now() FROM generate_series(1, 2)`,
      'finished_step_pkey',
    ],
    [
      'a second touch of a step (TRUTH-1)',
      touch('', `'planned'`).replace(', 2,', ', 1,'),
      'touch_enrollment_id_step_key',
    ],
    [
      'a second pause for one reason',
      `INSERT INTO pause (id, client_id, sender_id, reason, detail, since)
       SELECT gen_random_uuid(), :myClient, :mySeat, 'dns', 'x', now() FROM generate_series(1, 2)`,
      'pause_sender_id_reason_key',
    ],
    [
      'a second open alert of a kind about one thing',
      `INSERT INTO alert (id, client_id, kind, message, resource_id, created_at)
       SELECT gen_random_uuid(), :myClient, 'content', 'x', :mySeat, now() FROM generate_series(1, 2)`,
      'alert_one_open',
    ],
    [
      'a second open alert of a kind about nothing',
      `INSERT INTO alert (id, client_id, kind, message, created_at)
       SELECT gen_random_uuid(), :myClient, 'content', 'x', now() FROM generate_series(1, 2)`,
      'alert_one_open',
    ],
    [
      'a second open request for leads of a campaign',
      request(1).replace(/VALUES \((.*)\)/s, 'SELECT $1 FROM generate_series(1, 2)'),
      'source_request_one_open',
    ],
    [
      'a person found twice by one provider',
      person('known', 'NULL').replace(/VALUES \((.*)\)/s, 'SELECT $1 FROM generate_series(1, 2)'),
      'sourced_person_pkey',
    ],
    [
      'their mailbox as mine',
      `INSERT INTO sender (id, client_id, kind, address)
       SELECT gen_random_uuid(), :myClient, kind, address FROM sender WHERE id = :theirMailbox`,
      'sender_kind_address_key',
    ],
    [
      'an event twice',
      `INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, payload)
       SELECT gen_random_uuid(), provider, provider_event_id, kind, occurred_at, received_at, payload
       FROM inbound_event WHERE id = :myEvent`,
      'inbound_event_provider_provider_event_id_key',
    ],
  ])('%s', async (_, statement, constraint) => {
    expect(await tenants.broken(statement)).toBe(constraint);
  });
});

test('statements like these that break nothing are taken', async () => {
  const taken = [
    sender('myClient', 'mailbox', 'anna@taken.example'),
    touch('', `'planned'`),
    touch('sender_id, claimed_at, fence, sent_at, sent_on', `'sent', :mySeat, now(), 1, now(), now()`),
    touch('reason', `'skipped', 'x'`),
    set('campaign', `external_id = 'crm-7'`, 'Campaign'),
    set('enrollment', 'from_step = 3, moved_at = now()', 'Enrollment'),
    counter('day', 0, 0),
    counter('month', 0, 0),
    hold('now', 'NULL', 'now()'),
    set('lead', 'score = 100', 'Lead'),
    search('cursor, total', `'apollo', 'q', '2', 0`),
    person('imported', ':myLead'),
    person('known', 'NULL', 0),
    request(500, 'finished_at, outcome, imported', `now(), 'enough', 500`),
    set('campaign', `status = 'completed', completed_at = now()`, 'Campaign'),
    set('enrollment', `status = 'completed', finished_at = now()`, 'Enrollment'),
    set('touch', 'sender_id = :myMailbox', 'Touch'),
    measure('send_time, warm_up_day', `1, 0, 1, 1, 0, 1, 1, '09:15', 3`),
    metric('warmUpDay', '3, 1, 2, 1, 1, 3, 3'),
  ];
  for (const statement of taken) expect([statement, await tenants.broken(statement)]).toEqual([statement, 'nothing']);
});
