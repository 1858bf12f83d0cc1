import { z } from 'zod';
import { leadsOfRequest } from '../../domain/sourcing';
import type { FoundPerson } from '../../providers/ports';
import type { SourceRequestRecord } from '../../store/sourcing/source-requests';
import type { SearchProgress } from '../../store/sourcing/searches';
import { instant, isoOf, isoOrNull, optionalInstant, uuid } from './basics';

/** Leads that a request without a count asks for. */
const usualCount = 100;

/** No body asks for the usual number. */
export const sourceOrder = z
  .strictObject({
    count: z
      .number('must be a number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(leadsOfRequest, `must be at most ${leadsOfRequest}; ask again when these are there`)
      .default(usualCount)
      .describe('Leads at most'),
  })
  .nullish()
  .transform((order) => order?.count ?? usualCount);

export const sourceRequest = z.object({
  id: uuid,
  campaignId: uuid,
  kind: z.string().describe('source: find new leads. enrich: complete those that wait'),
  status: z.enum(['open', 'done', 'failed']),
  wanted: z.number(),
  imported: z.number().describe('Leads that were found, or that the enrichment knew more of'),
  credits: z.number().describe("What it has cost so far, in the providers' credits"),
  outcome: z
    .string()
    .nullable()
    .describe('null: open. enough, exhausted (there are no more), nobodyTargeted, notConfigured, completed, failed'),
  lastError: z.string().nullable().describe('Why it was set back, or failed'),
  createdAt: instant,
  finishedAt: optionalInstant,
});

export const sourcingView = z.object({
  requests: z.array(sourceRequest).describe('The latest 20, newest first'),
  searches: z.array(
    z.object({
      provider: z.string(),
      total: z.number().nullable().describe('How many people there are, as far as the provider says'),
      exhaustedAt: optionalInstant.describe('When the last of them was looked at; it begins anew after 30 days'),
    }),
  ),
});

export const audienceView = z.object({
  provider: z.string(),
  total: z.number().nullable().describe('How many people the targeting finds; null: the provider does not say'),
  examples: z.array(
    z.object({
      name: z.string().describe('First name, and the first letter of the last'),
      title: z.string().nullable(),
      company: z.string().nullable(),
    }),
  ),
  notUnderstood: z.array(z.string()).describe('Company sizes without a number: they do not narrow the search'),
});

export function sourceRequestView(row: SourceRequestRecord): z.output<typeof sourceRequest> {
  const status = row.outcome === null ? 'open' : row.outcome === 'failed' ? 'failed' : 'done';
  return { ...row, status, createdAt: isoOf(row.createdAt), finishedAt: isoOrNull(row.finishedAt) };
}

export const searchView = ({ exhaustedAt, ...row }: SearchProgress) => ({
  ...row,
  exhaustedAt: isoOrNull(exhaustedAt),
});

/** Enough to recognise the kind of people, and no more: they are no leads of the client's. */
export function exampleView({ facts }: FoundPerson): z.output<typeof audienceView>['examples'][number] {
  const { firstName = '', lastName = '', title = null, company = null } = facts;
  const initial = /\p{L}/u.exec(lastName)?.[0];
  return { name: `${firstName} ${initial ? `${initial}.` : ''}`.trim(), title, company };
}
