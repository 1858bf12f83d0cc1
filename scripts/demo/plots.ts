import color from 'picocolors';
import type { ComparedGroup, Verdict } from '../../domain/metrics/comparison';
import type { Metrics } from '../../domain/metrics/metrics';
import { rateOf, type Rate } from '../../domain/metrics/proportions';
import type { TableName } from '../../domain/metrics/tables';
import { groupsByChannel, stages, steps } from '../../domain/metrics/verdicts';

/** Characters for the highest rate that may be true. */
const width = 30;

interface Plot {
  title: string;
  table: TableName;
  groups: ComparedGroup[];
  /** Beside each bar. */
  note?: (index: number) => string;
}

/** The four tables of MET as bars, each with its verdict. */
export function printMetrics(metrics: Metrics): void {
  console.log(metricsText(metrics));
}

export function metricsText(metrics: Metrics): string {
  const times = metrics.openRateBySendTime;
  const plots: Plot[] = [
    {
      title: 'Open rate by send time, recipient’s clock (MET-1)',
      table: 'openRateBySendTime',
      groups: times.map(({ sendTime, count, of }) => ({ label: sendTime, count, of })),
      note: (index) => openNote(times[index]),
    },
    { title: 'Reply rate by step (MET-2)', table: 'replyRateByStep', groups: steps(metrics.replyRateByStep) },
    {
      title: 'Bounce rate by day of the warm-up (MET-3)',
      table: 'bounceRateByWarmUpDay',
      groups: stages(metrics.bounceRateByWarmUpDay),
    },
    {
      title: 'Reply rate by channel (MET-4)',
      table: 'channelEffectiveness',
      groups: groupsByChannel(metrics.channelEffectiveness),
      note: (index) => shareNote(metrics.channelEffectiveness[index]?.shareOfReplies ?? null),
    },
  ];
  const legend = color.dim('█ the rate   ░ as far as the true rate may reach, 95 % sure');
  return [...plots.map((plot) => plotText(plot, metrics.verdicts[plot.table])), '', legend].join('\n');
}

function plotText({ title, groups, note }: Plot, verdict: Verdict): string {
  const rates = groups.map((group) => rateOf(group.count, group.of));
  const top = Math.max(...rates.map(({ interval }) => interval?.high ?? 0));
  const labelWidth = Math.max(...groups.map(({ label }) => label.length));
  const lines = groups.map(({ label }, index) => {
    const rate = rates[index] ?? rateOf(0, 0);
    return `  ${label.padEnd(labelWidth)}  ${barOf(rate, top)}  ${numbersOf(rate)}${note?.(index) ?? ''}`.trimEnd();
  });
  const sure = verdict.kind === 'difference' ? color.green : color.dim;
  return [`\n${color.bold(title)}`, ...lines, `  → ${sure(verdict.text)}`].join('\n');
}

function barOf({ rate, interval }: Rate, top: number): string {
  if (rate === null || interval === null) return color.dim('·'.padEnd(width));
  const scaled = (share: number): number => (top === 0 ? 0 : Math.round((share / top) * width));
  const reach = Math.max(scaled(interval.high), scaled(rate));
  return '█'.repeat(scaled(rate)) + color.dim('░'.repeat(reach - scaled(rate))) + ' '.repeat(width - reach);
}

function numbersOf({ rate, interval, count, of }: Rate): string {
  if (rate === null || interval === null) return 'not measured';
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `${percent(rate).padStart(5)} %  ${count}/${of}  ${color.dim(`${percent(interval.low)}–${percent(interval.high)}`)}`;
}

function openNote(row: Metrics['openRateBySendTime'][number] | undefined): string {
  if (row === undefined) return '';
  const { openedAutomatically, notMeasured } = row;
  const automatic = openedAutomatically === 0 ? '' : `  + ${openedAutomatically} opened by machines`;
  const unmeasured = notMeasured === 0 ? '' : `  ${notMeasured} delivered, opens not measured`;
  return color.dim(automatic + unmeasured);
}

const shareNote = (share: number | null): string =>
  share === null ? '' : color.dim(`  ${Math.round(share * 100)} % of all replies`);
