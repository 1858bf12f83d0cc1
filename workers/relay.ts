import type { Logger } from '../runtime/logger';
import type { Dispatched } from '../store/outbox/dispatch';

/** Milliseconds between two looks for messages that are due (TRUTH-5). */
const lookEveryMs = 2_000;

export interface Relay {
  /** Finishes the round that is running and stops. */
  stop(): Promise<void>;
}

/**
 * Delivers, round after round, what could not be delivered at once. A round that delivered something is followed by the
 * next one without a pause. While the outside is away messages stay owed, which is said once.
 */
export function startRelay(deliverDue: () => Promise<Dispatched>, log: Logger): Relay {
  let stopped = false;
  let failing = false;
  const say = (isFailing: boolean, about: Record<string, unknown>): void => {
    if (isFailing && !failing) log.warn(about, 'messages cannot be delivered; they stay owed');
    if (!isFailing && failing) log.info('messages are delivered again');
    failing = isFailing;
  };
  const round = async (): Promise<void> => {
    try {
      for (let goesOn = true; goesOn && !stopped;) {
        const { delivered, failed } = await deliverDue();
        if (delivered + failed > 0) say(failed > 0, { failed });
        goesOn = delivered > 0;
      }
    } catch (error) {
      say(true, { err: error });
    }
  };
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => (stopped ? undefined : round()));
  }, lookEveryMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
