import { deliveryOf, type Delivery } from './delivery';
import { Unanswered, type Mischiefs } from './mischief';
import type { People } from './people';
import type { Prospects } from './prospects';
import type { Operation, OutboxEntry, Witness } from './witness';
import type { ReactionInput } from './workflows/reaction-input';

/** A request as a provider saw it; the detail of a touch carries its `reference`. */
export interface Request {
  provider: string;
  operation: Operation;
  resource: string | null;
  recipient: string | null;
  touchId: string | null;
  detail: Record<string, unknown>;
}

export interface Arrivals {
  /**
   * Writes the request down and starts what comes of it. Await it before answering: the clock stands still while the
   * caller waits, so nothing can happen before its cause.
   * @param register notes what the provider itself keeps of it, at the run's time, before anything comes of it
   * @throws Unanswered when it was taken and its caller is not to get the answer
   */
  accept(request: Request, register?: (at: Date) => void): Promise<Date>;
  /** Writes a refused request down, with the word that the provider refused it by. */
  reject(request: Request, error: string): Promise<Date>;
  /** Makes a past request known again after a restart, without starting anything. */
  recall(entry: OutboxEntry): void;
  /** The delivery with this id. */
  find(deliveryId: string): Delivery | null;
}

export type StartReaction = (input: ReactionInput) => Promise<void>;

interface ArrivalDependencies {
  witness: Witness;
  people: People;
  prospects: Prospects;
  mischiefs: Mischiefs;
  startReaction: StartReaction;
}

export function createArrivals(dependencies: ArrivalDependencies): Arrivals {
  const { witness, people, prospects, mischiefs, startReaction } = dependencies;
  const deliveries = new Map<string, Delivery>();

  function note(entry: OutboxEntry): ReactionInput | null {
    const delivery = deliveryOf(entry, people);
    if (!delivery) return null;
    deliveries.set(delivery.id, delivery);
    return { deliveryId: delivery.id, reactions: prospects.receive(delivery) };
  }

  return {
    async accept(request, register) {
      const mischief = mischiefs.ofRequest(request.operation);
      const detail = mischief === null ? request.detail : { ...request.detail, mischief };
      const entry: OutboxEntry = { ...request, outcome: 'accepted', answered: mischief === null, detail };
      const at = await witness.outbox(entry);
      register?.(at);
      const reaction = note(entry);
      if (reaction && reaction.reactions.length > 0) await startReaction(reaction);
      if (mischief !== null) throw new Unanswered(mischief, mischiefs.slowSeconds);
      return at;
    },
    reject: (request, error) =>
      witness.outbox({ ...request, outcome: 'rejected', answered: true, detail: { error, ...request.detail } }),
    recall: (entry) => void note(entry),
    find: (deliveryId) => deliveries.get(deliveryId) ?? null,
  };
}
