import { z } from 'zod';
import { canonical } from '../../domain/canonical';
import type { SuppressionKind, SuppressionRecord } from '../../store/leads/suppressions';
import { phoneNumber } from '../../domain/phone-number';
import { Problem } from '../problem';
import { instant, isoOf, pageQuery, boundedText, uuid } from './basics';

export const kinds = ['email', 'domain', 'phone', 'linkedin'] as const;
const kind = z.enum(kinds, 'must be email, domain, phone or linkedin');
const value = boundedText(500);

/** Either `kind` with `value`, or one of the four by its own name. */
export const newSuppression = z.strictObject({
  kind: kind.optional(),
  value: value.optional().describe('E-mail address, domain, E.164 number or LinkedIn profile URL'),
  email: value.optional().describe('Short for kind "email"'),
  domain: value.optional().describe('Short for kind "domain"; its subdomains are blocked as well'),
  phone: value.optional().describe('Short for kind "phone"'),
  linkedinUrl: value.optional().describe('Short for kind "linkedin"'),
  reason: boundedText(200).default('suppressed by the user'),
});

export const suppressionQuery = pageQuery.extend({ kind: kind.optional() });

export const suppression = z.object({
  id: uuid,
  kind,
  value: z.string().nullable().describe('null: erased; its hash goes on blocking'),
  scope: z.enum(['all', 'email']).describe('email: a hard bounce, which leaves the other channels open (SEQ-4)'),
  reason: z.string(),
  createdAt: instant,
});

export const suppressionView = (row: SuppressionRecord): z.output<typeof suppression> => ({
  ...row,
  createdAt: isoOf(row.createdAt),
});

/** @throws Problem 400 unless exactly one readable value is given */
export function suppressedValue(body: z.output<typeof newSuppression>): { kind: SuppressionKind; value: string } {
  const given: { field: string; kind: SuppressionKind | undefined; value: string | undefined }[] = [
    { field: 'value', kind: body.kind, value: body.value },
    { field: 'email', kind: 'email', value: body.email },
    { field: 'domain', kind: 'domain', value: body.domain },
    { field: 'phone', kind: 'phone', value: body.phone },
    { field: 'linkedinUrl', kind: 'linkedin', value: body.linkedinUrl },
  ];
  const [only, second] = given.filter((entry) => entry.value !== undefined);
  if (only?.value === undefined || second !== undefined) {
    throw invalid(second?.field ?? 'value', 'send one value: kind and value, or email, domain, phone or linkedinUrl');
  }
  if (only.kind === undefined) throw invalid('kind', 'is required beside value: email, domain, phone or linkedin');
  const refusal = refusalOf(only.kind, only.value);
  if (refusal !== null) throw invalid(only.field, refusal);
  return { kind: only.kind, value: only.value };
}

function refusalOf(of: SuppressionKind, candidate: string): string | null {
  switch (of) {
    case 'email':
      return z.email().safeParse(candidate.toLowerCase()).success ? null : 'must be an e-mail address';
    case 'domain':
      return /^[^\s@.]+(\.[^\s@.]+)+$/.test(canonical('domain', candidate))
        ? null
        : 'must be a domain such as acme.example';
    case 'phone':
      return candidate.startsWith('+') && phoneNumber(candidate, null) !== null
        ? null
        : 'must be an E.164 number such as +61255501234';
    case 'linkedin':
      return /\/in\/[^/?#\s]+/.test(candidate)
        ? null
        : 'must be a profile such as https://www.linkedin.com/in/jane-doe';
  }
}

const invalid = (field: string, message: string): Problem =>
  new Problem('invalid-request', `Not valid: ${field}.`, [{ field, message }]);
