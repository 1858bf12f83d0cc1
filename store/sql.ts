import { createHash } from 'node:crypto';
import { types, type ClientBase, type Pool } from 'pg';

/**
 * Sends a statement written as a template: sql<Row>`SELECT … WHERE id = ${id}::uuid`. Values travel as parameters. It is
 * prepared once per connection, so that a statement of the hot path is planned once.
 *
 * Rows come as the driver reads them: timestamptz as Date, date as "YYYY-MM-DD", bigint as a number, JSON as its value.
 * Objects travel as JSON; an array of objects needs `json()`.
 */
export type Sql = <Row = unknown>(text: TemplateStringsArray, ...values: unknown[]) => Promise<Row[]>;

export function createSql(target: Pool | ClientBase): Sql {
  return async <Row>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]> => {
    const { rows } = await target.query<Row & object>({ ...preparedOf(text), values });
    return rows;
  };
}

/** A list or object as a parameter of type json or jsonb. */
export const json = (value: unknown): string => JSON.stringify(value);

interface Prepared {
  name: string;
  text: string;
}

/** A template's strings are one object for each place in the code, so each place is named once. */
const prepared = new WeakMap<TemplateStringsArray, Prepared>();

function preparedOf(strings: TemplateStringsArray): Prepared {
  const known = prepared.get(strings);
  if (known !== undefined) return known;
  const text = strings.reduce((before, part, index) => `${before}$${index}${part}`);
  const made = { name: createHash('sha256').update(text).digest('hex').slice(0, 24), text };
  prepared.set(strings, made);
  return made;
}

const asText = (value: string): string => value;

/** How columns are read where Prisma does not say so itself, by type. */
const readers: Readonly<Record<number, (value: string) => unknown>> = {
  [types.builtins.DATE]: asText,
  [types.builtins.INT8]: Number,
};

export const poolTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    readers[oid] ?? types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};
