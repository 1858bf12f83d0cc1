import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { notFound, Problem, type FieldError } from './problem';
import { refusalOf } from './system-controlled';

/** Validates with zod and names every bad field at once. An id in the path that is no id is simply not found. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    if (httpPart === 'params') return { error: notFound('resource') };
    const errors = fieldErrorsOf(result.error, data);
    const names = [...new Set(errors.map((error) => error.field))].join(', ');
    return { error: new Problem('invalid-request', `Not valid: ${names}.`, errors) };
  };

/** Every bad field of data that a schema has refused. */
export const fieldErrorsOf = (error: z.ZodError, data: unknown): FieldError[] =>
  error.issues.flatMap((issue) => fieldErrors(issue, data));

function fieldErrors(issue: z.core.$ZodIssue, data: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: pathOf([...issue.path, key]), message: refusalOf(key) }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one of the right kind: what is wrong lies inside it.
    const meant = issue.errors.find((inner) =>
      inner.some((each) => each.code !== 'invalid_type' || each.path.length > 0),
    );
    if (meant !== undefined && issue.path.length === 0) return meant.flatMap((inner) => fieldErrors(inner, data));
  }
  const field = pathOf(issue.path);
  if (issue.code === 'invalid_type' && valueAt(data, issue.path) === undefined) {
    return [{ field, message: `is required: send ${withArticle(issue.expected)}` }];
  }
  if (issue.code === 'invalid_type') return [{ field, message: `must be ${withArticle(issue.expected)}` }];
  return [{ field, message: issue.message }];
}

/** "leads[2].email"; the request as a whole is "(body)". */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? '(body)' : text.replace(/^\./, '');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  if (data === null && path.length === 0) return undefined;
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );
}

const withArticle = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
