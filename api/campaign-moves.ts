import { campaignMoves, type CampaignMove } from '../domain/campaign-moves';
import { moveCampaign, readCampaign, type CampaignRecord } from '../store/campaigns/campaigns';
import type { ApiDeps } from './ports';
import { notFound, Problem } from './problem';

/**
 * Moves a campaign's state. The fact is committed together with what it owes to workflows (TRUTH-4); its own hears of it
 * before the answer when Temporal is there, all others by the relay, as soon as they can.
 * @throws Problem 404, 409 (the state does not allow it)
 */
export async function carryOut(
  deps: ApiDeps,
  campaign: { clientId: string; id: string },
  move: CampaignMove,
): Promise<CampaignRecord> {
  const { database, clock, deliverOutbox, logger } = deps;
  const { moved, outboxIds } = await moveCampaign(database, campaign, move, await clock.now());
  const record = await readCampaign(database, campaign.clientId, campaign.id);
  if (record === null) throw notFound('campaign');
  if (!moved) {
    const from = campaignMoves[move].from.join(' or ');
    throw new Problem('conflict', `The campaign is ${record.status}; only one that is ${from} can do that: ${move}.`);
  }
  await deliverOutbox({ kind: 'ids', ids: outboxIds }).catch((error: unknown) => {
    logger.warn({ err: error, campaignId: campaign.id }, 'messages are owed; the relay will deliver them');
  });
  return record;
}
