import type { PastWorld } from './world';

/** One lie told to the rows of a good past: what is wrong then, which check must say so, and in which words. */
export interface Tampering {
  what: string;
  check: string;
  says: RegExp;
  /** Statements, one after the other. */
  tamper: (world: PastWorld) => string[];
}

const touch = (enrollmentId: string, step: number): string => `enrollment_id = '${enrollmentId}' AND step = ${step}`;
const touchId = (enrollmentId: string, step: number): string =>
  `(SELECT id FROM touch WHERE ${touch(enrollmentId, step)})`;
/** Moves a touch, and everything that tells when it left. */
const move = (enrollmentId: string, step: number, by: string): string =>
  `UPDATE touch SET claimed_at = claimed_at + interval '${by}', slot_at = slot_at + interval '${by}',
    sent_at = sent_at + interval '${by}', sent_on = (sent_at + interval '${by}')::date WHERE ${touch(enrollmentId, step)}`;
/** As many further holds of a counter, on the day on which its first is; `daysApart` spreads a hundred of them. */
const repeatHolds = (counter: string, times: number, daysApart = 0): string =>
  `INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state)
   SELECT md5('repeated' || n)::uuid, client_id, counter, resource_id, period, starts_on + n * ${daysApart} / 100, 'consumed'
   FROM (SELECT * FROM capacity_hold WHERE counter = '${counter}' AND period = 'day' LIMIT 1) AS h,
     generate_series(1, ${times}) AS n`;
const healthChange = ({ agency }: PastWorld, kind: string, at: string): string =>
  `INSERT INTO health_change (client_id, domain_id, at, kind, sends, bounces, complaints, unsubscribes)
   VALUES ('${agency.clientId}', '${agency.domainId}', '${at}', '${kind}', 100, 6, 2, 0)`;

