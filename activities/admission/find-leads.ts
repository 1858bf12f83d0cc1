import { dayTarget } from '../../domain/pacing';
import { leadsToSource } from '../../domain/sourcing';
import { SourceUnavailable } from '../../providers/ports';
import { automaticCampaigns, countSharing } from '../../store/sourcing/automatic';
import { sourcedSoFar } from '../../store/sourcing/sourced-people';
import { raiseAlert } from '../../store/tenants/alerts';
import type { Pacing } from '../../store/tenants/pacing';
import type { ActivityDeps } from '../deps';
import { sourceLeads, type Alive } from '../source';

/** Days of the month's pacing that are looked for ahead: enough for a weekend's silence of a source, never the month. */
const daysAhead = 3;

/**
 * Has the campaigns of a client that bring no leads of their own find as many as the next days need (PACE-2), and never more
 * than that in one day, whatever becomes of them. A source that fails keeps nobody from being admitted who waits already:
 * it is asked again on the next day.
 */
export async function findLeads(deps: ActivityDeps, pacing: Pacing, alive: Alive): Promise<void> {
  if (deps.providers.leadSources.length === 0) return;
  const { clientId, today, since } = pacing;
  const { sql } = deps.database;
  const campaigns = await automaticCampaigns(sql, clientId, since);
  const perDay = dayTarget(today, pacing).target / Math.max(1, await countSharing(sql, clientId));
  let affordable = pacing.remaining - campaigns.reduce((sum, { waiting }) => sum + waiting, 0);
  for (const { campaignId, waiting, admittedToday } of campaigns) {
    const requestKey = `admission of ${today}`;
    const { imported } = await sourcedSoFar(sql, { campaignId, requestKey });
    const missing = leadsToSource({ waiting: waiting + admittedToday, perDay, daysAhead });
    const more = Math.min(missing, Math.ceil(perDay * daysAhead) - imported, affordable);
    if (more <= 0) continue;
    affordable -= more;
    try {
      await sourceLeads(deps, { campaignId, wanted: imported + more, requestKey }, alive);
    } catch (error) {
      await tell(deps, { clientId, campaignId }, error);
    }
  }
}

/** What a source says is told in its own closed words; anything else stands in the log. */
async function tell(
  deps: ActivityDeps,
  { clientId, campaignId }: { clientId: string; campaignId: string },
  error: unknown,
): Promise<void> {
  deps.log.warn({ campaignId, err: error }, 'no leads could be found');
  const why = error instanceof SourceUnavailable ? error.message : 'the search was not completed';
  const message = `no leads could be found for campaign ${campaignId}: ${why}`;
  const now = await deps.clock.now();
  await raiseAlert(deps.database.sql, { clientId, kind: 'sourcing', message, resourceId: campaignId }, now);
}
