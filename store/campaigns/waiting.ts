import type { Sql } from '../sql';

/** How a campaign's admission stands. */
export interface WaitingCampaign {
  campaignId: string;
  isActive: boolean;
  waiting: number;
  admittedToday: number;
}

/** Of each campaign of a client that has somebody waiting or admitted somebody since its day began; the oldest first. */
export function waitingCampaigns(sql: Sql, clientId: string, since: Date): Promise<WaitingCampaign[]> {
  return sql<WaitingCampaign>`
    SELECT k.id AS "campaignId", k.status = 'active' AS "isActive", w.waiting, t.admitted AS "admittedToday"
    FROM campaign k
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS waiting FROM enrollment e WHERE e.campaign_id = k.id AND e.status = 'waiting') AS w
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS admitted FROM enrollment e
      WHERE e.client_id = k.client_id AND e.admitted_at >= ${since} AND e.campaign_id = k.id) AS t
    WHERE k.client_id = ${clientId}::uuid AND k.status <> 'completed' AND (w.waiting > 0 OR t.admitted > 0)
    ORDER BY k.activated_at NULLS LAST, k.id`;
}
