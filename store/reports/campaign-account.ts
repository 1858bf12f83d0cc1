import { byChannel, channelNamed, type Channel } from '../../domain/channels';
import type { Database } from '../database';
import { dateText } from '../dates';

/** What the engine says of one lead: a line of leads.jsonl. */
export interface LeadAccount {
  enrollmentId: string;
  email: string;
  timezone: string;
  timezoneSource: string;
  callTimezone: string | null;
  status: string;
  stopReason: string | null;
  stopRule: string | null;
  day0: string | null;
  touches: TouchAccount[];
}

export interface TouchAccount {
  touchId: string;
  step: number;
  channel: Channel;
  status: 'sent' | 'skipped' | 'cancelled' | 'uncertain' | 'planned';
  reason: string | null;
  rule: string | null;
  plannedFor: string | null;
  sentAt: string | null;
  /** Address, number or seat account; null when nothing was booked. */
  resource: string | null;
}

/** The engine's own account of every lead of a campaign, in the order of import (TRUTH-3). */
export async function readLeadAccounts(database: Database, campaignId: string): Promise<LeadAccount[]> {
  const names = await resourceNames(database);
  const enrollments = await database.enrollment.findMany({
    where: { campaignId },
    include: { lead: true, touches: { orderBy: { step: 'asc' } } },
    orderBy: { position: 'asc' },
  });
  return enrollments.map(({ lead, touches, ...enrollment }) => ({
    enrollmentId: enrollment.id,
    email: lead.email,
    timezone: lead.timezone,
    timezoneSource: lead.timezoneSource,
    callTimezone: lead.callTimezone,
    status: enrollment.status,
    stopReason: enrollment.stopReason,
    stopRule: enrollment.stopRule,
    day0: dateText(enrollment.day0),
    touches: touches.map((touch) => ({
      touchId: touch.id,
      step: touch.step,
      channel: channelNamed(touch.channel),
      status: publicStatus(touch.status),
      reason: touch.reason,
      rule: touch.rule,
      plannedFor: touch.plannedFor?.toISOString() ?? null,
      sentAt: touch.sentAt?.toISOString() ?? null,
      resource: touch.senderId === null ? null : (names.get(touch.senderId) ?? null),
    })),
  }));
}

/** A touch that the provider refused for good was not sent; one that is being sent may have been. */
function publicStatus(status: string): TouchAccount['status'] {
  if (status === 'failed') return 'skipped';
  if (status === 'sending') return 'uncertain';
  return status as TouchAccount['status'];
}

/** What people call the sending resources: domain name, address, number, seat account; and the client's name. */
export async function resourceNames(database: Database): Promise<Map<string, string>> {
  const named = [
    ...(await database.client.findMany()).map((row) => [row.id, row.name] as const),
    ...(await database.sendingDomain.findMany()).map((row) => [row.id, row.name] as const),
    ...(await database.sender.findMany()).map((row) => [row.id, row.address] as const),
  ];
  return new Map(named);
}

export interface CapacityUse {
  kind: string;
  resource: string;
  day: string;
  limit: number;
  consumed: number;
  booked: number;
}

/** Capacity used of capacity allowed, by resource and client-local day. */
export async function readCapacityUse(database: Database, clientId: string): Promise<CapacityUse[]> {
  const names = await resourceNames(database);
  const rows = await database.capacityCounter.findMany({
    where: { clientId, OR: [{ consumed: { gt: 0 } }, { booked: { gt: 0 } }] },
    orderBy: [{ startsOn: 'asc' }, { counter: 'asc' }, { resourceId: 'asc' }],
  });
  return rows.map(({ counter, resourceId, startsOn, limit, consumed, booked }) => ({
    kind: counter,
    resource: names.get(resourceId) ?? resourceId,
    day: dateText(startsOn),
    limit,
    consumed,
    booked,
  }));
}

/** What happened on one client-local day. */
export interface DayOfCampaign {
  admitted: number;
  sent: Record<Channel, number>;
  replies: number;
  holds: number;
  bounces: number;
  optOuts: number;
  /** As it stands now, not on that day. */
  waiting: number;
  active: number;
  finished: number;
}

interface DayRow extends Omit<DayOfCampaign, 'sent'> {
  sent: Record<string, number>;
}

/** Counts what happened between two instants. */
export async function readDay(database: Database, campaignId: string, from: Date, to: Date): Promise<DayOfCampaign> {
  const [row] = await database.sql<DayRow>`
    WITH e AS (SELECT * FROM enrollment WHERE campaign_id = ${campaignId}::uuid),
      t AS (SELECT channel, count(*) AS sent FROM touch WHERE campaign_id = ${campaignId}::uuid
              AND sent_at >= ${from}::timestamptz AND sent_at < ${to}::timestamptz GROUP BY channel),
      s AS (SELECT x.what, x.reason FROM timeline_entry x JOIN e ON e.id = x.enrollment_id
            WHERE x.at >= ${from}::timestamptz AND x.at < ${to}::timestamptz AND x.what IN ('stopped', 'held', 'bounced'))
    SELECT (SELECT count(*) FROM e WHERE admitted_at >= ${from}::timestamptz AND admitted_at < ${to}::timestamptz)
        AS admitted,
      (SELECT coalesce(json_object_agg(channel, sent), '{}') FROM t) AS sent,
      (SELECT count(*) FROM s WHERE what = 'stopped' AND reason = 'reply') AS replies,
      (SELECT count(*) FROM s WHERE what = 'held') AS holds, (SELECT count(*) FROM s WHERE what = 'bounced') AS bounces,
      (SELECT count(*) FROM s WHERE reason IN ('unsubscribe', 'complaint', 'smsStop')) AS "optOuts",
      (SELECT count(*) FROM e WHERE status = 'waiting') AS waiting, (SELECT count(*) FROM e WHERE status = 'active') AS active,
      (SELECT count(*) FROM e WHERE status IN ('completed', 'stopped')) AS finished`;
  if (row === undefined) throw new Error('the day was not counted');
  return { ...row, sent: byChannel((channel) => row.sent[channel] ?? 0) };
}

/** Leads that are not finished yet. */
export async function countUnfinished(database: Database, campaignId: string): Promise<number> {
  return database.enrollment.count({ where: { campaignId, status: { in: ['waiting', 'active'] } } });
}
