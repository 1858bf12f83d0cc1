import countries from 'i18n-iso-countries';
import { z } from 'zod';
import type { ApiKeyRecord } from '../../store/tenants/api-keys';
import type { ClientRecord } from '../../store/tenants/clients';
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

export const newClient = z.strictObject({
  name: boundedText(200),
  timezone: timezone.describe('IANA zone; limits count its calendar days'),
  country,
  tier: z.enum(['ignition', 'velocity', 'dominance'], 'must be ignition, velocity or dominance'),
  ...optionalFields,
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
  competitors: z.array(z.string()),
  createdAt: instant,
});

export const clientView = (record: ClientRecord): z.output<typeof clientAnswer> => ({
  ...record,
  createdAt: isoOf(record.createdAt),
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
