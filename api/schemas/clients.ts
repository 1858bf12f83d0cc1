import countries from 'i18n-iso-countries';
import { z } from 'zod';
import { dayTarget } from '../../domain/pacing';
import type { ApiKeyRecord } from '../../store/tenants/api-keys';
import type { ClientRecord } from '../../store/tenants/clients';
import type { CreditEntryRecord } from '../../store/tenants/credits';
import type { Pacing } from '../../store/tenants/pacing';
import { canonical } from '../../domain/canonical';
import { scopes } from '../caller';
import { instant, isoOf, isoOrNull, optionalInstant, boundedText, timezone, uuid } from './basics';

const country = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => code.length === 2 && countries.isValid(code), 'must be an ISO 3166-1 alpha-2 code such as "AU"')
  .describe('ISO 3166-1 alpha-2');

const website = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://growth.example' }).max(500);

const competitor = z
  .string()
  .max(253)
  .transform((name) => canonical('domain', name))
  .refine((name) => /^[^\s@.]+(\.[^\s@.]+)+$/.test(name), 'must be a domain such as acme.example');

const optionalFields = {
  region: boundedText(20).nullish().describe('State or province, such as "NSW"'),
  postalAddress: boundedText(500).nullish().describe('Stands in every e-mail'),
  website: website.nullish().describe('The only links that texts may carry'),
  proofPoints: z.array(boundedText(500)).max(20).optional().describe('What texts may say about the client (TEXT-1)'),
  senderName: boundedText(100).nullish().describe('Who signs'),
  competitors: z
    .array(competitor)
    .max(200)
    .optional()
    .describe('Domains of competitors: a computed score falls for their people (ACC-3)'),
};

const tier = z.enum(['ignition', 'velocity', 'dominance'], 'must be ignition, velocity or dominance');

export const newClient = z.strictObject({
  name: boundedText(200),
  timezone: timezone.describe('IANA zone; limits count its calendar days'),
  country,
  tier,
  credits: z
    .strictObject({
      remaining: z
        .int('must be a whole number')
        .min(0, 'must be at least 0')
        .max(1_000_000, 'must be at most 1000000')
        .describe('Leads that may still be admitted in this month'),
      resetsAt: z.iso
        .datetime({ offset: true, error: 'must be an ISO 8601 instant such as 2026-04-01T00:00:00Z' })
        .describe("When the tier's quota begins anew; then monthly"),
    })
    .optional()
    .describe("A month that is under way (PACE-1); else the tier's quota, for a month from today"),
  ...optionalFields,
});

/** What the operator changes of a client. */
export const clientTerms = z.strictObject({ tier });

export const creditChange = z.strictObject({
  amount: z
    .int('must be a whole number')
    .min(-1_000_000, 'must be at least -1000000')
    .max(1_000_000, 'must be at most 1000000')
    .refine((amount) => amount !== 0, 'must not be 0'),
  reason: boundedText(200),
});

/** The tier is changed by the operator, not by the client. */
export const clientChanges = z.strictObject({
  name: boundedText(200).optional(),
  timezone: timezone.optional(),
  country: country.optional(),
  ...optionalFields,
});

export const clientAnswer = z.object({
  id: uuid,
  name: z.string(),
  timezone: z.string(),
  country: z.string(),
  region: z.string().nullable(),
  tier: z.string(),
  postalAddress: z.string().nullable(),
  website: z.string().nullable(),
  proofPoints: z.array(z.string()),
  senderName: z.string().nullable(),
  credits: z
    .object({
      remaining: z.number().int(),
      granted: z.number().int().describe('What the month began with and was given since'),
      admitted: z.number().int().describe('Leads that cost a credit of this month'),
      resetsAt: instant,
    })
    .describe('Leads per month (PACE-1)'),
  pacing: z
    .object({
      today: z.string().describe("The client's date"),
      target: z
        .number()
        .int()
        .describe('Leads that today may admit: remaining credits ÷ sending days left, rounded up'),
      admitted: z.number().int().describe('Leads that today admitted'),
      sendingDaysLeft: z.number().int(),
    })
    .describe("Today's share of the month (PACE-2)"),
  competitors: z.array(z.string()),
  createdAt: instant,
});

export function clientView(record: ClientRecord, pacing: Pacing): z.output<typeof clientAnswer> {
  const { target, sendingDays } = dayTarget(pacing.today, pacing);
  return {
    ...record,
    credits: {
      remaining: pacing.remaining,
      granted: pacing.granted,
      admitted: pacing.admittedInPeriod,
      resetsAt: isoOf(pacing.period.endsAt),
    },
    pacing: { today: pacing.today, target, admitted: pacing.admittedToday, sendingDaysLeft: sendingDays },
    createdAt: isoOf(record.createdAt),
  };
}

export const creditEntry = z.object({
  id: z.string(),
  at: instant,
  kind: z.enum(['grant', 'admit', 'refund', 'adjust']),
  amount: z.number().int(),
  balance: z.number().int().describe('What was left after it'),
  leadId: uuid.nullable(),
  reason: z.string(),
});

export const creditEntryView = (entry: CreditEntryRecord): z.output<typeof creditEntry> => ({
  ...entry,
  at: isoOf(entry.at),
});

export const newApiKey = z.strictObject({
  name: boundedText(100),
  scopes: z
    .array(z.enum(scopes, 'must be read, write or admin'))
    .min(1, 'must name at least one scope')
    .default(['read', 'write'])
    .describe('read: every GET; write: campaigns, leads, resources; admin: API keys and the client itself'),
  expiresAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant' }).nullish(),
});

export const apiKey = z.object({
  id: uuid,
  name: z.string(),
  scopes: z.array(z.string()),
  expiresAt: optionalInstant,
  lastUsedAt: optionalInstant.describe('To the minute'),
  createdAt: instant,
});

export const apiKeyWithSecret = apiKey.extend({
  secret: z.string().describe('Send it as "Authorization: Bearer …". Shown this once'),
});

export const apiKeyView = (key: ApiKeyRecord): z.output<typeof apiKey> => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  expiresAt: isoOrNull(key.expiresAt),
  lastUsedAt: isoOrNull(key.lastUsedAt),
  createdAt: isoOf(key.createdAt),
});
