import type { Facts } from './facts';
import type { Run } from './run';

export interface Violation {
  /** What is wrong, of whom and when, in one line. */
  text: string;
  touchId: string | null;
}

/** One promise of the specification, held against the facts. */
export interface Check {
  /** The rule's id in docs/specification.md. */
  id: string;
  /** The promise, in a few words. */
  name: string;
  /** What a run must have besides its logs; without it the check is left out and the report says so. */
  needs?: 'setup' | 'people';
  /** @returns every violation; none when the promise was kept */
  check(facts: Facts): Violation[];
}

/** A violation by one touch. */
export const violation = (text: string, touch: { touchId: string | null } | null = null): Violation => ({
  text,
  touchId: touch?.touchId ?? null,
});

/** For checks that can't do without it. @throws Error when it is missing: `verify` asks `needs` before */
export function needed<K extends 'setup' | 'people'>(run: Run, name: K): NonNullable<Run[K]> {
  const value = run[name];
  if (value === null) throw new Error(`${name}.json is missing`);
  return value;
}
