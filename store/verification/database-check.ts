import type { Found } from '../../verification/report';
import type { Sql } from '../sql';

/** One promise of the specification, held against the rows of the database. */
export interface DatabaseCheck {
  /** The rule's id in docs/specification.md. */
  id: string;
  /** The promise, in a few words. */
  name: string;
  /** Looks at everything there is, in a few statements over whole tables: memory does not grow with them. */
  look(sql: Sql): Promise<Found>;
}

/** A row of a statement that finds violations: what is wrong, without personal data, and how many there are in all. */
export interface ViolationRow {
  text: string;
  touchId: string | null;
  /** `count(*) OVER ()`: the statement itself answers with the first ones only. */
  of: number;
}

/** How many violations a statement answers with. */
export const atMost = 10;

/** What was found, from what several statements say. */
export function found(lookedAt: Found['lookedAt'], ...lists: readonly (readonly ViolationRow[])[]): Found {
  return {
    lookedAt,
    count: lists.reduce((sum, rows) => sum + (rows[0]?.of ?? 0), 0),
    first: lists.flatMap((rows) => rows.map(({ text, touchId }) => ({ text, touchId }))),
  };
}

/** The counts of a row such as `SELECT count(*) AS touches`. */
export function counts(rows: readonly Record<string, number>[]): Record<string, number> {
  return { ...rows[0] };
}

/**
 * How far the instants of two transactions that met at a lock may be from their order, in seconds: the instant is read
 * before the lock is waited for. The logs of a run know it to the millisecond.
 */
export const slackSeconds = 90;
