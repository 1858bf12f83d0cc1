import type { Clock } from '../../runtime/clock';
import { failpoint } from '../../runtime/failpoints';
import type { Database } from '../database';
import { leaseMessages, markDelivered, markFailed, type LeasedMessage, type Wanted } from './outbox';

/**
 * Delivers one message to the outside; resolves also when nobody needs it any more (its workflow has ended). Bounds its
 * own time: shorter than a lease.
 */
export type DeliverMessage = (message: LeasedMessage) => Promise<void>;

export interface Dispatched {
  delivered: number;
  /** Put back for later; one that has been tried too often is given up with an alert. */
  failed: number;
}

/**
 * Delivers what committed facts owe to the outside (TRUTH-5). A message may be delivered twice, when a lease ends before
 * its holder does: signals only wake, and starts find the workflow running.
 */
export async function dispatch(
  database: Database,
  clock: Clock,
  deliver: DeliverMessage,
  wanted: Wanted,
): Promise<Dispatched> {
  if (wanted.kind === 'ids' && wanted.ids.length === 0) return { delivered: 0, failed: 0 };
  const messages = await leaseMessages(database.sql, wanted, await clock.now());
  if (messages.length > 0) await failpoint('event-unsignalled');
  const results = await Promise.all(messages.map((message) => attempt(deliver, message)));
  const now = await clock.now();
  const delivered = results.flatMap(({ message, error }) => (error === null ? [message.id] : []));
  await markDelivered(database.sql, delivered, now);
  for (const { message, error } of results) if (error !== null) await markFailed(database, message, error, now);
  return { delivered: delivered.length, failed: messages.length - delivered.length };
}

async function attempt(
  deliver: DeliverMessage,
  message: LeasedMessage,
): Promise<{ message: LeasedMessage; error: string | null }> {
  try {
    await deliver(message);
    return { message, error: null };
  } catch (error) {
    return { message, error: error instanceof Error ? error.message.slice(0, 300) : 'failed' };
  }
}
