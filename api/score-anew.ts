import { rescoreOpen } from '../store/leads/scoring';
import type { ApiDeps } from './ports';

/** Has computed scores follow what the client has changed: whom a campaign targets, or who competes (ACC-3). */
export async function scoreAnew(
  { database, clock, deliverOutbox }: ApiDeps,
  of: { clientId: string; campaignId?: string },
): Promise<void> {
  const { outboxIds } = await rescoreOpen(database, of, await clock.now());
  if (outboxIds.length > 0) await deliverOutbox({ kind: 'ids', ids: outboxIds });
}
