import type { Sql } from '../sql';

/** An active campaign that finds its leads by itself: nobody has brought it any. */
export interface AutomaticCampaign {
  campaignId: string;
  waiting: number;
}

/** Of a client, the oldest first. Whether a targeting names anybody, and a source is there, the search finds out. */
export function automaticCampaigns(sql: Sql, clientId: string): Promise<AutomaticCampaign[]> {
  return sql<AutomaticCampaign>`
    SELECT k.id AS "campaignId", (
      SELECT count(*)::int FROM enrollment e WHERE e.campaign_id = k.id AND e.status = 'waiting') AS waiting
    FROM campaign k
    WHERE k.client_id = ${clientId}::uuid AND k.status = 'active' AND k.uses_default_sequence
      AND is_automatic(k.id)
    ORDER BY k.activated_at, k.id`;
}

/** How many active campaigns a client has. */
export async function countActive(sql: Sql, clientId: string): Promise<number> {
  const [row] = await sql<{ active: number }>`
    SELECT count(*)::int AS active FROM campaign WHERE client_id = ${clientId}::uuid AND status = 'active'`;
  return row?.active ?? 0;
}
