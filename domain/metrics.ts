import { DateTime } from 'luxon';
import { channels, type Channel } from './channels';

/** A touch that left, with what came back for it. */
export interface MeasuredTouch {
  leadId: string;
  step: number;
  channel: Channel;
  sentAt: Date;
  /** The recipient's. */
  timezone: string;
  /** WARM day of the domain on the day of sending; null for other channels. */
  warmUpDay: number | null;
  /** Kinds of the events that belong to this touch. */
  events: readonly MeasuredEvent[];
}

export type MeasuredEvent =
  'opened' | 'openedAutomatically' | 'hardBounce' | 'softBounce' | 'reply' | 'unsubscribe' | 'complaint' | 'smsStop';

/** A share with its parts; `rate` is null where nothing was counted (HLTH-4: never a zero that was not measured). */
export interface Rate {
  of: number;
  count: number;
  rate: number | null;
}

export interface Metrics {
  /** MET-1: by recipient-local quarter-hour of sending, "09:15". */
  openRateBySendTime: (Rate & { sendTime: string; openedAutomatically: number })[];
  /** MET-2: leads whose reply followed this step, of the leads touched at it. */
  replyRateByStep: (Rate & { step: number })[];
  /** MET-3 */
  bounceRateByWarmUpDay: (Rate & { day: number })[];
  /** MET-4; `positive` is null as long as replies are not classified. */
  channelEffectiveness: {
    channel: Channel;
    sent: number;
    delivered: number;
    replied: number;
    positive: number | null;
    stopped: number;
    shareOfReplies: number | null;
  }[];
}

/** The tables of MET from the touches of a campaign or a client. */
export function measure(touches: readonly MeasuredTouch[]): Metrics {
  return {
    openRateBySendTime: openRateBySendTime(touches.filter((touch) => touch.channel === 'email' && isDelivered(touch))),
    replyRateByStep: groups(touches, (touch) => touch.step).map(([step, group]) => ({
      step,
      ...rateOf(leadsOf(group.filter((touch) => has(touch, 'reply'))), leadsOf(group)),
    })),
    bounceRateByWarmUpDay: groups(
      touches.filter((touch) => touch.warmUpDay !== null),
      (touch) => touch.warmUpDay ?? 0,
    ).map(([day, group]) => ({ day, ...rateOf(group.filter((touch) => !isDelivered(touch)).length, group.length) })),
    channelEffectiveness: channelEffectiveness(touches),
  };
}

function openRateBySendTime(delivered: readonly MeasuredTouch[]): Metrics['openRateBySendTime'] {
  return groups(delivered, quarterHour).map(([sendTime, group]) => ({
    sendTime,
    ...rateOf(group.filter((touch) => has(touch, 'opened')).length, group.length),
    openedAutomatically: group.filter((touch) => has(touch, 'openedAutomatically') && !has(touch, 'opened')).length,
  }));
}

function channelEffectiveness(touches: readonly MeasuredTouch[]): Metrics['channelEffectiveness'] {
  const replies = touches.filter((touch) => has(touch, 'reply')).length;
  return channels.map((channel) => {
    const sent = touches.filter((touch) => touch.channel === channel);
    const replied = sent.filter((touch) => has(touch, 'reply')).length;
    return {
      channel,
      sent: sent.length,
      delivered: sent.filter(isDelivered).length,
      replied,
      positive: null,
      stopped: sent.filter((touch) => has(touch, 'unsubscribe', 'complaint', 'smsStop')).length,
      shareOfReplies: rateOf(replied, replies).rate,
    };
  });
}

const has = (touch: MeasuredTouch, ...kinds: MeasuredEvent[]): boolean =>
  touch.events.some((event) => kinds.includes(event));
const isDelivered = (touch: MeasuredTouch): boolean => !has(touch, 'hardBounce', 'softBounce');
const leadsOf = (touches: readonly MeasuredTouch[]): number => new Set(touches.map((touch) => touch.leadId)).size;

function rateOf(count: number, of: number): Rate {
  return { of, count, rate: of === 0 ? null : Math.round((count / of) * 10_000) / 10_000 };
}

/** "09:15" for 09:22 on the recipient's wall. */
function quarterHour(touch: MeasuredTouch): string {
  const local = DateTime.fromJSDate(touch.sentAt, { zone: touch.timezone });
  return local.set({ minute: Math.floor(local.minute / 15) * 15 }).toFormat('HH:mm');
}

/** Groups in the order of their keys. */
function groups<K extends string | number>(
  touches: readonly MeasuredTouch[],
  keyOf: (touch: MeasuredTouch) => K,
): [K, MeasuredTouch[]][] {
  const byKey = new Map<K, MeasuredTouch[]>();
  for (const touch of touches) byKey.set(keyOf(touch), [...(byKey.get(keyOf(touch)) ?? []), touch]);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
}
