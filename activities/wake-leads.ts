import { heartbeat } from '@temporalio/activity';
import { readRunningCampaign } from '../store/campaigns/campaigns';
import { stopWaiting } from '../store/enrollments/finish';
import { oweWakeUps } from '../store/outbox/outbox';
import type { AdmitInput } from '../workflows/contract';
import type { ActivityDeps } from './deps';

/**
 * After resume and complete: every active lead of the campaign plans again (TRUTH-4); waiting ones end with it. The move
 * itself has owed the wake-ups already; this delivers them, and owes them again to whoever has started since.
 */
export async function wakeLeads(deps: ActivityDeps, { campaignId }: AdmitInput): Promise<void> {
  const { sql } = deps.database;
  const { status } = await readRunningCampaign(sql, campaignId);
  const now = await deps.clock.now();
  if (status === 'completed') await stopWaiting(deps.database, campaignId, now);
  await oweWakeUps(sql, campaignId, now);
  for (;;) {
    heartbeat();
    const { delivered, failed } = await deps.deliverOutbox({ kind: 'campaign', campaignId });
    if (failed > 0) throw new Error(`${failed} leads of campaign ${campaignId} could not be woken`);
    if (delivered === 0) return;
  }
}
