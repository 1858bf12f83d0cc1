import type { Rate } from '../domain/metrics/proportions';
import type { TableName, Tables } from '../domain/metrics/tables';
import type { MetricsAnswer } from '../store/reports/read-metrics';

type Cell = string | number | null;
type Row = Record<string, Cell>;

/** How a row of each table is written; the keys are the header. */
const rowsOf: { [T in TableName]: (row: Tables[T][number]) => Row } = {
  openRateBySendTime: ({ sendTime, openedAutomatically, notMeasured, ...rate }) =>
    Object.assign({ sendTime }, rateCells(rate), { openedAutomatically, notMeasured }),
  replyRateByStep: ({ step, ...rate }) => Object.assign({ step }, rateCells(rate)),
  bounceRateByWarmUpDay: ({ day, ...rate }) => Object.assign({ day }, rateCells(rate)),
  channelEffectiveness: ({ replyRate, ...counts }) =>
    Object.assign({}, counts, {
      replyRate: replyRate.rate,
      low: replyRate.interval?.low ?? null,
      high: replyRate.interval?.high ?? null,
    }),
};

const headers: Record<TableName, readonly string[]> = {
  openRateBySendTime: ['sendTime', 'of', 'count', 'rate', 'low', 'high', 'openedAutomatically', 'notMeasured'],
  replyRateByStep: ['step', 'of', 'count', 'rate', 'low', 'high'],
  bounceRateByWarmUpDay: ['day', 'of', 'count', 'rate', 'low', 'high'],
  channelEffectiveness: [
    'channel',
    'sent',
    'delivered',
    'replied',
    'positive',
    'stopped',
    'shareOfReplies',
    'replyRate',
    'low',
    'high',
  ],
};

/**
 * One table as CSV, with a header also when it is empty. What is not measured is an empty cell. With cohorts, their rows
 * alone, each with its cohort in the first column.
 */
export function metricsCsv(answer: MetricsAnswer, table: TableName, byCohort: boolean): string {
  const header = byCohort ? ['cohort', ...headers[table]] : headers[table];
  const rows = byCohort
    ? answer.cohorts.flatMap((cohort) =>
        cellsOf(cohort, table).map((row) => Object.assign({ cohort: cohort.cohort }, row)),
      )
    : cellsOf(answer.all, table);
  const lines = rows.map((row: Row) => header.map((name) => row[name] ?? ''));
  // Numbers and words of ours: none of them needs a quote.
  return [header, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellsOf<T extends TableName>(tables: Tables, table: T): Row[] {
  return tables[table].map((row) => rowsOf[table](row));
}

const rateCells = ({ of, count, rate, interval }: Rate): Row => ({
  of,
  count,
  rate,
  low: interval?.low ?? null,
  high: interval?.high ?? null,
});
