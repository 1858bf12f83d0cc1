import { overbookedTouches, takeBack } from '../../store/capacity/overbooked';
import { oweSignal } from '../../store/outbox/outbox';
import type { ActivityDeps } from '../deps';
import { plan } from '../plan';

/**
 * Plans the bookings again that a halved limit has no room for any more (HLTH-2): all are taken back, and then each finds
 * its next slot, the highest scores first. Booking spreads them over the coming days, at random moments (TIME-6). Their
 * workflows hear of it afterwards; one that does not would find the touch not due, and wait.
 */
export async function rebookDomain(deps: ActivityDeps, domainId: string, beat: () => void): Promise<void> {
  const { database } = deps;
  const now = await deps.clock.now();
  const taken = [];
  for (const touch of await overbookedTouches(database.sql, domainId, now)) {
    beat();
    if (await takeBack(database, touch, now)) taken.push(touch);
  }
  const owed: string[] = [];
  for (const touch of taken) {
    beat();
    // Whoever could not be planned here is planned by its own workflow, which is woken all the same.
    await plan(deps, touch.enrollmentId).catch((error: unknown) =>
      deps.log.warn({ enrollmentId: touch.enrollmentId, err: error }, 'a booking was not planned again here'),
    );
    owed.push(await oweSignal(database.sql, touch, 'leadWoken', now));
  }
  if (taken.length > 0) deps.log.info({ domainId, replanned: taken.length }, 'bookings planned again');
  await deps.deliverOutbox({ kind: 'ids', ids: owed });
}
