import type { Client } from 'pg';
import type { LeadsOf } from './leads';

/** What years of touches leave beside them: events with whom they were about, delivered messages, texts, timelines. */
export async function createTraces(filler: Client, { group, purpose, each }: LeadsOf): Promise<void> {
  const from = `FROM generate_series(0, ${group.agencies - 1}) AS a, generate_series(0, ${each - 1}) AS n`;
  const id = (word: string, rest = ''): string =>
    `md5('${word} ${group.name} ${purpose} ' || a || ' ' || n${rest})::uuid`;
  const client = `md5('client ${group.name} ' || a)::uuid`;
  const first = id('touch', " || ' 1'");
  await filler.query(`INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at,
      proves_sending, outcome, payload)
    SELECT ${id('event')}, 'clicksend', ${id('event')}, 'delivered', '2026-01-01', '2026-01-01', true, 'noted', '{}' ${from}`);
  await filler.query(`INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
    SELECT ${id('event')}, ${client}, ${id('lead')}, ${first} ${from}`);
  await filler.query(`INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at, delivered_at)
    SELECT ${id('message')}, ${client}, 'startLead', ${id('enrollment')}, '{}', '2026-01-01',
      CASE WHEN n % 20 = 0 THEN '2027-01-01' ELSE '2026-01-01' END::timestamptz,
      CASE WHEN n % 20 = 0 THEN NULL ELSE '2026-01-01' END::timestamptz ${from}`);
  await filler.query(`INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens,
      output_tokens, cost_micro_usd, created_at)
    SELECT ${first}, ${client}, '{"subject": "A question", "body": "How does Acme plan?"}', 'touch-1', 'model-of-the-bench',
      300, 90, 0, '2026-01-01' ${from}`);
  await filler.query(`INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
    SELECT ${client}, ${id('enrollment')}, ${first}, 1, '2026-01-01', 'sent', 'accepted by the provider', 'TRUTH-1' ${from}`);
  await filler.query(`INSERT INTO suppression (id, client_id, kind, value_hash, scope, reason, created_at)
    SELECT ${id('suppression')}, ${client}, 'email', ${id('suppression')}::text, 'all', 'unsubscribe', '2026-01-01'
    ${from} WHERE n % 20 = 0`);
}
