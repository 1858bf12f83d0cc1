import type { Delivery } from './delivery';
import { simulatedProviders } from './providers';
import type { PlannedReaction } from './workflows/reaction-input';

/** Adds the repetitions that the event's sender would make when the engine answers 5xx or not at all. */
export function withRetries(delivery: Delivery): (reaction: PlannedReaction) => PlannedReaction {
  return (reaction) => {
    const teller = simulatedProviders.find((provider) => provider.tells?.(delivery, reaction.kind));
    return { ...reaction, retryAfterMs: [...(teller?.pauses ?? [])] };
  };
}
