import { z } from 'zod';
import { isZone, whyNoZone } from '../../domain/calendar/zone-name';
import type { Page, PageRequest } from '../../store/paging';
import { Problem } from '../problem';

/** Text of a person: trimmed, of bounded length, and nothing that PostgreSQL cannot store. */
export function boundedText(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min, min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !value.includes('\0') && !/\p{Cs}/u.test(value), 'must not contain NUL or broken characters');
}

export const instant = z.iso.datetime().describe('ISO 8601 instant in UTC');
export const uuid = z.uuid();
export const idParam = z.object({ id: uuid });
/** Of this century: beyond year 9999 dates no longer sort as text, and PostgreSQL has no year 0. */
export const dateField = z.iso
  .date({ error: 'must be a date such as 2026-03-02', abort: true })
  .refine((date) => date.startsWith('20'), 'must be a date from 2000 to 2099');

export const timezone = z
  .string()
  .refine(isZone, { error: ({ input }) => whyNoZone(String(input)) })
  .describe('IANA zone');

export const optionalInstant = instant.nullable();
export const isoOf = (date: Date): string => date.toISOString();
export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** `POST …/pause` and the like take no body; an empty object is accepted. */
export const noBody = z.strictObject({}).nullish();

export const pageQuery = z.strictObject({
  limit: z.coerce
    .number('must be a number from 1 to 1000')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000')
    .default(100)
    .describe('Rows at most, 1–1000'),
  cursor: z.string().optional().describe('nextCursor of the previous page'),
});

export const pageSchema = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), nextCursor: z.string().nullable().describe('null on the last page') });

/** @throws Problem 400 when the cursor is none of ours */
export function pageRequest(
  query: { limit: number; cursor?: string | undefined },
  key: 'uuid' | 'number' = 'uuid',
): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit, after: null };
  const after = Buffer.from(query.cursor, 'base64url').toString();
  const readable = key === 'uuid' ? uuid.safeParse(after).success : /^\d{1,18}$/.test(after);
  if (readable) return { limit: query.limit, after };
  const message = 'is not a cursor of this list: take nextCursor of the previous page';
  throw new Problem('invalid-request', 'Not valid: cursor.', [{ field: 'cursor', message }]);
}

export function pageView<Row, View>(
  page: Page<Row>,
  view: (row: Row) => View,
): { data: View[]; nextCursor: string | null } {
  return {
    data: page.rows.map(view),
    nextCursor: page.next === null ? null : Buffer.from(page.next).toString('base64url'),
  };
}

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; errors names every bad field at once' });

const content = { 'application/problem+json': { schema: problem } };

/** The answers of a route: its own, and problems for everything else. */
export function answers<Own extends Record<number, unknown>>(own: Own) {
  return { ...own, '4xx': { description: 'The request was refused', content } };
}

/** The answer of a stop that a slow provider keeps from being over (api/stops.ts). */
export const stillOnItsWay = {
  503: {
    description:
      'The stop is stored and in force; a message that was handed to its provider before has not been answered yet. ' +
      'The same request after the time in Retry-After is answered when it is over.',
    content,
  },
};
