import { z } from 'zod';
import { channels } from '../../domain/channels';
import type { MigrationPreview } from '../../domain/migration';
import type { MigrationSummary } from '../../store/campaigns/migration';
import type { EnrolledLead } from '../../store/leads/leads';
import { pageSchema, uuid } from './basics';
import { sequenceStep } from './campaigns';

const count = z.number();

export const migrationSummary = z.object({
  moved: count.describe('Leads that move to the default sequence; after `apply`: that just did'),
  withoutNextStep: count.describe('Of these, those for whom no step is left: they complete'),
  alreadyThere: count.describe('Leads that are on the default sequence already'),
  completed: count.describe('Leads that are done with the sequence they had; they stay so'),
  stopped: count,
  stops: z.record(z.string(), count).describe('Stopped leads by reason'),
}) satisfies z.ZodType<MigrationSummary>;

export const migrationAnswer = z.object({
  campaignId: uuid,
  usesDefaultSequence: z.boolean(),
  sequence: z.array(sequenceStep).describe('The sequence that the leads are on, or move to'),
  summary: migrationSummary,
});

const leadPreview = z.object({
  leadId: uuid,
  status: z.enum(['waiting', 'active', 'completed', 'stopped']),
  outcome: z.enum(['moves', 'alreadyThere', 'completed', 'stopped']),
  fromStep: z.number().nullable().describe('The last step of its own sequence that lies behind it; 0: none does'),
  toStep: z.number().nullable().describe('The step of the default sequence that comes next; null: none'),
  toChannel: z.enum(channels).nullable(),
  skipped: z
    .array(z.object({ step: z.number(), channel: z.enum(channels), reason: z.string(), rule: z.string() }))
    .describe('Steps of the default sequence that this lead does not get, each with its reason'),
  nextTouchOn: z
    .string()
    .nullable()
    .describe('Recipient-local date on which it is due; a day without room moves it on'),
  reason: z.string(),
  rule: z.string().nullable(),
});

export const migrationPreview = migrationAnswer.extend({ leads: pageSchema(leadPreview) });

/** How one lead stands to the move. */
export type LeadMigration =
  | { outcome: 'moves'; position: number; preview: MigrationPreview }
  | { outcome: 'alreadyThere' | 'completed' | 'stopped' };

export function leadMigrationView({ leadId, status, stopReason, stopRule }: EnrolledLead, migration: LeadMigration) {
  const nothing = { fromStep: null, toStep: null, toChannel: null, skipped: [], nextTouchOn: null };
  switch (migration.outcome) {
    case 'moves': {
      const { next, earliest, skipped, reason, rule } = migration.preview;
      const to = { toStep: next?.step ?? null, toChannel: next?.channel ?? null, nextTouchOn: earliest };
      return { leadId, status, outcome: migration.outcome, fromStep: migration.position, ...to, skipped, reason, rule };
    }
    case 'alreadyThere':
      return {
        leadId,
        status,
        outcome: migration.outcome,
        ...nothing,
        reason: 'on the default sequence',
        rule: 'MIG-2',
      };
    case 'completed':
      return { leadId, status, outcome: migration.outcome, ...nothing, reason: 'its sequence is done', rule: 'SEQ-1' };
    case 'stopped':
      return {
        leadId,
        status,
        outcome: migration.outcome,
        ...nothing,
        reason: stopReason ?? 'stopped',
        rule: stopRule,
      };
  }
}
