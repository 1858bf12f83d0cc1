import type { Client } from 'pg';
import { createAgencies } from '../world/agencies';

/** Touches of one agency on one day at most: its mailboxes have two each, its number and its seat one for each step. */
const leadsADay = 10;

/**
 * A past that keeps every promise: leads in Sydney, five touches each on the days of the default sequence, ten leads of each
 * agency begun on each Monday or Tuesday, with holds, counters, timelines, credits and what came back.
 */
export async function createPast(filler: Client, touches: number): Promise<number> {
  const leads = Math.ceil(touches / 5);
  // Two days a week over three years.
  const agencies = Math.max(1, Math.ceil(leads / (leadsADay * 2 * 150)));
  const group = { name: 'past', agencies };
  await createAgencies(filler, group);
  const a = `n % ${agencies}`;
  const of = (word: string): string => `md5('${word} past ' || ${a})::uuid`;
  const id = (word: string): string => `md5('${word} past lead ' || n)::uuid`;
  const from = `FROM generate_series(0, ${leads - 1}) AS n`;
  // Of the agency's leads, the how manieth; ten a day; Mondays and Tuesdays in turn.
  const nth = `(n / ${agencies})`;
  const day = `(date '2022-01-03' + ${nth} / ${leadsADay} / 2 * 7 + ${nth} / ${leadsADay} % 2)`;
  await filler.query(`INSERT INTO lead (id, client_id, email, first_name, last_name, timezone, timezone_source, call_timezone,
      country_code, region_code, unsubscribe_token)
    SELECT ${id('lead')}, ${of('client')}, n || '@acme.example', 'Jane', 'Doe', 'UTC', 'hq', 'UTC', 'AQ', NULL, 'past ' || n ${from}`);
  await filler.query(`INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, day0, admitted_at, finished_at)
    SELECT ${id('enrollment')}, ${of('client')}, ${of('campaign')}, ${id('lead')}, 'completed', ${day}, ${day},
      ${day} + interval '20 days' ${from}`);
  await filler.query(`UPDATE client SET timezone = 'UTC'`);
  await filler.query(`UPDATE sending_domain SET warmup_started_at = '2020-01-01'`);
  // A sender's touches on one day are 150 seconds apart: each step of each lead of the day has its own minute.
  const steps = `(VALUES (1, 0, 'email', NULL, 'mailbox'), (2, 3, 'voice', NULL, 'number'),
    (3, 7, 'linkedin', 'invitation', 'seat'), (4, 9, 'email', NULL, 'mailbox'), (5, 14, 'sms', NULL, 'number'))
    AS s(step, day, channel, form, sender)`;
  const touch = `md5('touch past ' || n || ' ' || s.step)::uuid`;
  const at = `(${day} + s.day)::timestamp AT TIME ZONE 'UTC' + interval '9 hours'
    + make_interval(secs => (${nth} % ${leadsADay} * 4 + s.step % 4) * 160)`;
  const sender = `CASE s.sender WHEN 'mailbox' THEN md5('mailbox' || n % 3 || ' past ' || ${a})::uuid
    WHEN 'number' THEN ${of('number')} ELSE ${of('seat')} END`;
  await filler.query(`INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, form, status, slot_at,
      planned_for, sender_id, fence, claimed_at, sent_at, sent_on, reference, reason, rule)
    SELECT ${touch}, ${of('client')}, ${of('campaign')}, ${id('enrollment')}, s.step, s.channel, s.form, 'sent', m.at, m.at,
      ${sender}, 1, m.at, m.at, m.at::date, 'ref', 'accepted by the provider', 'TRUTH-1'
    ${from}, ${steps}, LATERAL (SELECT ${at} AS at) AS m`);
  await createHolds(filler);
  await filler.query(`INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
    SELECT client_id, enrollment_id, id, step, claimed_at - interval '2 days' * (w.what = 'planned')::int, w.what, 'so', 'TRUTH-3'
    FROM touch, (VALUES ('planned'), ('sent')) AS w(what)`);
  await createCreditsAndEvents(filler);
  await filler.query('VACUUM ANALYZE');
  return leads * 5;
}

/** What the LIM table says that each touch counts as. */
async function createHolds(filler: Client): Promise<void> {
  await filler.query(`INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state, ends_at)
    SELECT t.id, t.client_id, c.counter, CASE c.of WHEN 'client' THEN t.client_id WHEN 'domain' THEN m.domain_id
        WHEN 'account' THEN md5('account')::uuid ELSE t.sender_id END, c.period::"CapacityPeriod",
      CASE c.period WHEN 'day' THEN t.sent_on END, 'consumed',
      CASE c.period WHEN 'now' THEN t.claimed_at + interval '1 second' END
    FROM touch t LEFT JOIN mailbox m ON m.sender_id = t.sender_id JOIN (VALUES
      ('email', 'client_email', 'client', 'day'), ('email', 'domain', 'domain', 'day'), ('email', 'mailbox', 'sender', 'day'),
      ('voice', 'number_voice', 'sender', 'day'), ('voice', 'account_calls', 'account', 'now'),
      ('linkedin', 'seat_invitations', 'sender', 'day'), ('linkedin', 'seat_profile_views', 'sender', 'day'),
      ('sms', 'number_sms', 'sender', 'day'), ('sms', 'client_sms', 'client', 'day')
    ) AS c(channel, counter, of, period) USING (channel)`);
  // Every agency has an account of its own: a thousand of them call at the same moment.
  await filler.query(`UPDATE capacity_hold SET resource_id = client_id WHERE period = 'now'`);
  await filler.query(`INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit", consumed)
    SELECT counter, resource_id, period, starts_on, client_id, 200, count(*) FROM capacity_hold WHERE period = 'day'
    GROUP BY 1, 2, 3, 4, 5`);
}

async function createCreditsAndEvents(filler: Client): Promise<void> {
  await filler.query(`INSERT INTO credit_period (id, client_id, starts_at, ends_at)
    SELECT id, id, '2022-01-01', '2026-01-01' FROM client`);
  await filler.query(`INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, reason, at)
    SELECT id, id, 'grant', 100000, 100000, 'the quota', '2022-01-01' FROM client`);
  await filler.query(`INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, lead_id, enrollment_id, reason, at)
    SELECT client_id, client_id, 'admit', -1, 100000 - row_number() OVER (PARTITION BY client_id ORDER BY id), lead_id, id,
      'admitted', admitted_at FROM enrollment ORDER BY client_id, id`);
  // Three of ten mails are opened, and one lead of twenty answers at last.
  await filler.query(`INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, outcome, payload)
    SELECT id, 'bench', id, CASE step WHEN 5 THEN 'reply' ELSE 'opened' END, sent_at + interval '3 hours',
      sent_at + interval '3 hours', 'noted', '{}'
    FROM touch WHERE (step = 5 AND hashtext(id::text) % 20 = 0) OR (channel = 'email' AND abs(hashtext(id::text)) % 10 < 3)`);
  await filler.query(`INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
    SELECT v.id, t.client_id, e.lead_id, t.id FROM inbound_event v JOIN touch t ON t.id = v.id
      JOIN enrollment e ON e.id = t.enrollment_id`);
}
