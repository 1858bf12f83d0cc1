import type { Sql } from '../sql';

/**
 * Leads in open sequences whose computed score is no longer true because time has passed: the role is older than six
 * months by now, the funding than twelve, or a date has come (ACC-3). By the calendar of each client.
 */
export function agedScores(sql: Sql, now: Date): Promise<{ clientId: string; leadId: string }[]> {
  return sql<{ clientId: string; leadId: string }>`
    SELECT l.client_id AS "clientId", l.id AS "leadId"
    FROM lead l JOIN client c ON c.id = l.client_id
      CROSS JOIN LATERAL (SELECT (${now}::timestamptz AT TIME ZONE c.timezone)::date AS today) AS t
    WHERE l.score_source = 'computed' AND (l.role_started_on IS NOT NULL OR l.funded_on IS NOT NULL)
      AND EXISTS (SELECT 1 FROM enrollment e WHERE e.lead_id = l.id AND e.status IN ('waiting', 'active'))
      AND (
        (l.role_started_on <= today AND today < l.role_started_on + interval '6 months')
          <> (l.score_parts @? '$[*].items[*] ? (@.item == "newInRole" && @.points > 0)')
        OR (l.funded_on <= today AND today < l.funded_on + interval '12 months')
          <> (l.score_parts @? '$[*].items[*] ? (@.item == "funded" && @.points > 0)'))
    ORDER BY l.client_id, l.id`;
}
