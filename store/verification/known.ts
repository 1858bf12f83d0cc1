import type { Known, KnownTouch } from '../../verification/beside/known';
import type { LeadLine, Run } from '../../verification/run';
import type { Sql } from '../sql';
import { atMost } from './database-check';

/** How many names of the logs one statement asks for. */
const atOnce = 5_000;

/** What the database knows of the touches, people and events that the logs name. */
export async function readKnown(sql: Sql, { outbox, inbox }: Pick<Run, 'outbox' | 'inbox'>): Promise<Known> {
  const named = new Set([...outbox, ...inbox].flatMap(({ touchId }) => (isId(touchId) ? [touchId] : [])));
  const touches: KnownTouch[] = [];
  const events = new Map<string, { stored: number; applied: number }>();
  for (const ids of inParts([...named])) {
    touches.push(...(await readTouches(sql, ids)));
    for (const { key, stored, applied } of await readEvents(sql, ids)) events.set(key, { stored, applied });
  }
  const unnamed = await sql<{ id: string; of: number }>`
    SELECT t.id, count(*) OVER () AS of FROM touch t LEFT JOIN unnest(${[...named]}::uuid[]) AS n(id) ON n.id = t.id
    WHERE t.status = 'sent' AND n.id IS NULL LIMIT ${atMost}`;
  const [sent] = await sql<{ count: number }>`SELECT count(*) AS count FROM touch WHERE status = 'sent'`;
  return {
    touches: new Map(touches.map((touch) => [touch.id, touch])),
    leadsAt: await readLeadsAt(sql, inbox),
    events,
    sent: { count: sent?.count ?? 0, unnamed: unnamed.map(({ id }) => id), unnamedCount: unnamed[0]?.of ?? 0 },
  };
}

const isId = (text: string | null): text is string =>
  text !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / atOnce) }, (_, part) =>
    items.slice(part * atOnce, (part + 1) * atOnce),
  );
}

const readTouches = (sql: Sql, ids: readonly string[]): Promise<KnownTouch[]> => sql<KnownTouch>`
  SELECT t.id, e.lead_id AS "leadId", t.step, t.channel, t.status, t.claimed_at AS "claimedAt", s.address AS resource
  FROM touch t JOIN enrollment e ON e.id = t.enrollment_id LEFT JOIN sender s ON s.id = t.sender_id
  WHERE t.id = ANY (${ids}::uuid[])`;

const readEvents = (sql: Sql, ids: readonly string[]) => sql<{ key: string; stored: number; applied: number }>`
  SELECT s.lead_id || ' ' || v.kind AS key, count(*) AS stored, count(v.outcome) AS applied
  FROM event_subject s JOIN inbound_event v ON v.id = s.event_id
  WHERE s.lead_id IN (SELECT e.lead_id FROM touch t JOIN enrollment e ON e.id = t.enrollment_id WHERE t.id = ANY (${ids}::uuid[]))
  GROUP BY 1`;

/** Whom an event that names no touch may be about; where several clients know them, the log does not say at which (OWN-2). */
async function readLeadsAt(sql: Sql, inbox: Run['inbox']): Promise<Map<string, string[]>> {
  const named = inbox.filter(({ touchId }) => !isId(touchId));
  const recipients = [...new Set(named.flatMap(({ recipient }) => (recipient === null ? [] : [recipient])))];
  const leadsAt = new Map<string, string[]>();
  for (const part of inParts(recipients)) {
    const rows = await sql<{ recipient: string; leadId: string }>`
      WITH at AS (
        SELECT r.recipient, l.id, l.client_id FROM unnest(${part}::text[]) AS r(recipient)
          JOIN lead l ON r.recipient IN (l.email, l.mobile, l.phone, l.linkedin_url)
      )
      SELECT recipient, id AS "leadId" FROM at
      WHERE recipient IN (SELECT recipient FROM at GROUP BY 1 HAVING count(DISTINCT client_id) = 1)`;
    for (const { recipient, leadId } of rows) leadsAt.set(recipient, [...(leadsAt.get(recipient) ?? []), leadId]);
  }
  return leadsAt;
}

/** The engine's own account of everybody, as leads.jsonl has it: for logs without that file. */
export async function readAccount(sql: Sql): Promise<LeadLine[]> {
  return sql<LeadLine>`
    SELECT l.email, l.timezone, l.timezone_source AS "timezoneSource", (
      SELECT coalesce(json_agg(json_build_object('touchId', t.id, 'step', t.step, 'channel', t.channel,
        'status', CASE t.status WHEN 'sending' THEN 'uncertain' WHEN 'failed' THEN 'skipped' ELSE t.status::text END,
        'sentAt', to_char(t.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'resource', s.address)
        ORDER BY t.step), '[]')
      FROM touch t LEFT JOIN sender s ON s.id = t.sender_id WHERE t.enrollment_id = e.id) AS touches
    FROM enrollment e JOIN lead l ON l.id = e.lead_id ORDER BY e.position`;
}
