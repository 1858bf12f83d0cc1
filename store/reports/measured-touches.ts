import { channelNamed } from '../../domain/channels';
import type { MeasuredEvent, MeasuredTouch } from '../../domain/metrics';
import { warmUpDay } from '../../domain/warm-up';
import type { Database } from '../database';

/** The touches of a campaign that left, with the events that belong to them (MET). */
export async function readMeasuredTouches(database: Database, campaignId: string): Promise<MeasuredTouch[]> {
  const touches = await database.touch.findMany({
    where: { campaignId, status: { in: ['sent', 'uncertain'] }, sentAt: { not: null } },
    include: { enrollment: { select: { lead: { select: { id: true, timezone: true } } } } },
    orderBy: { sentAt: 'asc' },
  });
  const events = await eventsByTouch(database, campaignId);
  const warmUpDays = await warmUpDaysByTouch(database, campaignId);
  return touches.flatMap(({ id, step, channel, sentAt, enrollment: { lead } }) =>
    sentAt === null
      ? []
      : [
          {
            leadId: lead.id,
            step,
            channel: channelNamed(channel),
            sentAt,
            timezone: lead.timezone,
            warmUpDay: warmUpDays.get(id) ?? null,
            events: events.get(id) ?? [],
          },
        ],
  );
}

/** An event without a touch of its own belongs to the last touch before it. */
async function eventsByTouch(database: Database, campaignId: string): Promise<Map<string, MeasuredEvent[]>> {
  const rows = await database.sql<{ touchId: string; kind: string }>`
    SELECT t.id AS "touchId",
      CASE WHEN v.kind = 'opened' AND v.payload -> 'facts' ->> 'automatic' = 'true' THEN 'openedAutomatically'
           ELSE v.kind END AS kind
    FROM inbound_event v JOIN event_subject s ON s.event_id = v.id
    JOIN LATERAL (
      SELECT x.id FROM touch x JOIN enrollment e ON e.id = x.enrollment_id
      WHERE x.campaign_id = ${campaignId}::uuid AND e.lead_id = s.lead_id
        AND (x.id = s.touch_id OR (s.touch_id IS NULL AND x.sent_at <= v.received_at))
      ORDER BY x.sent_at DESC LIMIT 1
    ) t ON true
    WHERE v.kind IN ('opened', 'hardBounce', 'softBounce', 'reply', 'unsubscribe', 'complaint', 'smsStop')`;
  const byTouch = new Map<string, MeasuredEvent[]>();
  for (const { touchId, kind } of rows) byTouch.set(touchId, [...(byTouch.get(touchId) ?? []), kind as MeasuredEvent]);
  return byTouch;
}

async function warmUpDaysByTouch(database: Database, campaignId: string): Promise<Map<string, number>> {
  const rows = await database.sql<{ touchId: string; day: string; startedAt: string }>`
    SELECT h.touch_id AS "touchId", h.starts_on AS day, d.warmup_started_at AS "startedAt"
    FROM capacity_hold h JOIN touch t ON t.id = h.touch_id JOIN sending_domain d ON d.id = h.resource_id
    WHERE h.counter = 'domain' AND t.campaign_id = ${campaignId}::uuid`;
  return new Map(rows.map((row) => [row.touchId, warmUpDay(row.startedAt, row.day)]));
}