export const tamperings: readonly Tampering[] = [
  {
    what: 'a step before the one that comes first',
    check: 'SEQ-1',
    says: /out of order: step 2 of enrollment \S+ after step 5/,
    tamper: ({ whole }) => [move(whole, 2, '20 days')],
  },
  {
    what: 'a step before its day',
    check: 'SEQ-1',
    says: /step 2 .* on day 2, due on day 3/,
    tamper: ({ whole }) => [`UPDATE touch SET sent_on = sent_on - 1 WHERE ${touch(whole, 2)}`],
  },
  {
    what: 'two touches a day apart',
    check: 'SEQ-2',
    says: /less than two days apart/,
    tamper: ({ whole }) => [
      `UPDATE touch SET sent_on = (SELECT sent_on + 1 FROM touch WHERE ${touch(whole, 2)}) WHERE ${touch(whole, 3)}`,
    ],
  },
  {
    what: 'a touch the day after a step that somebody else had finished',
    check: 'SEQ-2',
    says: /less than two days apart/,
    tamper: ({ whole, agency }) => [
      `INSERT INTO finished_step (enrollment_id, client_id, step, channel, done_at, done_on)
       SELECT enrollment_id, '${agency.clientId}', 9, 'email', claimed_at - interval '1 day', sent_on - 1
       FROM touch WHERE ${touch(whole, 1)}`,
    ],
  },
  {
    what: 'two touches on one day, of two sequences',
    check: 'SEQ-8',
    says: /2 touches on/,
    tamper: ({ whole, bounced }) => [
      `UPDATE enrollment SET campaign_id = gen_random_uuid(), lead_id = (SELECT lead_id FROM enrollment WHERE id = '${whole}')
       WHERE id = '${bounced}'`,
      `UPDATE touch SET sent_on = (SELECT sent_on FROM touch WHERE ${touch(whole, 1)}) WHERE ${touch(bounced, 1)}`,
    ],
  },
  {
    what: 'a mail in the afternoon',
    check: 'TIME-1',
    says: /email at Tue .* 1[2-4]:\d\d:\d\d in Australia\/Sydney/,
    tamper: ({ whole }) => [move(whole, 1, '3 hours')],
  },
  {
    what: 'a mail in the afternoon whose slot says nothing of it',
    check: 'TIME-1',
    says: /email at/,
    tamper: ({ whole }) => [`UPDATE touch SET claimed_at = claimed_at + interval '3 hours' WHERE ${touch(whole, 1)}`],
  },
  {
    what: 'an invitation on a Sunday',
    check: 'TIME-1',
    says: /linkedin at Sun/,
    tamper: ({ whole }) => [
      `UPDATE touch SET claimed_at = '2026-03-07T22:30:00Z', slot_at = '2026-03-07T22:30:00Z' WHERE ${touch(whole, 3)}`,
    ],
  },
  {
    what: 'a mail of a lead that lives elsewhere, which its timeline does not say otherwise',
    check: 'TIME-1',
    says: /in Europe\/London/,
    tamper: ({ whole }) => [
      `UPDATE lead SET timezone = 'Europe/London' WHERE id = (SELECT lead_id FROM enrollment WHERE id = '${whole}')`,
      `DELETE FROM timeline_entry WHERE enrollment_id = '${whole}' AND what = 'planned'`,
    ],
  },
  {
    what: 'a call by a clock that is early',
    check: 'TIME-3',
    says: /voice at .* in Australia\/Perth/,
    tamper: ({ whole }) => [
      `UPDATE lead SET call_timezone = 'Australia/Perth' WHERE id = (SELECT lead_id FROM enrollment WHERE id = '${whole}')`,
      `DELETE FROM timeline_entry WHERE enrollment_id = '${whole}' AND what = 'planned'`,
    ],
  },
  {
    what: 'a mail on Good Friday',
    check: 'TIME-5',
    says: /1 touches on 2026-04-03, .* in AU-NSW/,
    tamper: ({ whole }) => [`UPDATE touch SET sent_on = '2026-04-03' WHERE ${touch(whole, 5)}`],
  },
  {
    what: 'two calls of one number 119 seconds apart',
    check: 'TIME-6',
    says: /119\.0* s apart/,
    tamper: ({ whole, bounced }) => [
      `UPDATE touch SET claimed_at = (SELECT claimed_at FROM touch WHERE ${touch(whole, 2)}) + interval '119 seconds'
       WHERE ${touch(bounced, 2)}`,
    ],
  },
  {
    what: 'a touch a minute and a second after its slot',
    check: 'TIME-7',
    says: /booked for/,
    tamper: ({ whole }) => [`UPDATE touch SET claimed_at = slot_at + interval '61 seconds' WHERE ${touch(whole, 1)}`],
  },
  {
    what: 'a touch before its slot',
    check: 'TIME-7',
    says: /booked for/,
    tamper: ({ whole }) => [`UPDATE touch SET claimed_at = slot_at - interval '1 second' WHERE ${touch(whole, 1)}`],
  },
  ...(
    [
      ['client_email', 200],
      ['mailbox', 100],
      ['number_voice', 50],
      ['number_sms', 100],
      ['client_sms', 200],
      ['seat_invitations', 20],
      ['seat_profile_views', 100],
    ] as const
  ).map(([counter, limit]) => ({
    what: `one more than ${limit} in a day of ${counter}`,
    check: 'LIM-1',
    says: new RegExp(`of ${limit} on 2026-\\S+: ${counter}`),
    tamper: () => [repeatHolds(counter, limit)],
  })),
  {
    what: 'a 101st invitation in seven days, none of which has 21',
    check: 'LIM-1',
    says: /of 100 in the seven days to .*: seat_invitations/,
    tamper: () => [repeatHolds('seat_invitations', 101, 6)],
  },
  {
    what: 'a sixth call at the same time',
    check: 'LIM-3',
    says: /6 at once of 5: account_calls/,
    tamper: ({ whole }) => [
      `INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, sender_id,
         fence, claimed_at)
       SELECT md5('call' || n)::uuid, client_id, campaign_id, enrollment_id, 10 + n, 'voice', 'sending', sender_id,
         1, claimed_at + make_interval(secs => n)
       FROM touch, generate_series(1, 5) AS n WHERE ${touch(whole, 2)}`,
      `INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, state, ends_at)
       SELECT md5('call' || n)::uuid, client_id, counter, resource_id, period, state, ends_at
       FROM capacity_hold, generate_series(1, 5) AS n WHERE period = 'now' AND touch_id = ${touchId(whole, 2)}`,
    ],
  },
  {
    what: 'six mails on a day of five',
    check: 'WARM-1',
    says: /6 of 5 mails on 2026-03-03/,
    tamper: ({ agency }) => [
      `UPDATE sending_domain SET warmup_started_at = '2026-03-03' WHERE id = '${agency.domainId}'`,
    ],
  },
  {
    what: 'mails before the warm-up began',
    check: 'WARM-1',
    says: /6 of 0 mails on 2026-03-03/,
    tamper: ({ agency }) => [
      `UPDATE sending_domain SET warmup_started_at = '2026-03-04' WHERE id = '${agency.domainId}'`,
    ],
  },
  {
    what: 'mails from a domain whose health paused it',
    check: 'HLTH-2',
    says: /a mail while it is paused/,
    tamper: (world) => [healthChange(world, 'paused', '2026-03-02T12:00:00Z')],
  },
  {
    what: 'a third mail of five while the domain is halved',
    check: 'HLTH-2',
    says: /mail 3 of 2 on 2026-03-03 while it is halved/,
    tamper: (world) => [
      healthChange(world, 'halved', '2026-03-02T12:00:00Z'),
      `UPDATE sending_domain SET warmup_started_at = '2026-03-03' WHERE id = '${world.agency.domainId}'`,
    ],
  },
  {
    what: 'a counter that counts one too many',
    check: 'LIM-1',
    says: /mailbox .* says 0 booked, \d consumed; held are 0 and \d/,
    tamper: () => [`UPDATE capacity_counter SET consumed = consumed + 1 WHERE counter = 'mailbox'`],
  },
  {
    what: 'a booked hold that no counter counts',
    check: 'LIM-1',
    says: /number_voice .* says 0 booked/,
    tamper: () => [`UPDATE capacity_counter SET booked = 0 WHERE counter = 'number_voice'`],
  },
  {
    what: 'capacity of a touch that was sent, given back',
    check: 'LIM-6',
    says: /nothing of domain is held by a touch that is sent/,
    tamper: ({ whole }) => [`DELETE FROM capacity_hold WHERE counter = 'domain' AND touch_id = ${touchId(whole, 1)}`],
  },
  {
    what: 'capacity kept by a touch that was skipped',
    check: 'LIM-6',
    says: /mailbox is consumed .* by a touch that is skipped/,
    tamper: ({ whole }) => [
      `UPDATE touch SET status = 'skipped', slot_at = NULL, sent_at = NULL, sent_on = NULL WHERE ${touch(whole, 4)}`,
    ],
  },
  {
    what: 'a touch that was sent and only booked its capacity',
    check: 'LIM-6',
    says: /is booked .* by a touch that is sent/,
    tamper: ({ whole }) => [`UPDATE capacity_hold SET state = 'booked' WHERE touch_id = ${touchId(whole, 1)}`],
  },
  {
    what: 'capacity taken from somebody else',
    check: 'LIM-6',
    says: /mailbox is consumed/,
    tamper: ({ whole, agency }) => [
      `UPDATE capacity_hold SET resource_id = '${agency.seatId}' WHERE counter = 'mailbox' AND touch_id = ${touchId(whole, 1)}`,
    ],
  },
  {
    what: 'capacity of another day',
    check: 'LIM-6',
    says: /on 2026-03-05 by a touch that is sent/,
    tamper: ({ whole }) => [
      `UPDATE capacity_hold SET starts_on = '2026-03-05' WHERE period = 'day' AND touch_id = ${touchId(whole, 1)}`,
    ],
  },
  {
    what: 'a planned touch of a sequence that was stopped',
    check: 'TRUTH-2',
    says: /planned in an enrollment that is stopped/,
    tamper: ({ replied }) => [`UPDATE touch SET status = 'planned' WHERE ${touch(replied, 2)}`],
  },
  {
    what: 'a stop that left a booking',
    check: 'TRUTH-2',
    says: /planned in an enrollment that is stopped/,
    tamper: ({ waitsForStep2 }) => [
      `UPDATE enrollment SET status = 'stopped', finished_at = '2026-03-04', stop_reason = 'reply', stop_rule = 'SEQ-3'
       WHERE id = '${waitsForStep2}'`,
    ],
  },
  {
    what: 'a touch that left after the sequence ended',
    check: 'TRUTH-2',
    says: /step 1 of enrollment .* after its end/,
    tamper: ({ replied }) => [
      `UPDATE enrollment SET finished_at = (SELECT claimed_at - interval '2 minutes' FROM touch WHERE ${touch(replied, 1)})
       WHERE id = '${replied}'`,
    ],
  },
  {
    what: 'a touch that left after a reply was stored',
    check: 'SEQ-3',
    says: /email of enrollment .* after reply/,
    tamper: () => [`UPDATE inbound_event SET received_at = '2026-03-01' WHERE kind = 'reply'`, ...enrolledBefore],
  },
  {
    what: 'a mail after a bounce',
    check: 'SEQ-3',
    says: /email of enrollment .* after hardBounce/,
    tamper: () => [`UPDATE inbound_event SET received_at = '2026-03-01' WHERE kind = 'hardBounce'`, ...enrolledBefore],
  },
  {
    what: 'a planned touch to somebody who is suppressed',
    check: 'SEQ-5',
    says: /is planned, although lead \S+ is suppressed/,
    tamper: ({ agency, waitsForStep2 }) => [suppression(agency.clientId, waitsForStep2, '2026-03-03T12:00:00Z')],
  },
  {
    what: 'a touch to somebody who was suppressed before',
    check: 'SEQ-5',
    says: /is sent, although lead \S+ is suppressed/,
    tamper: ({ agency, whole }) => [suppression(agency.clientId, whole, '2026-03-02T12:00:00Z')],
  },
  {
    what: 'an event that was not applied',
    check: 'TRUTH-5',
    says: /reply was stored and not applied/,
    tamper: () => [`UPDATE inbound_event SET outcome = NULL WHERE kind = 'reply'`],
  },
  {
    what: 'a reply that stopped nothing',
    check: 'TRUTH-5',
    says: /is active although its lead sent reply/,
    tamper: ({ replied }) => [
      `UPDATE enrollment SET status = 'active', finished_at = NULL, stop_reason = NULL, stop_rule = NULL,
         created_at = '2026-03-01' WHERE id = '${replied}'`,
    ],
  },
  {
    what: 'a balance that does not follow',
    check: 'PACE-1',
    says: /entry \d+ \(admit -1\) leaves/,
    tamper: () => [`UPDATE credit_entry SET balance = balance + 1 WHERE id = (SELECT max(id) FROM credit_entry)`],
  },
  {
    what: 'a second quota',
    check: 'PACE-1',
    says: /entry \d+ \(grant 2250\)/,
    tamper: () => [
      'DROP INDEX credit_entry_one_grant',
      `INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, reason, at)
       SELECT client_id, period_id, 'grant', 2250, balance + 2250, 'again', at FROM credit_entry ORDER BY id DESC LIMIT 1`,
    ],
  },
  {
    what: 'a lead that cost two credits',
    check: 'PACE-5',
    says: /2 credits of period/,
    tamper: ({ whole }) => [
      `INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, lead_id, enrollment_id, reason, at)
       SELECT client_id, period_id, 'admit', -1, balance - 1, lead_id, gen_random_uuid(), 'again', at
       FROM credit_entry WHERE enrollment_id = '${whole}'`,
    ],
  },
  {
    what: 'a lead that cost nothing',
    check: 'PACE-5',
    says: /admitted for nothing/,
    tamper: ({ whole }) => [`DELETE FROM credit_entry WHERE enrollment_id = '${whole}'`],
  },
  {
    what: 'a touch without a reason',
    check: 'TRUTH-3',
    says: /sent without a reason/,
    tamper: ({ whole }) => [`UPDATE touch SET reason = NULL WHERE ${touch(whole, 1)}`],
  },
  {
    what: 'a touch that no timeline tells',
    check: 'TRUTH-3',
    says: /sent, and no timeline tells it/,
    tamper: ({ whole }) => [`DELETE FROM timeline_entry WHERE what = 'sent' AND touch_id = ${touchId(whole, 1)}`],
  },
  {
    what: 'a stop that no timeline tells',
    check: 'TRUTH-3',
    says: /cancelled, and no timeline tells it/,
    tamper: ({ replied }) => [`DELETE FROM timeline_entry WHERE what = 'stopped' AND enrollment_id = '${replied}'`],
  },
];

/** Enrollments of a test are made now, and live in the past. */
const enrolledBefore = [`UPDATE enrollment SET created_at = '2026-02-28'`];

const suppression = (clientId: string, enrollmentId: string, at: string): string =>
  `INSERT INTO suppression (id, client_id, kind, value_hash, value, scope, reason, created_at)
   SELECT gen_random_uuid(), '${clientId}', 'email', 'tampered', l.email, 'all', 'by hand', '${at}'
   FROM enrollment e JOIN lead l ON l.id = e.lead_id WHERE e.id = '${enrollmentId}'`;
