import type { Client } from 'pg';
import type { LeadsOf } from './leads';

/** Sending days over which the touches of the past are spread. */
const pastDays = 250;

/** What each touch of the default sequence counts against, as the table of limits says. */
const counters = `(VALUES
  (1, 'client_email', 'client', 'day', 200), (1, 'domain', 'domain', 'day', 50), (1, 'mailbox', 'mailbox', 'day', 100),
  (2, 'number_voice', 'number', 'day', 50), (2, 'account_calls', 'account', 'now', 5),
  (3, 'seat_invitations', 'seat', 'day', 20),
  (4, 'client_email', 'client', 'day', 200), (4, 'domain', 'domain', 'day', 50), (4, 'mailbox', 'mailbox', 'day', 100),
  (5, 'number_sms', 'number', 'day', 100), (5, 'client_sms', 'client', 'day', 200)
) AS c(step, counter, resource, period, maximum)`;

/**
 * Five touches for each of these leads, sent on sending days of the past year, with the holds and the counters that they
 * would have left: the history that a house has after its first years.
 */
export async function createHistory(filler: Client, { group, purpose, each }: LeadsOf): Promise<void> {
  if (each === 0) return;
  const from = `FROM generate_series(0, ${group.agencies - 1}) AS a, generate_series(0, ${each - 1}) AS n`;
  const of = (word: string): string => `md5('${word} ${group.name} ' || a)::uuid`;
  const mailbox = `md5('mailbox' || n % 3 || ' ${group.name} ' || a)::uuid`;
  const touchId = (step: string): string =>
    `md5('touch ${group.name} ${purpose} ' || a || ' ' || n || ' ' || ${step})::uuid`;
  const enrollment = `md5('enrollment ${group.name} ${purpose} ' || a || ' ' || n)::uuid`;
  // 09:00 in Sydney's summer, and from there on two and a half minutes apart.
  const slot = (step: string): string => `(date '2026-02-26' - n % ${pastDays} - (5 - ${step}) * 3)::timestamptz
    + interval '22 hours' + make_interval(secs => (n / ${pastDays} * 5 + ${step}) * 150)`;
  const day = (step: string): string => `(date '2026-02-27' - n % ${pastDays} - (5 - ${step}) * 3)`;
  await filler.query(`INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at,
      planned_for, sender_id, fence, claimed_at, sent_at, sent_on, reference, created_at)
    SELECT ${touchId('s.step')}, ${of('client')}, ${of('campaign')}, ${enrollment}, s.step, s.channel, 'sent',
      ${slot('s.step')}, ${slot('s.step')}, CASE s.sender WHEN 'mailbox' THEN ${mailbox} WHEN 'number' THEN ${of('number')}
      ELSE ${of('seat')} END, 1, ${slot('s.step')}, ${slot('s.step')}, ${day('s.step')}, 'ref ' || ${touchId('s.step')},
      ${slot('s.step')}
    ${from}, (VALUES (1, 'email', 'mailbox'), (2, 'voice', 'number'), (3, 'linkedin', 'seat'), (4, 'email', 'mailbox'),
      (5, 'sms', 'number')) AS s(step, channel, sender)`);
  const resource = `CASE c.resource WHEN 'client' THEN ${of('client')} WHEN 'domain' THEN ${of('domain')}
    WHEN 'mailbox' THEN ${mailbox} WHEN 'number' THEN ${of('number')} WHEN 'seat' THEN ${of('seat')}
    ELSE md5('account')::uuid END`;
  await filler.query(`INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit", consumed)
    SELECT c.counter, ${resource}, 'day'::"CapacityPeriod", ${day('c.step')}, ${of('client')}, c.maximum, count(*)
    ${from}, ${counters} WHERE c.period = 'day' GROUP BY 1, 2, 3, 4, 5, 6`);
  await filler.query(`INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state, ends_at)
    SELECT ${touchId('c.step')}, ${of('client')}, c.counter, ${resource}, c.period::"CapacityPeriod",
      CASE c.period WHEN 'day' THEN ${day('c.step')} END, 'consumed',
      CASE c.period WHEN 'now' THEN ${slot('c.step')} + interval '150 seconds' END
    ${from}, ${counters}`);
}

/** Days on which the agencies' domains may send nothing more, from 2026-03-03 on. */
export async function fillDays(filler: Client, group: { name: string; agencies: number }, days: number): Promise<void> {
  await filler.query(`INSERT INTO capacity_counter (counter, resource_id, period, starts_on, client_id, "limit", booked)
    SELECT c.counter, md5(c.resource || ' ${group.name} ' || a)::uuid, 'day'::"CapacityPeriod", date '2026-03-03' + d,
      md5('client ${group.name} ' || a)::uuid, c.maximum, 50
    FROM generate_series(0, ${group.agencies - 1}) AS a, generate_series(0, ${days - 1}) AS d,
      (VALUES ('domain', 'domain', 50), ('client_email', 'client', 200)) AS c(counter, resource, maximum)
    ON CONFLICT DO NOTHING`);
}

/** Touches that are booked for the summer, as many as a busy house has ahead of it. */
export async function createPlanned(filler: Client, { group, purpose, each }: LeadsOf): Promise<void> {
  const of = (word: string): string => `md5('${word} ${group.name} ' || a)::uuid`;
  await filler.query(`INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at,
      planned_for, sender_id)
    SELECT gen_random_uuid(), ${of('client')}, ${of('campaign')},
      md5('enrollment ${group.name} ${purpose} ' || a || ' ' || n)::uuid, 1, 'email', 'planned', slot, slot, ${of('mailbox0')}
    FROM generate_series(0, ${group.agencies - 1}) AS a, generate_series(0, ${each - 1}) AS n,
      LATERAL (SELECT timestamptz '2026-06-01 00:00:00Z' + make_interval(mins => n) AS slot) AS s`);
}
