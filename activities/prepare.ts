import type { NextMove, PrepareInput } from '../workflows/contract';
import { compose } from './compose';
import type { ActivityDeps } from './deps';
import { plan } from './plan';

/**
 * What a lead does next: planned, booked and, for a touch, written. A text that fails its checks sends the plan back
 * to the start, which skips the step once that has happened too often (TEXT-2). Idempotent.
 * @throws WriterUnavailable when the writer gave no answer; the booking stays
 */
export async function prepare(deps: ActivityDeps, input: PrepareInput): Promise<NextMove> {
  for (;;) {
    const { next, record, touch } = await plan(deps, input.enrollmentId);
    if (next.kind !== 'deliver' || touch === null) return next;
    if (await compose(deps, record, touch, next.touchId)) return next;
  }
}
