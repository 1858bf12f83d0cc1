import type { Client } from 'pg';
import { agencyAt, createAgencies, type Agency } from '../world/agencies';

const group = { name: 'year', agencies: 1 };
/** Of the one client, beside each other; a lead is in one campaign and hears from one domain. */
export const campaigns = 20;
export const domains = 8;

/** Random-looking ids by their number, of a version that the API takes. */
const id = (word: string, nr: string): string =>
  `overlay(overlay(md5('year ${word} ' || ${nr}) placing '4' from 13) placing '8' from 17)::uuid`;

/**
 * One client with a year behind it: five touches for each lead, admitted evenly over 52 weeks, and what came back: three of
 * ten mails opened, one of twenty leads answered, one of fifty mails bounced.
 */
export async function createYear(filler: Client, touches: number): Promise<Agency> {
  const leads = Math.ceil(touches / 5);
  await createAgencies(filler, group);
  const agency = agencyAt(group, 0);
  const client = `'${agency.clientId}'::uuid`;
  const all = `generate_series(0, ${leads - 1}) AS n`;
  const each = `FROM ${all}`;
  await filler.query(`INSERT INTO campaign (id, client_id, name, targeting, status, activated_at)
    SELECT ${id('campaign', 'n')}, ${client}, 'Campaign ' || n, '{}', 'active', '2025-01-01'
    FROM generate_series(0, ${campaigns - 1}) AS n`);
  await filler.query(`INSERT INTO sending_domain (id, client_id, name, warmup_started_at)
    SELECT ${id('domain', 'n')}, ${client}, 'year-' || n || '.example', '2025-01-01' FROM generate_series(0, ${domains - 1}) AS n`);
  await filler.query(`INSERT INTO sender (id, client_id, kind, address)
    SELECT ${id('mailbox', 'n')}, ${client}, 'mailbox', 'anna@year-' || n || '.example'
    FROM generate_series(0, ${domains - 1}) AS n`);
  await filler.query(`INSERT INTO mailbox (sender_id, client_id, domain_id)
    SELECT ${id('mailbox', 'n')}, ${client}, ${id('domain', 'n')} FROM generate_series(0, ${domains - 1}) AS n`);
  await filler.query(`INSERT INTO lead (id, client_id, email, timezone, timezone_source, unsubscribe_token)
    SELECT ${id('lead', 'n')}, ${client}, n || '@acme.example', 'Australia/Sydney', 'hq', 'year ' || n ${each}`);
  await filler.query(`INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, admitted_at, finished_at)
    SELECT ${id('enrollment', 'n')}, ${client}, ${id('campaign', `n % ${campaigns}`)}, ${id('lead', 'n')}, 'completed',
      ${admittedAt}, '2026-03-01' ${each}`);
  await filler.query(`INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, sender_id, fence,
      claimed_at, sent_at, sent_on)
    SELECT ${touchId}, ${client}, ${id('campaign', `n % ${campaigns}`)}, ${id('enrollment', 'n')}, s.step, s.channel, 'sent',
      CASE s.channel WHEN 'email' THEN ${id('mailbox', `n / ${campaigns} % ${domains}`)}
        WHEN 'linkedin' THEN '${agency.seatId}' ELSE '${agency.numberId}' END, 1, at, at, at::date
    ${each}, ${steps}, LATERAL (SELECT ${admittedAt} + make_interval(days => s.day, secs => n * 37 % 7140)) AS m(at)`);
  await hear(filler, client, `${all}, ${steps}`);
  await filler.query('VACUUM ANALYZE');
  const { rows } = await filler.query<{ campaignId: string; domainId: string }>(
    `SELECT ${id('campaign', '0')} AS "campaignId", ${id('domain', '0')} AS "domainId"`,
  );
  return Object.assign({}, agency, rows[0]);
}

/** 09:00 in Sydney on a Monday to Friday of the year before 2026-02-02. */
const admittedAt = `(timestamp '2025-02-03 09:00' + make_interval(days => n % 260 / 5 * 7 + n % 5)) AT TIME ZONE 'Australia/Sydney'`;
const steps = `(VALUES (1, 0, 'email'), (2, 3, 'voice'), (3, 5, 'linkedin'), (4, 8, 'email'), (5, 12, 'sms')) AS s(step, day, channel)`;
const touchId = id('touch', `n || ' ' || s.step`);

async function hear(filler: Client, client: string, touches: string): Promise<void> {
  const lots: [kind: string, which: string][] = [
    ['opened', `s.channel = 'email' AND (n + s.step) % 10 < 3`],
    ['reply', `s.step = 1 + n % 5 AND n % 20 = 0`],
    ['hardBounce', `s.step = 1 AND n % 50 = 7`],
  ];
  for (const [kind, which] of lots) {
    const eventId = id(`event ${kind}`, `n || ' ' || s.step`);
    await filler.query(`INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, outcome,
        payload) SELECT ${eventId}, 'bench', ${eventId}, '${kind}', '2026-03-01', '2026-03-01', 'noted', '{}'
      FROM ${touches} WHERE ${which}`);
    await filler.query(`INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
      SELECT ${eventId}, ${client}, ${id('lead', 'n')}, ${touchId} FROM ${touches} WHERE ${which}`);
  }
}
