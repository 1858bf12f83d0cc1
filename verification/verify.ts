import { checks } from './checks';
import { factsOf } from './facts';
import type { Finding, Report } from './report';
import { readRun, type Run } from './run';

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
  const lookedAt = {
    touches: facts.touches.length + facts.strangers.length,
    events: run.inbox.length,
    leads: run.leads.length,
  };
  const findings = checks.map(({ id, name, needs, check }): Finding => {
    const about = { id, name, source: 'logs' as const };
    if (needs !== undefined && run[needs] === null) {
      return Object.assign(about, { kind: 'leftOut' as const, reason: `${needs}.json is missing` });
    }
    const violations = check(facts);
    return Object.assign(about, { kind: 'checked' as const, lookedAt, count: violations.length, first: violations });
  });
  return { findings, uncertain: [] };
}
