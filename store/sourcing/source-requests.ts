import { transact, type Database } from '../database';
import { oweCampaignStart } from '../outbox/outbox';
import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';

/** source: find new leads. enrich: complete those that are there. */
export type SourceRequestKind = 'source' | 'enrich';

/** Leads that somebody asked for. `outcome` null: it is open. */
export interface SourceRequestRecord {
  id: string;
  kind: string;
  campaignId: string;
  wanted: number;
  imported: number;
  credits: number;
  createdAt: Date;
  finishedAt: Date | null;
  outcome: string | null;
  lastError: string | null;
}

const columns = {
  id: true,
  kind: true,
  campaignId: true,
  wanted: true,
  imported: true,
  credits: true,
  createdAt: true,
  finishedAt: true,
  outcome: true,
  lastError: true,
} as const;

/** Requests that are shown. */
const shownAtMost = 20;

/**
 * Owes a campaign leads, or what is known of them. One request is open for each campaign at a time.
 * @returns null when one is open already
 */
export async function askForLeads(
  database: Database,
  campaign: { clientId: string; campaignId: string },
  { kind, wanted }: { kind: SourceRequestKind; wanted: number },
  now: Date,
): Promise<SourceRequestRecord | null> {
  const { clientId, campaignId } = campaign;
  const [row] = await database.sql<{ id: string }>`
    INSERT INTO source_request (id, client_id, campaign_id, kind, wanted, created_at, next_attempt_at)
    VALUES (gen_random_uuid(), ${clientId}::uuid, ${campaignId}::uuid, ${kind}, ${wanted}, ${now}, ${now})
    ON CONFLICT (campaign_id) WHERE finished_at IS NULL DO NOTHING RETURNING id`;
  if (row === undefined) return null;
  return database.sourceRequest.findUniqueOrThrow({ where: { id: row.id }, select: columns });
}

/** The latest requests, newest first. */
export function listSourceRequests(
  database: Database,
  campaign: { clientId: string; campaignId: string },
): Promise<SourceRequestRecord[]> {
  return database.sourceRequest.findMany({
    where: campaign,
    select: columns,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: shownAtMost,
  });
}

/** A request that this caller alone works on. */
export interface LeasedRequest {
  id: string;
  kind: SourceRequestKind;
  clientId: string;
  campaignId: string;
  wanted: number;
  attempts: number;
}

/** Seconds; renewed while the work goes on. */
const leaseSeconds = 60;
/** Seconds before the second attempt; each further one waits twice as long, at most `longestWaitSeconds`. */
const firstWaitSeconds = 5;
const longestWaitSeconds = 600;
/** Whatever a provider says: a day. */
const longestPauseSeconds = 86_400;
/** About a day of attempts; then the request is given up. */
const attemptsAtMost = 150;

/** Takes a request that is due, of whichever client waits longest. @returns null when none is */
export async function leaseRequest(sql: Sql, now: Date): Promise<LeasedRequest | null> {
  const [row] = await sql<LeasedRequest>`
    WITH taken AS (
      SELECT id FROM source_request
      WHERE finished_at IS NULL AND next_attempt_at <= ${now}::timestamptz
        AND (leased_until IS NULL OR leased_until < ${now}::timestamptz)
      ORDER BY next_attempt_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE source_request r SET leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
    FROM taken WHERE r.id = taken.id
    RETURNING r.id, r.client_id AS "clientId", r.campaign_id AS "campaignId", r.kind, r.wanted, r.attempts`;
  return row ?? null;
}

/** What has been noted of a request so far. */
export async function requestProgress(sql: Sql, id: string): Promise<{ imported: number; credits: number }> {
  const [row] = await sql<{ imported: number; credits: number }>`
    SELECT imported, credits FROM source_request WHERE id = ${id}::uuid`;
  return row ?? { imported: 0, credits: 0 };
}

export async function keepRequest(sql: Sql, id: string, now: Date): Promise<void> {
  await sql`
    UPDATE source_request SET leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
    WHERE id = ${id}::uuid AND finished_at IS NULL`;
}

/**
 * The request is done. An active campaign is owed the news of new leads in the same transaction.
 * @returns what must be delivered at once
 */
export async function finishRequest(
  database: Database,
  request: LeasedRequest,
  end: { outcome: string; imported: number; credits: number; error?: string },
  now: Date,
): Promise<string[]> {
  const { id, clientId, campaignId } = request;
  return transact(database, async (sql) => {
    const finished = await sql`
      UPDATE source_request SET finished_at = ${now}, outcome = ${end.outcome}, imported = ${end.imported},
        credits = ${end.credits}, last_error = ${end.error ?? null}, leased_until = NULL
      WHERE id = ${id}::uuid AND finished_at IS NULL RETURNING id`;
    if (finished.length === 0 || end.imported === 0) return [];
    const active = await sql`SELECT 1 FROM campaign WHERE id = ${campaignId}::uuid AND status = 'active' FOR SHARE`;
    return active.length === 0 ? [] : [await oweCampaignStart(sql, { clientId, id: campaignId }, now)];
  });
}

/** Goes on later: after so many seconds, or after a failure later and later. Given up after about a day of failures. */
export async function postponeRequest(
  database: Database,
  request: LeasedRequest,
  why: { progress: { imported: number; credits: number }; error: string | null; afterSeconds: number | null },
  now: Date,
): Promise<void> {
  const { progress, error } = why;
  const attempts = error === null ? request.attempts : request.attempts + 1;
  if (attempts >= attemptsAtMost) return giveUp(database, request, { ...progress, error: error ?? '' }, now);
  const backOff = Math.min(firstWaitSeconds * 2 ** Math.min(Math.max(0, attempts - 1), 20), longestWaitSeconds);
  const waits = Math.min(why.afterSeconds ?? backOff, longestPauseSeconds);
  const next = new Date(now.getTime() + waits * 1000);
  await database.sql`
    UPDATE source_request SET attempts = ${attempts}, next_attempt_at = ${next}, leased_until = NULL,
      imported = ${progress.imported}, credits = ${progress.credits}, last_error = ${error}
    WHERE id = ${request.id}::uuid AND finished_at IS NULL`;
}

/** Somebody has to act first: the request fails, with an alert. */
export async function giveUp(
  database: Database,
  request: LeasedRequest,
  end: { imported: number; credits: number; error: string },
  now: Date,
): Promise<void> {
  await finishRequest(database, request, { ...end, outcome: 'failed' }, now);
  const { clientId, campaignId } = request;
  const message = `leads for campaign ${campaignId} could not be found: ${end.error}`;
  await raiseAlert(database.sql, { clientId, kind: 'sourcing', message, resourceId: campaignId }, now);
}
