import type { Violation } from './check';
import { checks } from './checks';
import { factsOf } from './facts';
import { readRun, type Run } from './run';

/** What became of one check. */
export type Result = { id: string; name: string } & (
  { kind: 'checked'; violations: Violation[] } | { kind: 'leftOut'; missing: string }
);

export interface Report {
  /** How much was looked at: a run without touches keeps every promise. */
  seen: { touches: number; events: number; leads: number };
  results: Result[];
}

/**
 * Holds the logs of a run against the specification.
 * @param directory as `npm run demo -- --out` writes it; with setup.json and people.json every check can be made
 * @throws Error naming file, line and field when the logs are missing or can't be read
 */
export function verifyRun(directory: string): Report {
  return verify(readRun(directory));
}

/** The same for logs that were read already. */
export function verify(run: Run): Report {
  const facts = factsOf(run);
  const results = checks.map(({ id, name, needs, check }): Result => {
    if (needs !== undefined && run[needs] === null) return { id, name, kind: 'leftOut', missing: `${needs}.json` };
    return { id, name, kind: 'checked', violations: check(facts) };
  });
  const touches = facts.touches.length + facts.strangers.length;
  return { seen: { touches, events: run.inbox.length, leads: run.leads.length }, results };
}

/** Every violation as `id: text`. */
export function violationsOf({ results }: Report): string[] {
  return results.flatMap((result) =>
    result.kind === 'checked' ? result.violations.map(({ text }) => `${result.id}: ${text}`) : [],
  );
}
