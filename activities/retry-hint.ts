import { ApplicationFailure } from '@temporalio/common';
import { WriterUnavailable } from '../providers/ports';
import type { NextMove, PrepareInput } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { prepare } from './prepare';

/** `prepare` as an activity of its own: a writer that says when to come back is asked again then, not sooner. */
export async function prepareWithRetryHint(deps: ActivityDeps, input: PrepareInput): Promise<NextMove> {
  try {
    return await prepare(deps, input);
  } catch (error) {
    if (!(error instanceof WriterUnavailable)) throw error;
    const seconds = error.retryAfterSeconds;
    throw ApplicationFailure.create({
      message: error.message,
      type: error.name,
      ...(seconds === null ? {} : { nextRetryDelay: seconds * 1000 }),
    });
  }
}
