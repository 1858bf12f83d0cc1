import { heartbeat } from '@temporalio/activity';
import { dayTarget } from '../../domain/pacing';
import { leadsToSource } from '../../domain/sourcing';
import { SourceUnavailable } from '../../providers/ports';
import { automaticCampaigns, countActive } from '../../store/sourcing/automatic';
import { sourcedSoFar } from '../../store/sourcing/sourced-people';
import { raiseAlert } from '../../store/tenants/alerts';
import type { Pacing } from '../../store/tenants/pacing';
import type { ActivityDeps } from '../deps';
import { sourceLeads } from '../source';

/** Days of the month's pacing that are looked for ahead: enough for a weekend's silence of a source, never the month. */
const daysAhead = 3;

/**
 * Has the campaigns of a client that bring no leads of their own find as many as the next days need (PACE-2). A source that
 * does not answer keeps nobody from being admitted who waits already: it is asked again on the next day.
 */
export async function findLeads(deps: ActivityDeps, pacing: Pacing, renew: () => Promise<void>): Promise<void> {
  if (deps.providers.leadSources.length === 0) return;
  const { clientId, today, since } = pacing;
  const { sql } = deps.database;
  const { target } = dayTarget(today, pacing);
  const perDay = target / Math.max(1, await countActive(sql, clientId));
  for (const { campaignId, waiting, admittedToday } of await automaticCampaigns(sql, clientId, since)) {
    const more = Math.min(
      leadsToSource({ waiting: waiting + admittedToday, perDay, daysAhead }),
      Math.max(0, pacing.remaining - waiting),
    );
    if (more === 0) continue;
    const requestKey = `admission of ${today}`;
    const { imported } = await sourcedSoFar(sql, { campaignId, requestKey });
    const alive = async (): Promise<void> => {
      heartbeat();
      await renew();
    };
    try {
      await sourceLeads(deps, { campaignId, wanted: imported + more, requestKey }, alive);
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      const message = `no leads could be found for campaign ${campaignId}: ${error.message}`;
      await raiseAlert(sql, { clientId, kind: 'sourcing', message, resourceId: campaignId }, await deps.clock.now());
    }
  }
}
