import type { Finding } from '../report';
import type { Run } from '../run';
import type { BesideCheck } from './check';
import { stored } from './events';
import { besides, type Known } from './known';
import { accounted, onceEach, received } from './sendings';
import { silent } from './stops';

/** What the witness and the engine must agree about; a new one is an object and a line here. */
export const besideChecks: readonly BesideCheck[] = [onceEach, accounted, received, silent, stored];

/** Holds the logs and the database beside each other. Its memory grows with the logs. */
export function verifyBeside(run: Pick<Run, 'outbox' | 'inbox' | 'stops'>, known: Known): Finding[] {
  const both = besides(run, known);
  return besideChecks.map(({ id, name, check }): Finding => {
    const { lookedAt, violations, count = violations.length } = check(both);
    return { id, name, source: 'database and logs', kind: 'checked', lookedAt, count, first: violations };
  });
}
