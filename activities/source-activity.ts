import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { SourceUnavailable } from '../providers/ports';
import type { SourceInput, SourceResult } from '../workflows/contract';
import { sourceLeads, type SourcingDeps } from './source';

/** `sourceLeads` as an activity of its own: a source that says when to come back is asked again then, not sooner. */
export async function sourceWithRetryHint(deps: SourcingDeps, input: SourceInput): Promise<SourceResult> {
  try {
    return await sourceLeads(deps, input, () => Promise.resolve(heartbeat()));
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    const seconds = error.retryAfterSeconds;
    throw ApplicationFailure.create({
      message: error.message,
      type: error.name,
      nonRetryable: error.retry === 'never',
      ...(seconds === null ? {} : { nextRetryDelay: seconds * 1000 }),
    });
  }
}
