import type { HealthChangeKind } from '../../prisma/generated/enums';
import type { Database } from '../database';

/** What happened to a client's credits on one of its days (PACE). */
export interface CreditsOfDay {
  /** The client's date. */
  day: string;
  granted: number;
  adjusted: number;
  admitted: number;
  refunded: number;
  /** What was left at its end. */
  remaining: number;
}

/** The days on which something happened, in order. */
export async function readCreditsByDay(database: Database, clientId: string): Promise<CreditsOfDay[]> {
  return database.sql<CreditsOfDay>`
    SELECT to_char(x.day, 'YYYY-MM-DD') AS day, x.granted, x.adjusted, x.admitted, x.refunded, e.balance AS remaining
    FROM (
      SELECT (c.at AT TIME ZONE k.timezone)::date AS day, max(c.id) AS last,
        coalesce(sum(c.amount) FILTER (WHERE c.kind = 'grant'), 0)::int AS granted,
        coalesce(sum(c.amount) FILTER (WHERE c.kind = 'adjust'), 0)::int AS adjusted,
        (count(*) FILTER (WHERE c.kind = 'admit'))::int AS admitted,
        (count(*) FILTER (WHERE c.kind = 'refund'))::int AS refunded
      FROM credit_entry c JOIN client k ON k.id = c.client_id WHERE c.client_id = ${clientId}::uuid GROUP BY 1
    ) AS x JOIN credit_entry e ON e.id = x.last ORDER BY x.day`;
}

/** How many leads a campaign admitted on one of the client's days (PACE-4). */
export interface AdmissionsOfDay {
  campaign: string;
  day: string;
  admitted: number;
}

export async function readAdmissions(database: Database, clientId: string): Promise<AdmissionsOfDay[]> {
  return database.sql<AdmissionsOfDay>`
    SELECT k.name AS campaign, to_char((e.admitted_at AT TIME ZONE c.timezone)::date, 'YYYY-MM-DD') AS day,
      count(*)::int AS admitted
    FROM enrollment e JOIN campaign k ON k.id = e.campaign_id JOIN client c ON c.id = e.client_id
    WHERE e.client_id = ${clientId}::uuid AND e.admitted_at IS NOT NULL
    GROUP BY k.id, 2 ORDER BY 2, k.created_at`;
}

/** What a domain's health did to it (HLTH). */
export interface HealthChangeOfRun {
  at: string;
  domain: string;
  kind: HealthChangeKind;
  sends: number;
  bounces: number;
  complaints: number;
  unsubscribes: number;
}

export async function readHealthChanges(database: Database, clientId: string): Promise<HealthChangeOfRun[]> {
  const rows = await database.healthChange.findMany({
    where: { clientId },
    include: { domain: { select: { name: true } } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ at, domain, kind, sends, bounces, complaints, unsubscribes }) => ({
    at: at.toISOString(),
    domain: domain.name,
    kind,
    sends,
    bounces,
    complaints,
    unsubscribes,
  }));
}
