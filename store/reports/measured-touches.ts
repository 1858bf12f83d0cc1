import type { MeasuredEvent, MeasuredTouch } from '../../domain/metrics';
import { warmUpDay } from '../../domain/warm-up';
import type { Database } from '../database';
import { dateText } from '../dates';

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
            ...{ leadId: lead.id, step, channel, sentAt, timezone: lead.timezone },
            ...{ warmUpDay: warmUpDays.get(id) ?? null, events: events.get(id) ?? [] },
          },
        ],
  );
}

/** An event without a touch of its own belongs to the last touch before it. */
async function eventsByTouch(database: Database, campaignId: string): Promise<Map<string, MeasuredEvent[]>> {
  const rows = await database.$queryRaw<{ touchId: string; kind: string }[]>`
    SELECT t.id AS "touchId",
      CASE WHEN v.kind = 'opened' AND v.payload -> 'facts' ->> 'automatic' = 'true' THEN 'openedAutomatically'
           ELSE v.kind END AS kind
    FROM inbound_event v
    JOIN LATERAL (
      SELECT x.id FROM touch x JOIN enrollment e ON e.id = x.enrollment_id
      WHERE x.campaign_id = ${campaignId}::uuid
        AND (x.id = v.touch_id OR (v.touch_id IS NULL AND e.lead_id = v.lead_id AND x.sent_at <= v.received_at))
      ORDER BY x.sent_at DESC LIMIT 1
    ) t ON true
    WHERE v.kind IN ('opened', 'hardBounce', 'softBounce', 'reply', 'unsubscribe', 'complaint', 'smsStop')`;
  const byTouch = new Map<string, MeasuredEvent[]>();
  for (const { touchId, kind } of rows) byTouch.set(touchId, [...(byTouch.get(touchId) ?? []), kind as MeasuredEvent]);
  return byTouch;
}

async function warmUpDaysByTouch(database: Database, campaignId: string): Promise<Map<string, number>> {
  const rows = await database.$queryRaw<{ touchId: string; day: Date; startedAt: Date }[]>`
    SELECT h.touch_id AS "touchId", h.day, d.warmup_started_at AS "startedAt"
    FROM capacity_hold h JOIN touch t ON t.id = h.touch_id JOIN sending_domain d ON d.id = h.resource_id
    WHERE h.kind = 'domain' AND t.campaign_id = ${campaignId}::uuid`;
  return new Map(rows.map((row) => [row.touchId, warmUpDay(dateText(row.startedAt), dateText(row.day))]));
}
