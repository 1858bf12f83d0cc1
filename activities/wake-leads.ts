import { stopWaiting } from '../store/enrollments/admission';
import { oweWakeUps } from '../store/outbox/signals';
import type { AdmitInput } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { deliverOwedSignals } from '../store/outbox/owed-signals';

/** After resume and complete: every active lead of the campaign plans again (TRUTH-4); waiting ones end with it. */
export async function wakeLeads(deps: ActivityDeps, input: AdmitInput): Promise<void> {
  const campaign = await deps.database.campaign.findUniqueOrThrow({ where: { id: input.campaignId } });
  if (campaign.status === 'completed') await stopWaiting(deps.database, campaign.id, await deps.clock.now());
  await oweWakeUps(deps.database, input.campaignId, await deps.clock.now());
  while ((await deliverOwedSignals(deps.database, deps.clock, deps.workflows.signal)) > 0);
}
