import { z } from 'zod';
import { accessTier } from '../../domain/access';
import { emailStatuses, type EmailStatus } from '../../domain/address-check';
import { dateText } from '../../store/dates';
import type { EnrolledLead, LeadWithSequences } from '../../store/leads/leads';
import type { PlannedTouch, TimelineRow } from '../../store/reports/timeline';
import { instant, isoOf, isoOrNull, optionalInstant, pageSchema, uuid } from './basics';

const nullableText = z.string().nullable();

const person = z.object({
  id: uuid,
  email: z.string(),
  firstName: nullableText,
  lastName: nullableText,
  title: nullableText,
  company: nullableText,
  companyDomain: nullableText,
  companySize: nullableText,
  industry: nullableText,
  phone: nullableText,
  mobile: nullableText,
  linkedinUrl: nullableText,
  city: nullableText,
  state: nullableText,
  country: nullableText,
  timezone: z.string(),
  timezoneSource: z.enum(['hq', 'country', 'client']).describe('Where the zone comes from (TIME-2)'),
  alsScore: z.number().nullable(),
  fieldSources: z
    .record(z.string(), z.object({ by: z.string(), at: instant }))
    .describe("Which fields a provider told, and when; all others are the import's own"),
  createdAt: instant,
});

const points = z.number().int();

const score = z.object({
  value: points.describe('0–100'),
  tier: z.string().describe('hot, warm, cool, cold or dead: which channels it opens (ACC-1)'),
  source: z.enum(['import', 'computed']),
  parts: z
    .array(
      z.object({
        part: z.string(),
        points,
        maximum: points,
        items: z.array(
          z.object({
            item: z.string(),
            points,
            most: points.describe('The most that it can give; below zero: take away'),
            known: z.boolean().describe('false: its facts are unknown, so it gave 0'),
            reason: z.string(),
          }),
        ),
      }),
    )
    .nullable()
    .describe("The parts of a computed score; null: the score is the import's own (ACC-3)"),
});

const progress = z.object({
  status: z.enum(['waiting', 'active', 'completed', 'stopped']),
  stopReason: nullableText,
  stopRule: nullableText,
  admittedAt: optionalInstant,
  finishedAt: optionalInstant,
});

const touch = z.object({
  id: uuid,
  step: z.number(),
  channel: z.string(),
  status: z.string(),
  plannedFor: optionalInstant.describe('The booked moment, or the one it was first booked for'),
  sentAt: optionalInstant,
  reason: nullableText,
  rule: nullableText,
});

export const campaignLead = person.extend(progress.shape);

/** `status` and what goes with it are those of the latest enrollment. */
export const lead = campaignLead.extend({
  score: score.nullable().describe('null: not scored, so every channel is open (ACC-1)'),
  emailStatus: z.enum(emailStatuses).describe('What the check of the address found (SEQ-7)'),
  emailCheckedAt: optionalInstant,
  enrollments: z.array(
    progress.extend({
      campaignId: uuid,
      day0: nullableText.describe('Recipient-local date of step 1 (SEQ-1)'),
      finishedSteps: z
        .array(z.object({ step: z.number(), channel: z.string(), doneAt: instant }))
        .describe('Finished before the campaign was imported (MIG-1)'),
      touches: z.array(touch),
    }),
  ),
});

const numbers = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const timelineEntry = z.object({
  at: instant,
  what: z.string().describe('imported, admitted, planned, delayed, written, sent, skipped, held, stopped, …'),
  reason: z.string(),
  rule: nullableText.describe('The rule of the specification that asked for it'),
  numbers,
  step: z.number().nullable(),
  touchId: uuid.nullable(),
  campaignId: uuid,
});

const plannedTouch = z.object({
  touchId: uuid,
  campaignId: uuid,
  step: z.number(),
  channel: z.string(),
  slotAt: optionalInstant.describe('null: waits for room, or for its campaign'),
  reason: nullableText,
  rule: nullableText,
  numbers,
});

export const timeline = pageSchema(timelineEntry).extend({
  planned: z.array(plannedTouch).describe('What is planned at this moment'),
});

function personView(row: LeadWithSequences | EnrolledLead['lead']): z.output<typeof person> {
  const { score, createdAt, fieldSources, ...rest } = row;
  return {
    ...rest,
    alsScore: score,
    fieldSources: fieldSources as z.output<typeof person>['fieldSources'],
    createdAt: isoOf(createdAt),
  };
}

function scoreView(row: LeadWithSequences): z.output<typeof score> | null {
  if (row.score === null) return null;
  return {
    value: row.score,
    tier: accessTier(row.score).name,
    source: row.scoreSource as 'import' | 'computed',
    parts: row.scoreParts as z.output<typeof score>['parts'],
  };
}

function progressView(row: Omit<EnrolledLead, 'lead'>): z.output<typeof progress> {
  const { status, stopReason, stopRule } = row;
  return { status, stopReason, stopRule, admittedAt: isoOrNull(row.admittedAt), finishedAt: isoOrNull(row.finishedAt) };
}

function latestProgress(row: LeadWithSequences): z.output<typeof progress> {
  const latest = row.enrollments.at(-1);
  const none = { status: 'waiting', stopReason: null, stopRule: null, admittedAt: null, finishedAt: null } as const;
  return latest === undefined ? none : progressView(latest);
}

export const campaignLeadView = (row: EnrolledLead): z.output<typeof campaignLead> => ({
  ...personView(row.lead),
  ...progressView(row),
});

export const leadView = (row: LeadWithSequences): z.output<typeof lead> => ({
  ...personView(row),
  ...latestProgress(row),
  score: scoreView(row),
  emailStatus: row.emailStatus as EmailStatus,
  emailCheckedAt: isoOrNull(row.emailCheckedAt),
  enrollments: row.enrollments.map((enrollment) => ({
    ...progressView(enrollment),
    campaignId: enrollment.campaignId,
    day0: dateText(enrollment.day0),
    finishedSteps: enrollment.finished.map(({ step, channel, doneAt }) => ({ step, channel, doneAt: isoOf(doneAt) })),
    touches: enrollment.touches.map((each) => ({
      ...each,
      plannedFor: isoOrNull(each.slotAt ?? each.plannedFor),
      sentAt: isoOrNull(each.sentAt),
    })),
  })),
});

export const timelineView = (row: TimelineRow): z.output<typeof timelineEntry> => ({
  ...row,
  at: isoOf(row.at),
  numbers: (row.numbers ?? {}) as z.output<typeof numbers>,
});

export const plannedView = (row: PlannedTouch): z.output<typeof plannedTouch> => ({
  ...row,
  touchId: row.id,
  slotAt: isoOrNull(row.slotAt),
  numbers: (row.numbers ?? {}) as z.output<typeof numbers>,
});
