import type { CampaignOutlook } from '../campaign-outlook';
import { z } from 'zod';
import { channels } from '../../domain/channels';
import { limits } from '../../domain/limits';
import { windowEndHour, windowStartHour } from '../../domain/calendar/send-window';
import { warmUpStages } from '../../domain/warm-up';
import type { CampaignRecord } from '../../store/campaigns/campaigns';
import { instant, isoOf, isoOrNull, optionalInstant, boundedText, uuid } from './basics';

const list = (what: string) => z.array(boundedText(200)).max(200, `must name at most 200 ${what}`);

const targetingFields = {
  industries: list('industries'),
  titles: list('titles'),
  companySizes: list('company sizes'),
  locations: list('locations'),
  icpRefinements: boundedText(5000, 0).describe('Free text from onboarding'),
};

const targeting = z.object(targetingFields);

/** CTL-1: name, description and targeting. Everything else is the system's (CTL-2). */
export const newCampaign = z.strictObject({
  name: boundedText(200),
  description: boundedText(5000, 0).default(''),
  targeting: z
    .strictObject({
      industries: targetingFields.industries.default([]),
      titles: targetingFields.titles.default([]),
      companySizes: targetingFields.companySizes.default([]),
      locations: targetingFields.locations.default([]),
      icpRefinements: targetingFields.icpRefinements.default(''),
    })
    .prefault({}),
});

export const campaignChanges = z.strictObject({
  name: boundedText(200).optional(),
  description: boundedText(5000, 0).optional(),
  targeting: z.strictObject(targetingFields).partial().optional().describe('Parts that are left out stay as they are'),
});

const channel = z.enum(channels);

/** A step as it is shown. */
export const sequenceStep = z.object({
  step: z.number().int(),
  day: z.number().int().describe('Calendar days after Day 0 (SEQ-1)'),
  channel,
  purpose: z.string(),
  replaces: channel.nullable().describe('The channel that this e-mail stands in for (SEQ-6)'),
});

const systemControlled = z
  .object({
    sendWindow: z.object({ from: z.string(), to: z.string(), days: z.array(z.string()), zone: z.string() }),
    dailyLimits: z.record(z.string(), z.number()),
    warmUp: z.array(z.object({ fromDay: z.number(), limit: z.number() })),
    content: z.string(),
  })
  .describe('What the system decides; shown, never taken (CTL-2)');

const summary = z.object({
  leads: z.object({ completed: z.number(), stopped: z.number() }),
  stops: z.record(z.string(), z.number()).describe('Stopped leads by reason'),
  sent: z.array(z.object({ step: z.number(), channel: z.string(), count: z.number() })),
  skipped: z.number().describe('Steps that were skipped or failed'),
});

export const campaignAnswer = z.object({
  id: uuid,
  name: z.string(),
  description: z.string(),
  targeting,
  status: z.enum(['draft', 'active', 'paused', 'completed']),
  usesDefaultSequence: z.boolean(),
  externalId: z.string().nullable().describe('What an imported campaign is called where it comes from (MIG-1)'),
  sequence: z
    .array(sequenceStep)
    .describe(
      'Generated from the channels that the client has, or as it was imported (MIG-1); read-only (SEQ-6, CTL-2)',
    ),
  systemControlled,
  admission: z
    .object({
      waiting: z.number().int(),
      admittedToday: z.number().int(),
      shareToday: z.number().int().describe('Leads that today is expected to admit, as far as capacity allows'),
      expectedLastOn: z.string().nullable().describe("The client's date; null: nobody waits, or not within a year"),
    })
    .describe("Its share of the client's month (PACE-2, PACE-4)"),
  contentFlaggedAt: optionalInstant.describe(
    'Since when its texts want a review: people unsubscribed from them (HLTH-2)',
  ),
  createdAt: instant,
  activatedAt: optionalInstant,
  completedAt: optionalInstant,
  summary: summary.nullable().describe('How it ended, when it completed by itself'),
});

const hour = (of: number): string => `${String(of).padStart(2, '0')}:00`;

const systemSettings: z.output<typeof systemControlled> = {
  sendWindow: {
    from: hour(windowStartHour),
    to: hour(windowEndHour),
    days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
    zone: 'recipient',
  },
  dailyLimits: Object.fromEntries(
    limits.flatMap(({ counter, period, maximum }) =>
      period === 'day' && maximum !== 'warm-up' ? [[counter, maximum] as const] : [],
    ),
  ),
  warmUp: warmUpStages.map((stage) => ({ ...stage })),
  content: 'written for each touch by Claude',
};

export const campaignView = (record: CampaignRecord, admission: CampaignOutlook): z.output<typeof campaignAnswer> => ({
  ...record,
  admission,
  systemControlled: systemSettings,
  contentFlaggedAt: isoOrNull(record.contentFlaggedAt),
  createdAt: isoOf(record.createdAt),
  activatedAt: isoOrNull(record.activatedAt),
  completedAt: isoOrNull(record.completedAt),
});
