import type { LeadSignalName } from '../../domain/event-effects';
import type { Database } from '../database';
import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';

/** What must happen outside after a commit. A kind is a line here and a way to deliver it. */
export type OutboxMessage =
  | { kind: 'leadSignal'; subjectId: string; payload: { signal: LeadSignalName } }
  | { kind: 'startLead'; subjectId: string; payload: { campaignId: string } }
  | { kind: 'startCampaign'; subjectId: string; payload: Record<string, never> }
  /** Of the client: its bookings no longer fit its limits. */
  | { kind: 'maintenance'; subjectId: string; payload: Record<string, never> };

/** A message that is to be delivered now, by whoever leased it. */
export type LeasedMessage = OutboxMessage & { id: string; clientId: string; attempts: number };

/** How long a lease lasts, in seconds: longer than any delivery may take. */
const leaseSeconds = 30;
/** Seconds before the second attempt; each further one waits twice as long, at most `longestWaitSeconds`. */
const firstWaitSeconds = 2;
const longestWaitSeconds = 600;
/** About seven hours of attempts; then a person has to look. */
export const attemptsBeforeAlert = 50;
/** About two weeks of attempts, longer than any outage; then the message is given up, and said to be. */
export const attemptsAtMost = 2_000;

/**
 * Notes, in the transaction of the fact, that a lead's workflow must hear of it.
 * @returns the message's id
 */
export async function oweSignal(
  sql: Sql,
  enrollment: { clientId: string; enrollmentId: string },
  signal: LeadSignalName,
  now: Date,
): Promise<string> {
  const [row] = await sql<{ id: string }>`
    INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
    VALUES (gen_random_uuid(), ${enrollment.clientId}::uuid, 'leadSignal', ${enrollment.enrollmentId}::uuid,
      jsonb_build_object('signal', ${signal}::text), ${now}, ${now})
    RETURNING id`;
  if (row === undefined) throw new Error('the signal was not stored');
  return row.id;
}

/**
 * Owes every active lead of a campaign a wake-up (TRUTH-4, CTL-3). One that is owed and not yet being delivered will do.
 */
export async function oweWakeUps(sql: Sql, campaignId: string, now: Date): Promise<void> {
  await sql`
    INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
    SELECT gen_random_uuid(), e.client_id, 'leadSignal', e.id, '{"signal": "leadWoken"}', ${now}, ${now}
    FROM enrollment e
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'active' AND NOT EXISTS (
      SELECT 1 FROM outbox o
      WHERE o.subject_id = e.id AND o.payload ->> 'signal' = 'leadWoken' AND o.leased_until IS NULL
        AND o.delivered_at IS NULL AND o.gave_up_at IS NULL)`;
}

/** Owes these active leads a wake-up: what may reach them has changed. @returns the messages' ids */
export async function oweWakeUpsOf(sql: Sql, enrollmentIds: readonly string[], now: Date): Promise<string[]> {
  if (enrollmentIds.length === 0) return [];
  const rows = await sql<{ id: string }>`
    INSERT INTO outbox (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
    SELECT gen_random_uuid(), e.client_id, 'leadSignal', e.id, '{"signal": "leadWoken"}', ${now}, ${now}
    FROM enrollment e WHERE e.id = ANY (${enrollmentIds}::uuid[])
    RETURNING id`;
  return rows.map(({ id }) => id);
}

/** Owes a campaign its workflow: it is told to look at the facts, and started when it does not run. @returns the message's id */
export async function oweCampaignStart(
  sql: Sql,
  campaign: { clientId: string; id: string },
  now: Date,
): Promise<string> {
  const [row] = await sql<{ id: string }>`
    INSERT INTO outbox (id, client_id, kind, subject_id, created_at, next_attempt_at)
    VALUES (gen_random_uuid(), ${campaign.clientId}::uuid, 'startCampaign', ${campaign.id}::uuid, ${now}, ${now})
    RETURNING id`;
  if (row === undefined) throw new Error('the start was not stored');
  return row.id;
}

/** Owes the maintenance a look: a client's bookings no longer fit its limits (HLTH-2). @returns the message's id */
export async function oweMaintenance(sql: Sql, clientId: string, now: Date): Promise<string> {
  const [row] = await sql<{ id: string }>`
    INSERT INTO outbox (id, client_id, kind, subject_id, created_at, next_attempt_at)
    VALUES (gen_random_uuid(), ${clientId}::uuid, 'maintenance', ${clientId}::uuid, ${now}, ${now})
    RETURNING id`;
  if (row === undefined) throw new Error('the look was not stored');
  return row.id;
}

