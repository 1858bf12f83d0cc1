import type { Channel } from '../../domain/sequence';
import type { Database } from '../database';
import { dateText } from '../dates';

/** What the engine says of one lead: a line of leads.jsonl. */
export interface LeadAccount {
  enrollmentId: string;
  email: string;
  timezone: string;
  timezoneSource: string;
  callTimezone: string;
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
      channel: touch.channel,
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
    ...(await database.mailbox.findMany()).map((row) => [row.id, row.address] as const),
    ...(await database.phoneNumber.findMany()).map((row) => [row.id, row.number] as const),
    ...(await database.linkedInSeat.findMany()).map((row) => [row.id, row.accountId] as const),
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
  const rows = await database.capacityDay.findMany({
    where: { clientId, OR: [{ consumed: { gt: 0 } }, { booked: { gt: 0 } }] },
    orderBy: [{ day: 'asc' }, { kind: 'asc' }, { resourceId: 'asc' }],
  });
  return rows.map(({ kind, resourceId, day, limit, consumed, booked }) => ({
    ...{ kind, resource: names.get(resourceId) ?? resourceId, day: dateText(day), limit, consumed, booked },
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

/** Counts what happened between two instants. */
export async function readDay(database: Database, campaignId: string, from: Date, to: Date): Promise<DayOfCampaign> {
  const [row] = await database.$queryRaw<Record<string, bigint>[]>`
    WITH e AS (SELECT * FROM enrollment WHERE campaign_id = ${campaignId}::uuid),
      t AS (SELECT * FROM touch WHERE campaign_id = ${campaignId}::uuid AND sent_at >= ${from} AND sent_at < ${to}),
      s AS (SELECT x.what, x.reason FROM timeline_entry x JOIN e ON e.id = x.enrollment_id
            WHERE x.at >= ${from} AND x.at < ${to} AND x.what IN ('stopped', 'held', 'bounced'))
    SELECT (SELECT count(*) FROM e WHERE admitted_at >= ${from} AND admitted_at < ${to}) AS admitted,
      (SELECT count(*) FROM t WHERE channel = 'email') AS email, (SELECT count(*) FROM t WHERE channel = 'voice') AS voice,
      (SELECT count(*) FROM t WHERE channel = 'linkedin') AS linkedin, (SELECT count(*) FROM t WHERE channel = 'sms') AS sms,
      (SELECT count(*) FROM s WHERE what = 'stopped' AND reason = 'reply') AS replies,
      (SELECT count(*) FROM s WHERE what = 'held') AS holds, (SELECT count(*) FROM s WHERE what = 'bounced') AS bounces,
      (SELECT count(*) FROM s WHERE reason IN ('unsubscribe', 'complaint', 'smsStop')) AS "optOuts",
      (SELECT count(*) FROM e WHERE status = 'waiting') AS waiting, (SELECT count(*) FROM e WHERE status = 'active') AS active,
      (SELECT count(*) FROM e WHERE status IN ('completed', 'stopped')) AS finished`;
  const n = (name: string): number => Number(row?.[name] ?? 0);
  return {
    ...{ admitted: n('admitted'), replies: n('replies'), holds: n('holds'), bounces: n('bounces') },
    ...{ optOuts: n('optOuts'), waiting: n('waiting'), active: n('active'), finished: n('finished') },
    sent: { email: n('email'), voice: n('voice'), linkedin: n('linkedin'), sms: n('sms') },
  };
}

/** Leads that are not finished yet. */
export async function countUnfinished(database: Database, campaignId: string): Promise<number> {
  return database.enrollment.count({ where: { campaignId, status: { in: ['waiting', 'active'] } } });
}
