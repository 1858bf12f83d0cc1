import { proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { PlannedReaction, ReactionActivities, ReactionInput } from './reaction-input';

const { tellEngine } = proxyLocalActivities<ReactionActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/**
 * Everything that follows from one touch. Each reaction waits for its own moment; a delivery that fails is repeated
 * after a pause of the run's time, so that no failing receiver holds the clock.
 */
export async function prospectReaction({ deliveryId, reactions }: ReactionInput): Promise<void> {
  await Promise.all(reactions.map((reaction) => happen(deliveryId, reaction)));
}

async function happen(deliveryId: string, reaction: PlannedReaction): Promise<void> {
  const { kind, afterMs, facts = {}, retryAfterMs = [] } = reaction;
  await sleep(afterMs);
  for (const pauseMs of retryAfterMs) {
    if (!(await tellEngine({ deliveryId, kind, facts }))) return;
    await sleep(pauseMs);
  }
  await tellEngine({ deliveryId, kind, facts });
}