/** Which messages are asked for: those that just became owed, one campaign's, or whatever is due. */
export type Wanted =
  { kind: 'ids'; ids: readonly string[] } | { kind: 'campaign'; campaignId: string } | { kind: 'due' };

/** Messages of one client in one round of the relay: nobody stands behind another tenant's thousands. */
const roundOfClient = 50;
/** Messages of one campaign in one round. */
const round = 200;

/** Takes messages to deliver, for this caller alone until its lease ends. */
export async function leaseMessages(sql: Sql, wanted: Wanted, now: Date): Promise<LeasedMessage[]> {
  const ids = await wantedIds(sql, wanted, now);
  if (ids.length === 0) return [];
  return sql<LeasedMessage>`
    WITH taken AS (
      SELECT id FROM outbox
      WHERE id = ANY (${ids}::uuid[]) AND delivered_at IS NULL AND gave_up_at IS NULL
        AND (leased_until IS NULL OR leased_until < ${now}::timestamptz)
      ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
    FROM taken WHERE o.id = taken.id
    RETURNING o.id, o.client_id AS "clientId", o.kind, o.subject_id AS "subjectId", o.payload, o.attempts`;
}

/** Which messages to take, as far as a look without locks can tell; the soonest first. */
async function wantedIds(sql: Sql, wanted: Wanted, now: Date): Promise<readonly string[]> {
  switch (wanted.kind) {
    case 'ids':
      return wanted.ids;
    case 'campaign':
      return idsOf(sql<{ id: string }>`
        SELECT o.id FROM enrollment e JOIN outbox o ON o.subject_id = e.id
        WHERE e.campaign_id = ${wanted.campaignId}::uuid AND o.delivered_at IS NULL AND o.gave_up_at IS NULL
          AND (o.leased_until IS NULL OR o.leased_until < ${now}::timestamptz)
        ORDER BY o.next_attempt_at LIMIT ${round}`);
    case 'due':
      return idsOf(sql<{ id: string }>`
        SELECT m.id FROM (
          SELECT DISTINCT client_id FROM outbox
          WHERE delivered_at IS NULL AND gave_up_at IS NULL AND next_attempt_at <= ${now}::timestamptz
        ) AS c CROSS JOIN LATERAL (
          SELECT o.id FROM outbox o
          WHERE o.client_id = c.client_id AND o.delivered_at IS NULL AND o.gave_up_at IS NULL
            AND o.next_attempt_at <= ${now}::timestamptz
            AND (o.leased_until IS NULL OR o.leased_until < ${now}::timestamptz)
          ORDER BY o.next_attempt_at LIMIT ${roundOfClient}
        ) AS m`);
  }
}

async function idsOf(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map((row) => row.id);
}

export async function markDelivered(sql: Sql, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await sql`UPDATE outbox SET delivered_at = ${now}, leased_until = NULL WHERE id = ANY (${ids}::uuid[])`;
}

/** Puts a message back for later, or gives it up when it has been tried too often; raises an alert before and then. */
export async function markFailed(database: Database, message: LeasedMessage, error: string, now: Date): Promise<void> {
  const attempts = message.attempts + 1;
  const givesUp = attempts >= attemptsAtMost;
  const wait = Math.min(firstWaitSeconds * 2 ** Math.min(attempts - 1, 20), longestWaitSeconds);
  const next = new Date(now.getTime() + wait * 1000);
  await database.sql`
    UPDATE outbox SET attempts = ${attempts}, next_attempt_at = ${next}, leased_until = NULL, last_error = ${error},
      gave_up_at = ${givesUp ? now : null}
    WHERE id = ${message.id}::uuid AND delivered_at IS NULL`;
  if (!givesUp && attempts !== attemptsBeforeAlert) return;
  const { clientId, kind, subjectId } = message;
  const end = givesUp ? 'It is given up.' : 'The attempts go on.';
  const text = `${kind} for ${subjectId} was not delivered in ${attempts} attempts: ${error}. ${end}`;
  await raiseAlert(database.sql, { clientId, kind: 'outbox', message: text, resourceId: subjectId }, now);
}
