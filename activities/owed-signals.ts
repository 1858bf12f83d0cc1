import { markSignalDelivered, owedSignals } from '../store/signals';
import type { ActivityDeps } from './deps';

const batch = 200;

/**
 * Delivers signals that committed facts still owe to workflows (TRUTH-5), oldest first. A signal may be delivered
 * twice when several deliver at once; it only wakes.
 * @returns how many were delivered; failures stay owed and are thrown together
 */
export async function deliverOwedSignals(
  deps: Pick<ActivityDeps, 'database' | 'clock' | 'workflows'>,
): Promise<number> {
  const owed = await owedSignals(deps.database, batch);
  const results = await Promise.allSettled(
    owed.map(async (signal) => {
      await deps.workflows.signal(signal);
      await markSignalDelivered(deps.database, signal.id, await deps.clock.now());
    }),
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} signals could not be delivered`);
  return owed.length;
}
