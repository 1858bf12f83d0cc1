import { channels, type Channel } from '../channels';
import type { Counts } from './measured-touch';
import { rateOf, type Rate } from './proportions';

/** What touches are told apart by: one word for each table. */
export type Breakdown = 'sendTime' | 'step' | 'warmUpDay' | 'channel';

/** The counts of all touches that have one key in one breakdown: "09:15", "3", "12", "email". */
export interface CountRow extends Counts {
  breakdown: Breakdown;
  key: string;
}

/** MET-1: by recipient-local quarter-hour of sending, "09:15"; `of` is delivered e-mails whose opens are measured. */
export type SendTimeRow = Rate & { sendTime: string; openedAutomatically: number; notMeasured: number };
/** MET-2: leads whose reply followed this step, of the leads touched at it. */
export type StepRow = Rate & { step: number };
/** MET-3 */
export type WarmUpDayRow = Rate & { day: number };
/** MET-4; `positive` is null as long as replies are not classified. */
export interface ChannelRow {
  channel: Channel;
  sent: number;
  delivered: number;
  replied: number;
  positive: number | null;
  stopped: number;
  shareOfReplies: number | null;
  /** Replied, of sent. */
  replyRate: Rate;
}

export interface Tables {
  openRateBySendTime: SendTimeRow[];
  replyRateByStep: StepRow[];
  bounceRateByWarmUpDay: WarmUpDayRow[];
  channelEffectiveness: ChannelRow[];
}

export type TableName = keyof Tables;
export const tableNames = [
  'openRateBySendTime',
  'replyRateByStep',
  'bounceRateByWarmUpDay',
  'channelEffectiveness',
] as const satisfies readonly TableName[];

/** @param counts each key once, in any order; keys that are not there counted nothing */
export function tablesOf(counts: readonly CountRow[]): Tables {
  const of = (breakdown: Breakdown): CountRow[] => counts.filter((row) => row.breakdown === breakdown);
  return {
    openRateBySendTime: sendTimes(of('sendTime')),
    replyRateByStep: of('step')
      .map(({ key, replied, sent }) => ({ step: Number(key), ...rateOf(replied, sent) }))
      .sort((a, b) => a.step - b.step),
    bounceRateByWarmUpDay: of('warmUpDay')
      .map(({ key, bounced, sent }) => ({ day: Number(key), ...rateOf(bounced, sent) }))
      .sort((a, b) => a.day - b.day),
    channelEffectiveness: channelRows(of('channel')),
  };
}

function sendTimes(rows: readonly CountRow[]): SendTimeRow[] {
  return rows
    .filter(({ sent, bounced }) => sent > bounced)
    .map(({ key, sent, bounced, opened, opensMeasured, openedAutomatically }) => ({
      sendTime: key,
      ...rateOf(opened, opensMeasured),
      openedAutomatically,
      notMeasured: sent - bounced - opensMeasured,
    }))
    .sort((a, b) => (a.sendTime < b.sendTime ? -1 : 1));
}

function channelRows(rows: readonly CountRow[]): ChannelRow[] {
  const replies = rows.reduce((sum, row) => sum + row.replied, 0);
  return channels.map((channel) => {
    const row = rows.find(({ key }) => key === channel);
    const { sent, bounced, replied, stopped } = row ?? { sent: 0, bounced: 0, replied: 0, stopped: 0 };
    return {
      channel,
      sent,
      delivered: sent - bounced,
      replied,
      positive: null,
      stopped,
      shareOfReplies: rateOf(replied, replies).rate,
      replyRate: rateOf(replied, sent),
    };
  });
}
