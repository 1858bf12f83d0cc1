import { localDate, startOfDate } from '../../domain/calendar/local-date';
import {
  healthChanges,
  healthWindowFrom,
  wantsReview,
  type HealthChange,
  type HealthCounts,
} from '../../domain/health';
import type { HealthChangeKind } from '../../prisma/generated/enums';
import { transact, type Database } from '../database';
import type { Sql } from '../sql';
import { raiseAlert, resolveAlert } from '../tenants/alerts';
import { pause } from './pauses';

export interface DomainWeek extends HealthCounts {
  /** Complaints since the domain was last resumed, unsubscribes since it was last reviewed. */
  freshComplaints: number;
  freshUnsubscribes: number;
  /** Campaigns whose mails people unsubscribed from since somebody last looked at the domain or at the campaign. */
  unsubscribedFrom: string[];
}

interface DomainRow {
  clientId: string;
  timezone: string;
  isHalved: boolean;
  isFlagged: boolean;
  isPaused: boolean;
}

/**
 * Looks at a domain's last seven days and does what the table of HLTH says, at once: the next claim obeys (HLTH-3). The
 * domain's row is the last lock that a transaction takes, so that of two bounces at the same time the second sees the first.
 * @returns what changed
 */
export async function checkDomainHealth(sql: Sql, domainId: string, now: Date): Promise<HealthChange[]> {
  const domain = await lockDomain(sql, domainId);
  if (domain === null) return [];
  const week = await readDomainWeek(sql, domainId, domain.timezone, now);
  const changes = healthChanges(week, { ...domain, ...week });
  for (const change of changes) await apply(sql, { domainId, clientId: domain.clientId, change, week }, now);
  if (wantsReview(week)) await flagCampaigns(sql, domain.clientId, week.unsubscribedFrom, now);
  return changes;
}

/** The same for the domain of a mailbox whose mail was refused at once; of another sender nothing. */
export async function checkHealthOf(database: Database, senderId: string, now: Date): Promise<void> {
  await transact(database, async (sql) => {
    const [row] = await sql<{ id: string }>`
      SELECT domain_id AS id FROM mailbox WHERE sender_id = ${senderId}::uuid`;
    if (row !== undefined) await checkDomainHealth(sql, row.id, now);
  });
}

async function lockDomain(sql: Sql, domainId: string): Promise<DomainRow | null> {
  const [row] = await sql<DomainRow>`
    SELECT d.client_id AS "clientId", c.timezone, d.halved_since IS NOT NULL AS "isHalved",
      d.flagged_at IS NOT NULL AS "isFlagged",
      EXISTS (SELECT 1 FROM pause p WHERE p.domain_id = d.id AND p.reason = 'health') AS "isPaused"
    FROM sending_domain d JOIN client c ON c.id = d.client_id WHERE d.id = ${domainId}::uuid FOR NO KEY UPDATE OF d`;
  return row ?? null;
}

