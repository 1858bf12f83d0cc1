import { z } from 'zod';
import { channels } from '../../domain/channels';
import { purposes } from '../../domain/sequence';
import { boundedText, instant } from './basics';
import { campaignAnswer, newCampaign } from './campaigns';
import { importReport } from './lead-import';

/** A plan skips a lead's steps in one go at most, so a sequence is not longer than that. */
export const stepsAtMost = 15;
const lastDay = 365;

const wholeNumber = z.number('must be a whole number').int('must be a whole number');
const stepNumber = wholeNumber.min(1, 'must be at least 1');

const ownStep = z.strictObject({
  step: stepNumber.describe('1, 2, 3, … in order'),
  day: wholeNumber
    .min(0, 'must be at least 0')
    .max(lastDay, `must be at most ${lastDay}`)
    .describe('Calendar days after Day 0; never fewer than those of the step before'),
  channel: z.enum(channels, `must be one of ${channels.join(', ')}`),
  purpose: boundedText(200)
    .transform((text) => knownPurpose(text) ?? text.replace(/\s+/g, ' '))
    .describe(`What Claude writes its text for: ${purposes.join(', ')}, or your own words`),
});

const knownPurpose = (text: string): string | undefined => purposes.find((purpose) => purpose === text.toLowerCase());

/** MIG-1: the one request that may name steps. */
export const campaignImport = newCampaign.extend({
  externalId: boundedText(200).describe(
    'What the campaign is called where it comes from: the same id is the same campaign',
  ),
  steps: z
    .array(ownStep)
    .min(1, 'must have at least one step')
    .max(stepsAtMost, `must have at most ${stepsAtMost} steps`)
    .superRefine((steps, context) => {
      for (const [index, { step, day }] of steps.entries()) {
        const before = steps[index - 1];
        if (step !== index + 1) {
          const message = `must be ${index + 1}: number the steps 1, 2, 3, … in order`;
          context.addIssue({ code: 'custom', path: [index, 'step'], message });
        }
        if (before !== undefined && day < before.day) {
          const message = `must be at least ${before.day}, the day of the step before`;
          context.addIssue({ code: 'custom', path: [index, 'day'], message });
        }
      }
    }),
  leads: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe(
      'Fields as in the Leads CSV, and the position: finishedSteps: [{step, doneAt, channel?}], lastFinishedStep',
    ),
});

const doneAt = instant.refine((text) => text.startsWith('20'), 'must be an instant from 2000 to 2099');

/** Where a lead stands in the imported sequence. */
export const leadPosition = z.strictObject({
  finishedSteps: z
    .array(
      z.strictObject({
        step: stepNumber,
        doneAt,
        channel: z.enum(channels, `must be one of ${channels.join(', ')}`).optional(),
      }),
    )
    .max(stepsAtMost, `must have at most ${stepsAtMost} steps`),
  lastFinishedStep: wholeNumber.min(0, 'must be at least 0').nullable(),
});
export type LeadPositionFields = z.output<typeof leadPosition>;

export const campaignImportAnswer = importReport.extend({ campaign: campaignAnswer });
