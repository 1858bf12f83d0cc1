import { agedScores } from '../../store/leads/aged-scores';
import { rescoreComputed } from '../../store/leads/scoring';
import type { ActivityDeps } from '../deps';

/** Leads between two beats. */
const leadsAtOnce = 500;

/**
 * Scores those anew whose facts have aged (ACC-3): somebody is no longer new in the role. To be done once a day. Safe to
 * repeat: whose score is true is not asked for.
 */
export async function ageScores(deps: ActivityDeps, beat: () => void): Promise<void> {
  const { database, clock } = deps;
  const now = await clock.now();
  const byClient = new Map<string, string[]>();
  for (const { clientId, leadId } of await agedScores(database.sql, now)) {
    const ids = byClient.get(clientId) ?? [];
    ids.push(leadId);
    byClient.set(clientId, ids);
  }
  let changed = 0;
  for (const [clientId, all] of byClient) {
    for (let from = 0; from < all.length; from += leadsAtOnce) {
      beat();
      const leads = { clientId, leadIds: all.slice(from, from + leadsAtOnce) };
      const { leadIds, outboxIds } = await rescoreComputed(database, leads, await clock.now());
      changed += leadIds.length;
      await deps.deliverOutbox({ kind: 'ids', ids: outboxIds });
    }
  }
  if (changed > 0) deps.log.info({ changed }, 'scores changed with time');
}
