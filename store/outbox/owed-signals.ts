import type { Clock } from '../../runtime/clock';
import type { Database } from '../database';
import { markSignalDelivered, owedSignals, type OwedSignal } from './signals';

/** Sends one signal; resolves also when its workflow has ended and needs none any more. */
export type SendSignal = (signal: OwedSignal) => Promise<void>;

const batch = 200;

/**
 * Delivers signals that committed facts still owe to workflows (TRUTH-5), oldest first. A signal may be delivered
 * twice when several deliver at once; it only wakes.
 * @returns how many were delivered
 * @throws AggregateError of what could not be delivered; it stays owed
 */
export async function deliverOwedSignals(database: Database, clock: Clock, send: SendSignal): Promise<number> {
  const owed = await owedSignals(database, batch);
  const results = await Promise.allSettled(
    owed.map(async (signal) => {
      await send(signal);
      await markSignalDelivered(database, signal.id, await clock.now());
    }),
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} signals could not be delivered`);
  return owed.length;
}
