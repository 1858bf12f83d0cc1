import type { Dispatched } from '../store/outbox/dispatch';
import type { Wanted } from '../store/outbox/outbox';

/** Deliveries that go on at a time in one process; what comes beyond them is the relay's. */
const atOnce = 8;
/** After a delivery that failed, so long none is tried here, in milliseconds: whoever does not answer is not asked by everyone. */
const restMs = 2_000;

/**
 * Delivers what has just become owed as long as that goes quickly. Nothing is lost otherwise: messages are rows, and the
 * relay of the workers delivers them. So when Temporal is away no attempts pile up here, however many events come.
 */
export function boundedDelivery(
  deliver: (wanted: Wanted) => Promise<Dispatched>,
): (wanted: Wanted) => Promise<Dispatched> {
  let underWay = 0;
  let resting = false;
  const rest = (): void => {
    resting = true;
    setTimeout(() => (resting = false), restMs).unref();
  };
  return async (wanted) => {
    if (resting || underWay >= atOnce) return { delivered: 0, failed: 0 };
    underWay += 1;
    try {
      const dispatched = await deliver(wanted);
      if (dispatched.failed > 0) rest();
      return dispatched;
    } catch (error) {
      rest();
      throw error;
    } finally {
      underWay -= 1;
    }
  };
}
