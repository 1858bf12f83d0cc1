import { measureLead, type LeadHistory, type MeasuredTouch } from '../../domain/metrics/measured-touch';
import { transact, type Database } from '../database';
import { json, type Sql } from '../sql';
import { readLeadHistories } from './lead-histories';

/** Leads that one transaction measures. */
const leadsAtOnce = 1_000;

/**
 * Counts what has happened since the last time, for every client (MET). Safe to run anywhere, at any time, several at a
 * time: each lead is counted anew from its facts, and clients take turns by a lock.
 * @param limit leads at most, so that one call ends
 * @param beat called before each client
 * @returns how many leads were measured
 */
export async function refreshMetrics(
  database: Database,
  now: Date,
  limit = 100_000,
  beat: () => void = () => undefined,
): Promise<number> {
  const clients = await database.sql<{ clientId: string }>`
    SELECT id AS "clientId" FROM client c WHERE EXISTS (SELECT FROM measure_due d WHERE d.client_id = c.id) ORDER BY id`;
  let measured = 0;
  for (const { clientId } of clients) {
    beat();
    measured += await refreshClientMetrics(database, clientId, now, limit - measured);
    if (measured >= limit) break;
  }
  return measured;
}

/** The same for one client. */
export async function refreshClientMetrics(
  database: Database,
  clientId: string,
  now: Date,
  limit: number,
): Promise<number> {
  let measured = 0;
  while (measured < limit) {
    const wanted = Math.min(leadsAtOnce, limit - measured);
    const more = await transact(database, (sql) => refreshSome(sql, clientId, now, wanted));
    measured += more;
    if (!(await isDue(database, clientId))) break;
  }
  return measured;
}

/** Forgets everything that was counted for a client, and counts it anew. */
export async function rebuildMetrics(database: Database, clientId: string, now: Date): Promise<void> {
  await transact(database, async (sql) => {
    await lockMetrics(sql, clientId);
    await sql`DELETE FROM metric_count WHERE client_id = ${clientId}::uuid`;
    await sql`DELETE FROM touch_measure WHERE client_id = ${clientId}::uuid`;
    await sql`DELETE FROM opens_source WHERE client_id = ${clientId}::uuid`;
    await sql`
      INSERT INTO measure_due (client_id, lead_id)
      SELECT e.client_id, e.lead_id FROM enrollment e
      WHERE e.client_id = ${clientId}::uuid AND EXISTS (
        SELECT FROM touch t WHERE t.enrollment_id = e.id AND t.sent_at IS NOT NULL)
      -- Leads that were touched on the same days share their sums.
      ORDER BY e.admitted_at, e.id`;
  });
  await refreshClientMetrics(database, clientId, now, Infinity);
}

/** Leads of a client of whom something has happened that is not counted yet. */
export async function leadsDue(database: Database, clientId: string): Promise<number> {
  const [row] = await database.sql<{ due: number }>`
    SELECT count(DISTINCT lead_id) AS due FROM measure_due WHERE client_id = ${clientId}::uuid`;
  return row?.due ?? 0;
}

async function isDue(database: Database, clientId: string): Promise<boolean> {
  const rows = await database.sql`SELECT 1 FROM measure_due WHERE client_id = ${clientId}::uuid LIMIT 1`;
  return rows.length > 0;
}

/** One refresh of a client at a time: another one would subtract the same touch as well. */
async function lockMetrics(sql: Sql, clientId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('metrics:' || ${clientId}::text, 0))`;
}

/** Measures the leads of the oldest notes, and takes all notes of these. What is committed later leaves one of its own. */
async function refreshSome(sql: Sql, clientId: string, now: Date, limit: number): Promise<number> {
  await lockMetrics(sql, clientId);
  const notes = await sql<{ leadId: string }>`
    DELETE FROM measure_due WHERE client_id = ${clientId}::uuid AND lead_id = ANY (ARRAY(
      SELECT DISTINCT lead_id FROM (
        SELECT lead_id FROM measure_due WHERE client_id = ${clientId}::uuid ORDER BY id LIMIT ${limit}) AS oldest))
    RETURNING lead_id AS "leadId"`;
  if (notes.length === 0) return 0;
  const leadIds = [...new Set(notes.map(({ leadId }) => leadId))];
  const [client] = await sql<{ timezone: string }>`SELECT timezone FROM client WHERE id = ${clientId}::uuid`;
  const histories = await readLeadHistories(sql, client?.timezone ?? 'UTC', leadIds);
  const rows = histories.flatMap(measureLead).map((touch) => rowOf(clientId, touch));
  await sql`SELECT write_measures(${leadIds}::uuid[], ${json(rows)}::jsonb)`;
  await noteSources(sql, clientId, histories, now);
  return leadIds.length;
}

/** HLTH-4: the first open of a domain makes all its mails measured, those without an open as well. */
async function noteSources(sql: Sql, clientId: string, histories: readonly LeadHistory[], now: Date): Promise<void> {
  const told = histories.flatMap(({ touches, events }) => {
    const opens = events.filter(({ kind }) => kind === 'opened' || kind === 'openedAutomatically');
    const opened = new Set(opens.map(({ touchId }) => touchId));
    return touches.filter((touch) => !touch.opensAreTold && opened.has(touch.touchId)).map(({ domainId }) => domainId);
  });
  const domainIds = [...new Set(told)].filter((id) => id !== null);
  if (domainIds.length === 0) return;
  await sql`
    WITH sources AS (
      INSERT INTO opens_source (domain_id, client_id, since)
      SELECT id, ${clientId}::uuid, ${now}::timestamptz FROM unnest(${domainIds}::uuid[]) AS d(id)
      ON CONFLICT DO NOTHING RETURNING domain_id
    )
    INSERT INTO measure_due (client_id, lead_id)
    SELECT DISTINCT m.client_id, m.lead_id FROM touch_measure m JOIN sources s ON s.domain_id = m.domain_id`;
}

/** A row of touch_measure. */
function rowOf(clientId: string, touch: MeasuredTouch): Record<string, unknown> {
  return {
    touch_id: touch.touchId,
    client_id: clientId,
    lead_id: touch.leadId,
    campaign_id: touch.campaignId,
    domain_id: touch.domainId,
    step: touch.step,
    channel: touch.channel,
    sent_on: touch.sentOn,
    admitted_on: touch.admittedOn,
    send_time: touch.sendTime,
    warm_up_day: touch.warmUpDay,
    is_repeat: touch.isRepeat,
    sent: touch.sent,
    bounced: touch.bounced,
    opens_measured: touch.opensMeasured,
    opened: touch.opened,
    opened_automatically: touch.openedAutomatically,
    replied: touch.replied,
    stopped: touch.stopped,
  };
}
