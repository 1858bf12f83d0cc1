import { warmUpStages } from '../warm-up';
import { compare, type ComparedGroup, type Verdict } from './comparison';
import type { ChannelRow, SendTimeRow, StepRow, TableName, Tables, WarmUpDayRow } from './tables';

/** What each of the four tables says. */
export function verdictsOn(tables: Tables): Record<TableName, Verdict> {
  return {
    openRateBySendTime: compare(halfHours(tables.openRateBySendTime), {
      beats: 'opens better than',
      unit: 'e-mails',
      groups: 'send times',
      effect: 0.1,
      nothing: 'not measured: nobody has told of an open yet',
    }),
    replyRateByStep: compare(steps(tables.replyRateByStep), {
      beats: 'gets more replies than',
      unit: 'leads',
      groups: 'steps',
      effect: 0.03,
      nothing: 'not measured: nothing was sent',
    }),
    bounceRateByWarmUpDay: compare(stages(tables.bounceRateByWarmUpDay), {
      beats: 'bounce more than',
      unit: 'e-mails',
      groups: 'stages of the warm-up',
      effect: 0.03,
      nothing: 'not measured: no e-mail was sent',
    }),
    channelEffectiveness: compare(groupsByChannel(tables.channelEffectiveness), {
      beats: 'gets more replies than',
      unit: 'touches',
      groups: 'channels',
      effect: 0.03,
      nothing: 'not measured: nothing was sent',
    }),
  };
}

/** A quarter-hour holds too few mails to say much. */
export function halfHours(rows: readonly SendTimeRow[]): ComparedGroup[] {
  return summed(rows, ({ sendTime }) => {
    const [hour = 0, minute = 0] = sendTime.split(':').map(Number);
    return minute < 30 ? `${hour}:00–${hour}:30` : `${hour}:30–${hour + 1}:00`;
  });
}

export const steps = (rows: readonly StepRow[]): ComparedGroup[] => summed(rows, ({ step }) => `step ${step}`);

/** Days of one stage of WARM together: they have one limit. */
export function stages(rows: readonly WarmUpDayRow[]): ComparedGroup[] {
  return summed(rows, ({ day }) => {
    const at = warmUpStages.findLastIndex((stage) => day >= stage.fromDay);
    const [from, next] = [warmUpStages[at], warmUpStages[at + 1]];
    if (from === undefined) return 'days before the warm-up';
    return next === undefined ? `days from ${from.fromDay} on` : `days ${from.fromDay}–${next.fromDay - 1}`;
  });
}

export const groupsByChannel = (rows: readonly ChannelRow[]): ComparedGroup[] =>
  rows.map(({ channel, replyRate: { count, of } }) => ({ label: channel, count, of }));

/** Rows with one label as one group, in the order in which the labels appear. */
function summed<Row extends { count: number; of: number }>(
  rows: readonly Row[],
  labelOf: (row: Row) => string,
): ComparedGroup[] {
  const groups = new Map<string, ComparedGroup>();
  for (const row of rows) {
    const group = groups.get(labelOf(row)) ?? { label: labelOf(row), count: 0, of: 0 };
    groups.set(group.label, { label: group.label, count: group.count + row.count, of: group.of + row.of });
  }
  return [...groups.values()];
}
