import { IANAZone } from 'luxon';
import type { LocalDate } from '../calendar/local-date';
import type { Channel } from '../channels';
import { warmUpDay } from '../warm-up';

/** Kinds of events that MET counts. */
export const measuredKinds = [
  'opened',
  'openedAutomatically',
  'hardBounce',
  'softBounce',
  'blocked',
  'reply',
  'unsubscribe',
  'complaint',
  'smsStop',
] as const;
export type MeasuredKind = (typeof measuredKinds)[number];

/** A touch that left. */
export interface TouchOfLead {
  touchId: string;
  campaignId: string;
  /** Of its mailbox; null for other channels, like the two that follow. */
  domainId: string | null;
  warmupStartedAt: LocalDate | null;
  /** Has anybody ever told of an open of this domain's mails? */
  opensAreTold: boolean;
  step: number;
  channel: Channel;
  sentAt: Date;
  admittedAt: Date;
}

export interface EventOfLead {
  kind: MeasuredKind;
  /** null: the event names a person only. */
  touchId: string | null;
  occurredAt: Date;
  receivedAt: Date;
}

/** Everything that MET wants to know of one lead, in all its campaigns. */
export interface LeadHistory {
  leadId: string;
  /** The recipient's. */
  timezone: string;
  clientTimezone: string;
  /** Any order. */
  touches: readonly TouchOfLead[];
  events: readonly EventOfLead[];
}

/** What touches came to. The counts of one touch are 0 or 1; those of many are their sums. */
export interface Counts {
  sent: number;
  /** Hard or soft. Whatever did not bounce was delivered. */
  bounced: number;
  /** Delivered e-mails whose opens somebody tells of (HLTH-4). */
  opensMeasured: number;
  opened: number;
  /** Opened by a machine, and by nobody else. */
  openedAutomatically: number;
  replied: number;
  /** The person opted out or complained. */
  stopped: number;
}

/** Where a touch belongs in the tables of MET, and what it adds to them. */
export interface MeasuredTouch extends Counts {
  touchId: string;
  leadId: string;
  campaignId: string;
  domainId: string | null;
  step: number;
  channel: Channel;
  /** Client-local date. */
  sentOn: LocalDate;
  /** Client-local date: the cohort. */
  admittedOn: LocalDate;
  /** MET-1: recipient-local quarter-hour, "09:15"; null for other channels than e-mail. */
  sendTime: string | null;
  /** MET-3: null for other channels than e-mail. */
  warmUpDay: number | null;
  /** The lead was touched at this step more than once, in several campaigns: MET-2 counts leads, not touches. */
  isRepeat: boolean;
}

/** The definitions of MET, for one lead at a time: an event without a touch is about one of them all. */
export function measureLead(history: LeadHistory): MeasuredTouch[] {
  const touches = [...history.touches].sort((a, b) => a.sentAt.getTime() - b.sentAt.getTime() || a.step - b.step);
  const kinds = new Map<string, Set<MeasuredKind>>(touches.map(({ touchId }) => [touchId, new Set()]));
  for (const event of history.events) kinds.get(event.touchId ?? touchBefore(touches, event) ?? '')?.add(event.kind);
  return touches.map((touch) => {
    const { date: sentOn } = wallClock(touch.sentAt, history.clientTimezone);
    const { touchId, campaignId, domainId, step, channel, warmupStartedAt } = touch;
    return {
      touchId,
      leadId: history.leadId,
      campaignId,
      domainId,
      step,
      channel,
      sentOn,
      admittedOn: wallClock(touch.admittedAt, history.clientTimezone).date,
      sendTime: channel === 'email' ? wallClock(touch.sentAt, history.timezone).quarterHour : null,
      warmUpDay: warmupStartedAt === null ? null : warmUpDay(warmupStartedAt, sentOn),
      isRepeat: touches.some((other) => other !== touch && other.step === step),
      ...countsOf(touch, kinds.get(touchId) ?? new Set()),
    };
  });
}

/**
 * An event that names no touch belongs to the last one before it happened; where clocks disagree so much that there is
 * none, to the last one before we heard of it.
 */
function touchBefore(touches: readonly TouchOfLead[], event: EventOfLead): string | null {
  const last = (by: Date): TouchOfLead | undefined => touches.findLast(({ sentAt }) => sentAt <= by);
  return (last(event.occurredAt) ?? last(event.receivedAt))?.touchId ?? null;
}

function countsOf(touch: TouchOfLead, kinds: ReadonlySet<MeasuredKind>): Counts {
  const has = (...wanted: MeasuredKind[]): boolean => wanted.some((kind) => kinds.has(kind));
  const bounced = has('hardBounce', 'softBounce', 'blocked');
  const opensMeasured = touch.channel === 'email' && touch.opensAreTold && !bounced;
  return {
    sent: 1,
    bounced: Number(bounced),
    opensMeasured: Number(opensMeasured),
    opened: Number(opensMeasured && has('opened')),
    openedAutomatically: Number(opensMeasured && has('openedAutomatically') && !has('opened')),
    replied: Number(has('reply')),
    stopped: Number(has('unsubscribe', 'complaint', 'smsStop')),
  };
}

/** The date and the quarter-hour on the wall: "2026-03-02" and "09:15" for 09:22. Every touch of a year is asked. */
function wallClock(at: Date, zone: string): { date: LocalDate; quarterHour: string } {
  const offset = IANAZone.create(zone).offset(at.getTime());
  if (Number.isNaN(offset)) throw new RangeError(`not an IANA zone: ${zone}`);
  const quarter = 15 * 60_000;
  const text = new Date(Math.floor((at.getTime() + offset * 60_000) / quarter) * quarter).toISOString();
  return { date: text.slice(0, 10), quarterHour: text.slice(11, 16) };
}
