import type { ProviderEvent } from '../../providers/ports';
import { transact, type Database } from '../database';
import { moveCursor, type LeasedInbox } from '../senders/inboxes';
import { recordEventIn } from './record-event';

/**
 * TRUTH-5: stores what a mail means, and that its inbox was read so far. Each event is a transaction of its own, as
 * everywhere, so that locks are taken in one order; the cursor moves with the last. Whoever dies in between reads the mail
 * again, and what is stored already counts once.
 * @param events of one mail; none: only the cursor moves
 * @returns what is owed to workflows now
 * @throws InboxLost when somebody else reads the inbox by now: the last event was not stored
 */
export async function recordMail(
  database: Database,
  { inbox, uid, events }: { inbox: LeasedInbox; uid: number; events: readonly ProviderEvent[] },
  secretKey: string,
  now: Date,
): Promise<string[]> {
  if (events.length === 0) {
    await moveCursor(database.sql, inbox, uid);
    return [];
  }
  const owed: string[] = [];
  for (const [nr, event] of events.entries()) {
    const { outboxIds } = await transact(database, async (sql) => {
      const recorded = await recordEventIn(sql, event, secretKey, now);
      if (nr === events.length - 1) await moveCursor(sql, inbox, uid);
      return recorded;
    });
    owed.push(...outboxIds);
  }
  return owed;
}
