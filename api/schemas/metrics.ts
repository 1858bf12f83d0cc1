import { z } from 'zod';
import { channels } from '../../domain/channels';
import type { Rate } from '../../domain/metrics/proportions';
import { tableNames } from '../../domain/metrics/tables';
import type { Verdict } from '../../domain/metrics/comparison';
import type { MetricsAnswer } from '../../store/reports/read-metrics';
import { dateField, uuid } from './basics';

const asked = {
  from: dateField.optional().describe('First client-local date of sending; default: the first there is'),
  to: dateField.optional().describe('Last one, included'),
  domainId: uuid.optional().describe('E-mails of this domain only'),
  cohort: z
    .enum(['week', 'month'], 'must be "week" or "month"')
    .optional()
    .describe('Also by week or month of admission, client-local'),
  format: z
    .enum(['json', 'csv'], 'must be "json" or "csv"')
    .optional()
    .describe('"csv" is the same as Accept: text/csv'),
  table: z
    .enum(tableNames, `must be one of ${tableNames.join(', ')}`)
    .optional()
    .describe('Which table, as CSV'),
};

/** ISO dates compare as text. */
const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;
const outOfOrder = { path: ['to'], message: 'must not be before from' };

export const campaignMetricsQuery = z.strictObject(asked).refine(inOrder, outOfOrder);
export const clientMetricsQuery = z
  .strictObject(Object.assign({ campaignId: uuid.optional().describe('This campaign only') }, asked))
  .refine(inOrder, outOfOrder);
export type AskedMetrics = z.output<typeof clientMetricsQuery>;

const rate = {
  of: z.number().int(),
  count: z.number().int(),
  rate: z.number().nullable().describe('count ÷ of; null: not measured (HLTH-4)'),
  interval: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('Where the true rate lies, 95 times of 100 (Wilson)'),
} satisfies Record<keyof Rate, z.ZodType>;

const group = z.object({ label: z.string(), count: z.number(), of: z.number(), rate: z.number() });
const verdict = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('difference'), text: z.string(), higher: group, lower: group }),
    z.object({
      kind: z.enum(['notEnough', 'noDifference']),
      text: z.string(),
      have: z.number().describe('In the smallest group'),
      needed: z.number().describe('In each group, to see a difference of `effect` in 80 of 100 tries'),
      effect: z.number(),
    }),
    z.object({ kind: z.enum(['nothingToCompare', 'notMeasured']), text: z.string() }),
  ])
  .describe('What the table says, in plain words') satisfies z.ZodType<Verdict>;

const tables = {
  openRateBySendTime: z
    .array(
      z.object({
        sendTime: z.string().describe('Recipient-local quarter-hour'),
        ...rate,
        openedAutomatically: z.number().int().describe('By a machine, and by nobody else; not in count'),
        notMeasured: z.number().int().describe('Delivered, and nobody tells of opens; not in of'),
      }),
    )
    .describe('MET-1: of delivered e-mails whose opens are measured'),
  replyRateByStep: z
    .array(z.object({ step: z.number().int(), ...rate }))
    .describe('MET-2: leads whose reply followed this step, of leads touched at it'),
  bounceRateByWarmUpDay: z.array(z.object({ day: z.number().int(), ...rate })).describe('MET-3: of e-mails sent'),
  channelEffectiveness: z
    .array(
      z.object({
        channel: z.enum(channels),
        sent: z.number().int(),
        delivered: z.number().int(),
        replied: z.number().int(),
        positive: z.number().int().nullable().describe('null: not measured'),
        stopped: z.number().int().describe('Opted out or complained'),
        shareOfReplies: z.number().nullable(),
        replyRate: z.object(rate).describe('Of sent'),
      }),
    )
    .describe('MET-4'),
  verdicts: z.object({
    openRateBySendTime: verdict,
    replyRateByStep: verdict,
    bounceRateByWarmUpDay: verdict,
    channelEffectiveness: verdict,
  }),
};

export const metricsAnswer = z.object({
  ...tables,
  cohorts: z
    .array(z.object({ cohort: z.string().describe('First day of the week or month of admission'), ...tables }))
    .describe('Empty unless cohort is given'),
  pending: z.number().int().describe('Leads of whom something is not counted yet; 0: the numbers are exact'),
});

export const metricsView = ({ all, cohorts, pending }: MetricsAnswer): z.output<typeof metricsAnswer> =>
  Object.assign({}, all, { cohorts, pending });
