import { campaignMoves, type CampaignMove } from '../domain/campaign-moves';
import { moveCampaign, readCampaign, takeMoveBack, type CampaignRecord } from '../store/campaigns/campaigns';
import type { ApiDeps } from './ports';
import { notFound, Problem } from './problem';

/**
 * Moves a campaign's state: the fact is committed first, then its workflow is told. Pause and complete hold even when
 * Temporal is away, because the gate reads the fact (TRUTH-2); activate and resume are taken back then, because
 * nothing would carry them out.
 * @throws Problem 404, 409 (the state does not allow it), 503 (nothing was changed)
 */
export async function carryOut(
  deps: ApiDeps,
  campaign: { clientId: string; id: string },
  move: CampaignMove,
): Promise<CampaignRecord> {
  const { database, clock } = deps;
  const { moved, outboxIds } = await moveCampaign(database, campaign, move, await clock.now());
  const record = await readCampaign(database, campaign.clientId, campaign.id);
  if (record === null) throw notFound('campaign');
  if (!moved) {
    const from = campaignMoves[move].from.join(' or ');
    throw new Problem('conflict', `The campaign is ${record.status}; only one that is ${from} can do that: ${move}.`);
  }
  try {
    await tellWorkflow(deps, campaign.id, move, outboxIds);
  } catch (error) {
    await afterSilence(deps, campaign, move, error);
  }
  return record;
}

async function tellWorkflow(
  { workflows, deliverOutbox }: ApiDeps,
  id: string,
  move: CampaignMove,
  outboxIds: readonly string[],
): Promise<void> {
  switch (move) {
    case 'activate': {
      const { failed } = await deliverOutbox({ kind: 'ids', ids: outboxIds });
      if (failed > 0) throw new Error("the campaign's workflow could not be started");
      return;
    }
    case 'pause':
      return workflows.pauseCampaign(id);
    case 'resume':
      return workflows.resumeCampaign(id);
    case 'complete':
      return workflows.completeCampaign(id);
  }
}

async function afterSilence(deps: ApiDeps, campaign: { id: string }, move: CampaignMove, error: unknown) {
  deps.logger.error({ err: error, campaignId: campaign.id, move }, 'the campaign workflow could not be told');
  if (move === 'pause' || move === 'complete') return;
  await takeMoveBack(deps.database, campaign.id, move);
  throw new Problem('unavailable', 'The workflow engine does not answer; nothing was changed. Try again.', [], {
    'retry-after': '10',
  });
}
