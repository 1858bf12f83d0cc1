import { z } from 'zod';
import { channels } from '../../domain/channels';
import type { UncertainTouch } from '../../store/touches/uncertain';
import { instant, isoOf, isoOrNull, optionalInstant, pageQuery, uuid } from './basics';

export const touchQuery = pageQuery.extend({
  status: z.enum(['uncertain'], 'must be uncertain: other touches are listed with their lead'),
  campaignId: uuid.optional(),
  channel: z.enum(channels, `must be one of: ${channels.join(', ')}`).optional(),
});

export const uncertainTouch = z.object({
  touchId: uuid,
  leadId: uuid,
  campaignId: uuid,
  step: z.number(),
  channel: z.string(),
  form: z.string().nullable().describe('By LinkedIn: invitation or message'),
  status: z.literal('uncertain'),
  reason: z.string().nullable(),
  rule: z.string().nullable(),
  senderId: uuid.nullable().describe('The mailbox, number or seat that it was sent from, if it was'),
  reference: z
    .string()
    .nullable()
    .describe("The reference that the provider would know it by; null: the touch's id alone"),
  since: instant.describe('When it was handed to the provider, or may have been'),
  looks: z.number().int().describe('How often it was looked for at the provider'),
  lastLookAt: optionalInstant,
  lastAnswer: z
    .string()
    .nullable()
    .describe('What the last look said: unknown, absent (from a list that may lag), or erased (nobody can be asked)'),
  nextLookAt: optionalInstant.describe('null: it is looked for no more, and stays uncertain unless an event proves it'),
});

export function uncertainView({ lookUp, ...row }: UncertainTouch): z.output<typeof uncertainTouch> {
  // A touch whose search has not begun is looked for as soon as possible.
  const since = isoOf(row.claimedAt ?? new Date(0));
  return {
    touchId: row.id,
    leadId: row.enrollment.leadId,
    campaignId: row.campaignId,
    step: row.step,
    channel: row.channel,
    form: row.form,
    status: 'uncertain',
    reason: row.reason,
    rule: row.rule,
    senderId: row.senderId,
    reference: row.reference,
    since,
    looks: lookUp?.looks ?? 0,
    lastLookAt: isoOrNull(lookUp?.lastLookAt ?? null),
    lastAnswer: lookUp?.lastAnswer ?? null,
    nextLookAt: lookUp === null ? since : isoOrNull(lookUp.nextLookAt),
  };
}
