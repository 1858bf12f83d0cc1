import { channelNamed, type Channel } from '../../domain/channels';
import type { Database } from '../database';
import { dateText } from '../dates';
import { resourceNames } from './capacity-use';

/** What the engine says of one lead: a line of leads.jsonl. */
export interface LeadTimeline {
  enrollmentId: string;
  /** The campaign's name. */
  campaign: string;
  email: string;
  timezone: string;
  timezoneSource: string;
  callTimezone: string | null;
  status: string;
  stopReason: string | null;
  stopRule: string | null;
  day0: string | null;
  admittedAt: string | null;
  touches: TouchSummary[];
}

export interface TouchSummary {
  touchId: string;
  step: number;
  channel: Channel;
  /** By LinkedIn: invitation or message. null: the channel has one form, or nothing was booked. */
  form: string | null;
  status: 'sent' | 'skipped' | 'cancelled' | 'uncertain' | 'planned';
  reason: string | null;
  rule: string | null;
  /** Its slot; of one that has none any more, the first it had. */
  plannedFor: string | null;
  sentAt: string | null;
  /** Address, number or seat account; null when nothing was booked. */
  resource: string | null;
}

/** The engine's own account of every lead of a client's campaigns, in the order of import (TRUTH-3). */
export async function readLeadTimelines(database: Database, clientId: string): Promise<LeadTimeline[]> {
  const names = await resourceNames(database);
  const enrollments = await database.enrollment.findMany({
    where: { clientId },
    include: { lead: true, campaign: { select: { name: true } }, touches: { orderBy: { step: 'asc' } } },
    orderBy: [{ campaign: { createdAt: 'asc' } }, { position: 'asc' }],
  });
  return enrollments.map(({ lead, touches, campaign, ...enrollment }) => ({
    enrollmentId: enrollment.id,
    campaign: campaign.name,
    email: lead.email,
    timezone: lead.timezone,
    timezoneSource: lead.timezoneSource,
    callTimezone: lead.callTimezone,
    status: enrollment.status,
    stopReason: enrollment.stopReason,
    stopRule: enrollment.stopRule,
    day0: dateText(enrollment.day0),
    admittedAt: enrollment.admittedAt?.toISOString() ?? null,
    touches: touches.map((touch) => ({
      touchId: touch.id,
      step: touch.step,
      channel: channelNamed(touch.channel),
      form: touch.form,
      status: publicStatus(touch.status),
      reason: touch.reason,
      rule: touch.rule,
      plannedFor: (touch.slotAt ?? touch.plannedFor)?.toISOString() ?? null,
      sentAt: touch.sentAt?.toISOString() ?? null,
      resource: touch.senderId === null ? null : (names.get(touch.senderId) ?? null),
    })),
  }));
}

/** A touch that the provider refused for good was not sent; one that is being sent may have been. */
function publicStatus(status: string): TouchSummary['status'] {
  if (status === 'failed') return 'skipped';
  if (status === 'sending') return 'uncertain';
  return status as TouchSummary['status'];
}