/** The trailing seven days of the client's calendar, by the date of sending (HLTH-1). */
export async function readDomainWeek(sql: Sql, domainId: string, timezone: string, now: Date): Promise<DomainWeek> {
  const from = startOfDate(healthWindowFrom(localDate(now, timezone)), timezone);
  const [row] = await sql<DomainWeek>`
    WITH mails AS (
      SELECT t.id, t.campaign_id, t.sent_at, e.lead_id
      FROM mailbox m JOIN touch t ON t.sender_id = m.sender_id JOIN enrollment e ON e.id = t.enrollment_id
      WHERE m.domain_id = ${domainId}::uuid AND t.channel = 'email' AND t.status IN ('sent', 'uncertain')
        AND t.claimed_at >= ${from}::timestamptz - interval '1 day' AND t.sent_at >= ${from}
    ), refused AS (
      -- The server said at once that there is no such address: a mail that was sent and came back on the spot.
      SELECT t.id FROM mailbox m JOIN touch t ON t.sender_id = m.sender_id
      WHERE m.domain_id = ${domainId}::uuid AND t.channel = 'email' AND t.status = 'failed' AND t.claimed_at >= ${from}
        AND EXISTS (SELECT 1 FROM timeline_entry x WHERE x.enrollment_id = t.enrollment_id AND x.touch_id = t.id
          AND x.what = 'failed' AND x.numbers -> 'hardBounce' = 'true'::jsonb)
    ), cases AS (
      SELECT m.id, m.campaign_id, v.kind, v.received_at FROM mails m
      JOIN event_subject s ON s.touch_id = m.id JOIN inbound_event v ON v.id = s.event_id
      WHERE v.kind IN ('hardBounce', 'softBounce', 'blocked', 'complaint', 'unsubscribe')
      UNION ALL
      -- Who unsubscribes by the link of a mail means the last one: the link is the lead's.
      SELECT m.id, m.campaign_id, v.kind, v.received_at FROM mails m
      JOIN event_subject s ON s.lead_id = m.lead_id AND s.touch_id IS NULL
      JOIN inbound_event v ON v.id = s.event_id AND v.kind = 'unsubscribe'
        AND v.provider = 'unsubscribe-link' AND v.received_at >= m.sent_at
      WHERE NOT EXISTS (
        SELECT 1 FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
        WHERE e.lead_id = m.lead_id AND t.channel = 'email' AND t.sent_at > m.sent_at AND t.sent_at <= v.received_at)
    )
    SELECT (SELECT count(*) FROM mails)::int + (SELECT count(*) FROM refused)::int AS sends,
      count(DISTINCT c.id) FILTER (WHERE c.kind IN ('hardBounce', 'softBounce', 'blocked'))::int
        + (SELECT count(*) FROM refused)::int AS bounces,
      count(DISTINCT c.id) FILTER (WHERE c.kind = 'complaint')::int AS complaints,
      count(DISTINCT c.id) FILTER (WHERE c.kind = 'unsubscribe')::int AS unsubscribes,
      count(DISTINCT c.id) FILTER (WHERE c.kind = 'complaint' AND c.received_at > coalesce(d.resumed_at, '-infinity'))::int
        AS "freshComplaints",
      count(DISTINCT c.id) FILTER (WHERE c.kind = 'unsubscribe' AND c.received_at > coalesce(d.reviewed_at, '-infinity'))::int
        AS "freshUnsubscribes",
      coalesce(array_agg(DISTINCT c.campaign_id) FILTER (WHERE c.kind = 'unsubscribe'
        AND c.received_at > greatest(d.reviewed_at, k.content_reviewed_at, '-infinity')), '{}') AS "unsubscribedFrom"
    FROM sending_domain d LEFT JOIN cases c ON true LEFT JOIN campaign k ON k.id = c.campaign_id WHERE d.id = ${domainId}::uuid GROUP BY d.id`;
  if (row === undefined) throw new Error(`no domain ${domainId}`);
  return row;
}

interface Applied {
  domainId: string;
  clientId: string;
  change: HealthChange;
  week: DomainWeek;
}

const alertKinds = { halved: 'bounces', paused: 'complaints', flagged: 'unsubscribes' } as const;

async function apply(sql: Sql, { domainId, clientId, change, week }: Applied, now: Date): Promise<void> {
  const percent = (count: number): string => `${((100 * count) / week.sends).toFixed(1)} % of ${week.sends} mails`;
  const alert = (kind: string, message: string) =>
    raiseAlert(sql, { clientId, kind, message, resourceId: domainId }, now);
  switch (change) {
    case 'halved':
      await sql`UPDATE sending_domain SET halved_since = ${now} WHERE id = ${domainId}::uuid`;
      await alert(
        alertKinds.halved,
        `${percent(week.bounces)} of the last seven days bounced: the day's limit is halved`,
      );
      break;
    case 'restored':
      await sql`UPDATE sending_domain SET halved_since = NULL WHERE id = ${domainId}::uuid`;
      await resolveAlert(sql, { clientId, resourceId: domainId, kind: alertKinds.halved }, now);
      break;
    case 'paused': {
      const detail = `${percent(week.complaints)} of the last seven days brought a complaint`;
      await pause(sql, { kind: 'domain', domainId, clientId }, { reason: 'health', detail }, now);
      await alert(alertKinds.paused, `${detail}: the domain is paused until somebody resumes it`);
      break;
    }
    case 'flagged':
      await sql`UPDATE sending_domain SET flagged_at = ${now} WHERE id = ${domainId}::uuid`;
      await alert(
        alertKinds.flagged,
        `${percent(week.unsubscribes)} of the last seven days made people unsubscribe: review the content`,
      );
  }
  await noteHealthChange(sql, { clientId, domainId, kind: change, counts: week }, now);
}

