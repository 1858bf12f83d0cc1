import type { Sql } from '../sql';

/** An active campaign that finds its leads by itself: nobody has brought it any. */
export interface AutomaticCampaign {
  campaignId: string;
  waiting: number;
  admittedToday: number;
}

/** Of a client, since its day began; the oldest first. Whether a targeting names anybody, and a source is there, the search finds out. */
export function automaticCampaigns(sql: Sql, clientId: string, since: Date): Promise<AutomaticCampaign[]> {
  return sql<AutomaticCampaign>`
    SELECT k.id AS "campaignId", (
      SELECT count(*)::int FROM enrollment e WHERE e.campaign_id = k.id AND e.status = 'waiting') AS waiting,
      (SELECT count(*)::int FROM enrollment e
        WHERE e.client_id = k.client_id AND e.admitted_at >= ${since} AND e.campaign_id = k.id) AS "admittedToday"
    FROM campaign k
    WHERE k.client_id = ${clientId}::uuid AND k.status = 'active' AND k.uses_default_sequence
      AND is_automatic(k.id)
    ORDER BY k.activated_at, k.id`;
}

/** How many active campaigns of a client share its day: those that have somebody waiting, or find somebody. */
export async function countSharing(sql: Sql, clientId: string): Promise<number> {
  const [row] = await sql<{ sharing: number }>`
    SELECT count(*)::int AS sharing FROM campaign k
    WHERE k.client_id = ${clientId}::uuid AND k.status = 'active' AND (
      EXISTS (SELECT 1 FROM enrollment e WHERE e.campaign_id = k.id AND e.status = 'waiting')
      OR (k.uses_default_sequence AND is_automatic(k.id)))`;
  return row?.sharing ?? 0;
}
