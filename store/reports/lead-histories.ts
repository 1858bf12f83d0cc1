import { channelNamed } from '../../domain/channels';
import {
  measuredKinds,
  type EventOfLead,
  type LeadHistory,
  type TouchOfLead,
} from '../../domain/metrics/measured-touch';
import type { Sql } from '../sql';

type Ofwhom = { leadId: string };

/** The facts that MET is counted from, by lead: every touch that left, and every event that is counted. */
export async function readLeadHistories(
  sql: Sql,
  clientTimezone: string,
  leadIds: readonly string[],
): Promise<LeadHistory[]> {
  const touches = await sql<TouchOfLead & Ofwhom & { timezone: string }>`
    SELECT e.lead_id AS "leadId", l.timezone, t.id AS "touchId", t.campaign_id AS "campaignId", m.domain_id AS "domainId",
      d.warmup_started_at AS "warmupStartedAt", o.domain_id IS NOT NULL AS "opensAreTold", t.step, t.channel,
      t.sent_at AS "sentAt", coalesce(e.admitted_at, e.created_at) AS "admittedAt"
    FROM enrollment e JOIN lead l ON l.id = e.lead_id JOIN touch t ON t.enrollment_id = e.id
    LEFT JOIN mailbox m ON m.sender_id = t.sender_id LEFT JOIN sending_domain d ON d.id = m.domain_id
    LEFT JOIN opens_source o ON o.domain_id = d.id
    WHERE e.lead_id = ANY (${leadIds}::uuid[]) AND t.sent_at IS NOT NULL`;
  const events = await sql<EventOfLead & Ofwhom>`
    SELECT s.lead_id AS "leadId", s.touch_id AS "touchId", v.occurred_at AS "occurredAt", v.received_at AS "receivedAt",
      CASE WHEN v.kind = 'opened' AND v.payload -> 'facts' ->> 'automatic' = 'true' THEN 'openedAutomatically'
           ELSE v.kind END AS kind
    FROM event_subject s JOIN inbound_event v ON v.id = s.event_id
    WHERE s.lead_id = ANY (${leadIds}::uuid[]) AND v.kind = ANY (${measuredKinds}::text[])`;
  const touchesOf = grouped(touches);
  const eventsOf = grouped(events);
  return [...touchesOf].map(([leadId, own]) => ({
    leadId,
    timezone: own[0]?.timezone ?? clientTimezone,
    clientTimezone,
    touches: own.map((touch) => ({ ...touch, channel: channelNamed(touch.channel) })),
    events: eventsOf.get(leadId) ?? [],
  }));
}

function grouped<Row extends Ofwhom>(rows: readonly Row[]): Map<string, Row[]> {
  const byLead = new Map<string, Row[]>();
  for (const row of rows) {
    const own = byLead.get(row.leadId);
    if (own === undefined) byLead.set(row.leadId, [row]);
    else own.push(row);
  }
  return byLead;
}