/** HLTH-2: the texts of the campaigns that people unsubscribed from want a look, each until somebody had one. */
async function flagCampaigns(sql: Sql, clientId: string, campaignIds: readonly string[], now: Date): Promise<void> {
  await sql`
    UPDATE campaign SET content_flagged_at = ${now}
    WHERE id = ANY (${campaignIds}::uuid[]) AND client_id = ${clientId}::uuid AND content_flagged_at IS NULL`;
}

/** Appends to a domain's history of health. */
export async function noteHealthChange(
  sql: Sql,
  change: { clientId: string; domainId: string; kind: HealthChangeKind; counts: HealthCounts },
  now: Date,
): Promise<void> {
  const { sends, bounces, complaints, unsubscribes } = change.counts;
  await sql`
    INSERT INTO health_change (client_id, domain_id, at, kind, sends, bounces, complaints, unsubscribes)
    VALUES (${change.clientId}::uuid, ${change.domainId}::uuid, ${now}, ${change.kind}::"HealthChangeKind",
      ${sends}, ${bounces}, ${complaints}, ${unsubscribes})`;
}

/** The domains from which the mails came that an event is about, or the last mails of the people it is about. */
export async function domainsOfSubjects(
  sql: Sql,
  subjects: readonly { leadId: string; touchId: string | null }[],
): Promise<{ id: string; clientId: string }[]> {
  const touchIds = subjects.flatMap(({ touchId }) => (touchId === null ? [] : [touchId]));
  const leadIds = subjects.flatMap(({ leadId, touchId }) => (touchId === null ? [leadId] : []));
  return sql<{ id: string; clientId: string }>`
    SELECT DISTINCT m.domain_id AS id, m.client_id AS "clientId" FROM (
      SELECT t.sender_id FROM touch t WHERE t.id = ANY (${touchIds}::uuid[])
      UNION ALL
      SELECT x.sender_id FROM unnest(${leadIds}::uuid[]) AS l(id) CROSS JOIN LATERAL (
        SELECT t.sender_id FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
        WHERE e.lead_id = l.id AND t.channel = 'email' AND t.sent_at IS NOT NULL ORDER BY t.sent_at DESC LIMIT 1) AS x
    ) AS s JOIN mailbox m ON m.sender_id = s.sender_id ORDER BY 1`;
}

/** HLTH-2: a person lets a domain send again that complaints had paused. Older complaints pause it no more. */
export async function noteResumed(
  database: Database,
  of: { clientId: string; domainId: string },
  now: Date,
): Promise<void> {
  await endByPerson(database, of, 'resumed', now);
}

/** HLTH-2: a person looked at what people unsubscribed from. Older unsubscribes raise no flag any more. */
export async function noteReviewed(
  database: Database,
  of: { clientId: string; domainId: string },
  now: Date,
): Promise<void> {
  await endByPerson(database, of, 'reviewed', now);
}

async function endByPerson(
  database: Database,
  { clientId, domainId }: { clientId: string; domainId: string },
  kind: 'resumed' | 'reviewed',
  now: Date,
): Promise<void> {
  await transact(database, async (sql) => {
    const domain = await lockDomain(sql, domainId);
    if (domain?.clientId !== clientId) return;
    if (kind === 'resumed') {
      await sql`UPDATE sending_domain SET resumed_at = ${now} WHERE id = ${domainId}::uuid`;
      await sql`DELETE FROM pause WHERE domain_id = ${domainId}::uuid AND reason = 'health'`;
      await resolveAlert(sql, { clientId, resourceId: domainId, kind: alertKinds.paused }, now);
    } else {
      await sql`UPDATE sending_domain SET reviewed_at = ${now}, flagged_at = NULL WHERE id = ${domainId}::uuid`;
    }
    if (kind === 'resumed' ? !domain.isPaused : !domain.isFlagged) return;
    const counts = await readDomainWeek(sql, domainId, domain.timezone, now);
    await noteHealthChange(sql, { clientId, domainId, kind, counts }, now);
  });
}

/** The domains that belong to somebody who sends: for the hourly look. In the order of their ids. */
export async function allDomains(sql: Sql): Promise<{ id: string; clientId: string }[]> {
  return sql<{ id: string; clientId: string }>`SELECT id, client_id AS "clientId" FROM sending_domain ORDER BY id`;
}
