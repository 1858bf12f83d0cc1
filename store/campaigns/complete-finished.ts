import { localDate } from '../../domain/calendar/local-date';
import { transact, type Database } from '../database';
import { json, type Sql } from '../sql';
import { moveLocked, type CampaignSummary } from './campaigns';
import { closeTurnstile } from './moves-lock';

/**
 * Will no further lead come to this campaign by itself? One that was brought its leads has those: it is exhausted once
 * nobody waits or is under way. One that finds them is, when its searches also have come to their ends.
 */
export async function isSourceExhausted(sql: Sql, campaignId: string): Promise<boolean> {
  const [row] = await sql<{ any: boolean; open: boolean; searching: boolean }>`
    SELECT EXISTS (SELECT 1 FROM enrollment WHERE campaign_id = ${campaignId}::uuid) AS any,
      EXISTS (SELECT 1 FROM enrollment WHERE campaign_id = ${campaignId}::uuid AND status IN ('waiting', 'active')) AS open,
      EXISTS (SELECT 1 FROM source_request WHERE campaign_id = ${campaignId}::uuid AND finished_at IS NULL) OR (
        is_automatic(${campaignId}::uuid)
        AND EXISTS (SELECT 1 FROM lead_search WHERE campaign_id = ${campaignId}::uuid AND exhausted_at IS NULL)
      ) AS searching`;
  return row?.any === true && !row.open && !row.searching;
}

/**
 * SEQ-1: completes an active campaign whose leads are all done and whose source is exhausted, with a summary; not before
 * the client's next day after the last lead came, finished, or the campaign was activated, so that whoever means to import
 * more today still can. One transaction; asking twice completes once.
 * @returns did it complete the campaign now?
 */
export async function completeIfFinished(database: Database, campaignId: string, now: Date): Promise<boolean> {
  // Nearly always somebody is under way: that is seen without a lock.
  if (!(await isSourceExhausted(database.sql, campaignId))) return false;
  return transact(database, async (sql) => {
    await closeTurnstile(sql, campaignId);
    const clientId = await lockActive(sql, campaignId);
    // An import shares the campaign's row, so none is under way from here on.
    if (clientId === null || !(await isSourceExhausted(sql, campaignId))) return false;
    if (!(await isNextDay(sql, campaignId, now))) return false;
    const campaign = { clientId, id: campaignId };
    const { moved } = await moveLocked(sql, campaign, { move: 'complete', sequence: [] }, now);
    const summary = await summarize(sql, campaignId);
    await sql`UPDATE campaign SET summary = ${json(summary)}::jsonb WHERE id = ${campaignId}::uuid`;
    return moved;
  });
}

/** @returns whose it is; null when it is not active */
async function lockActive(sql: Sql, campaignId: string): Promise<string | null> {
  const [row] = await sql<{ clientId: string }>`
    SELECT client_id AS "clientId" FROM campaign
    WHERE id = ${campaignId}::uuid AND status = 'active' FOR NO KEY UPDATE`;
  return row?.clientId ?? null;
}

async function isNextDay(sql: Sql, campaignId: string, now: Date): Promise<boolean> {
  const [row] = await sql<{ last: Date; timezone: string }>`
    SELECT c.timezone, greatest(max(k.activated_at), max(e.finished_at), max(e.created_at)) AS last
    FROM campaign k JOIN client c ON c.id = k.client_id JOIN enrollment e ON e.campaign_id = k.id
    WHERE k.id = ${campaignId}::uuid GROUP BY c.timezone`;
  return row !== undefined && localDate(row.last, row.timezone) < localDate(now, row.timezone);
}

async function summarize(sql: Sql, campaignId: string): Promise<CampaignSummary> {
  const [found] = await sql<{ summary: CampaignSummary }>`
    WITH e AS (SELECT status, stop_reason FROM enrollment WHERE campaign_id = ${campaignId}::uuid),
      t AS (SELECT t.step, t.channel, t.status FROM touch t JOIN enrollment o ON o.id = t.enrollment_id
            WHERE o.campaign_id = ${campaignId}::uuid)
    SELECT json_build_object(
      'leads', json_build_object('completed', (SELECT count(*) FROM e WHERE status = 'completed'),
        'stopped', (SELECT count(*) FROM e WHERE status = 'stopped')),
      'stops', (SELECT coalesce(json_object_agg(s.stop_reason, s.n), '{}')
        FROM (SELECT stop_reason, count(*) AS n FROM e WHERE status = 'stopped' GROUP BY 1) AS s),
      'sent', (SELECT coalesce(json_agg(json_build_object('step', s.step, 'channel', s.channel, 'count', s.n)
          ORDER BY s.step, s.channel), '[]')
        FROM (SELECT step, channel, count(*) AS n FROM t WHERE status IN ('sent', 'uncertain') GROUP BY 1, 2) AS s),
      'skipped', (SELECT count(*) FROM t WHERE status IN ('skipped', 'failed'))
    ) AS summary`;
  if (found === undefined) throw new Error(`campaign ${campaignId} was not summarized`);
  return found.summary;
}
