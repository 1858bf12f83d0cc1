import { WatchUnavailable, type MailboxWatch } from '../providers/ports';
import { recordEvent } from '../store/events/record-event';
import { keepWatch, leaseWatch, postponeWatch, type LeasedWatch } from '../store/senders/mailbox-watches';
import type { ActivityDeps } from './deps';

export type WatchingDeps = Pick<ActivityDeps, 'database' | 'clock' | 'secretKey' | 'deliverOutbox' | 'log'> & {
  watches: readonly MailboxWatch[];
};

/**
 * Looks into the mailbox that waits longest. Events are stored as a webhook's are, before the cursor moves: what was
 * interrupted is looked at again, and counts once. @returns whether there was one
 */
export async function lookIntoNext(deps: WatchingDeps): Promise<boolean> {
  const { database, clock, watches, log } = deps;
  if (watches.length === 0) return false;
  const names = watches.map(({ name }) => name);
  const leased = await leaseWatch(database.sql, names, await clock.now());
  const watch = watches.find(({ name }) => name === leased?.provider);
  if (leased === null || watch === undefined) return false;
  try {
    await lookInto(deps, watch, leased);
  } catch (error) {
    const word = error instanceof WatchUnavailable ? error.reason : 'it was not completed';
    await postponeWatch(database.sql, leased, word, await clock.now());
    log.warn({ senderId: leased.senderId, error: word }, 'a mailbox could not be looked into');
    if (!(error instanceof WatchUnavailable)) throw error;
  }
  return true;
}

async function lookInto(deps: WatchingDeps, watch: MailboxWatch, leased: LeasedWatch): Promise<void> {
  const { database, clock, secretKey } = deps;
  const page = await watch.look(leased.mailbox, leased.cursor, await clock.now());
  for (const event of page.events) {
    const { outboxIds } = await recordEvent(database, event, secretKey, await clock.now());
    await deps.deliverOutbox({ kind: 'ids', ids: outboxIds });
  }
  await keepWatch(database.sql, leased, page, await clock.now());
}
