import type { Sql } from '../sql';

/** Who should have a running workflow. */
export interface Running {
  id: string;
  clientId: string;
  campaignId: string;
  /** Where the next page begins. */
  cursor: string;
}

/** Enrollments or campaigns that have run since before an instant, a page at a time; null begins. */
export type ReadRunning = (sql: Sql, before: Date, after: string | null, limit: number) => Promise<Running[]>;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Active enrollments, in the order of their leads: at most one of each is active (SEQ-8), so an index is walked. */
export const activeEnrollments: ReadRunning = (sql, before, after, limit) => sql<Running>`
  SELECT id, client_id AS "clientId", campaign_id AS "campaignId", lead_id AS cursor FROM enrollment
  WHERE status = 'active' AND lead_id > ${after ?? beforeAll}::uuid AND coalesce(admitted_at, created_at) < ${before}
  ORDER BY lead_id LIMIT ${limit}`;

/** Campaigns that are active or paused. */
export const openCampaigns: ReadRunning = (sql, before, after, limit) => sql<Running>`
  SELECT id, client_id AS "clientId", id AS "campaignId", id AS cursor FROM campaign
  WHERE status IN ('active', 'paused') AND id > ${after ?? beforeAll}::uuid AND activated_at < ${before}
  ORDER BY id LIMIT ${limit}`;

/** Which of these have ended, before an instant and for good. What is not known here is nobody's to end. */
export type ReadEnded = (sql: Sql, ids: readonly string[], before: Date) => Promise<{ id: string; clientId: string }[]>;

export const endedEnrollments: ReadEnded = (sql, ids, before) => sql<{ id: string; clientId: string }>`
  SELECT id, client_id AS "clientId" FROM enrollment
  WHERE id = ANY (${ids}::uuid[]) AND status IN ('completed', 'stopped') AND finished_at < ${before}`;

export const endedCampaigns: ReadEnded = (sql, ids, before) => sql<{ id: string; clientId: string }>`
  SELECT id, client_id AS "clientId" FROM campaign
  WHERE id = ANY (${ids}::uuid[]) AND status = 'completed' AND completed_at < ${before}`;
