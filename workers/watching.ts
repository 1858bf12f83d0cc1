import { settleNext } from '../activities/maintenance/settle-handovers';
import type { ActivityDeps } from '../activities/deps';
import { lookIntoNext, type WatchingDeps } from '../activities/watch-mailboxes';
import type { Logger } from '../runtime/logger';

/** Milliseconds between two looks for what is due. */
const lookEveryMs = 2_000;

export interface Watching {
  /** Finishes what it is looking at, and stops. */
  stop(): Promise<void>;
}

/** Looks after what providers hold, and into mailboxes whose providers do not repeat what nobody has heard. */
export function startWatching(deps: ActivityDeps & WatchingDeps, log: Logger): Watching {
  let stopped = false;
  const rounds = [() => settleNext(deps), () => lookIntoNext(deps)].map((next) => {
    let running: Promise<void> | null = null;
    const round = async (): Promise<void> => {
      try {
        while (!stopped && (await next()));
      } catch (error) {
        const { stack, code } = error as { stack?: string; code?: string };
        log.warn({ stack, code }, 'what is watched could not be looked at; it is tried again');
      }
    };
    return {
      look: () => void (running ??= round().finally(() => (running = null))),
      done: () => running ?? Promise.resolve(),
    };
  });
  const timer = setInterval(() => rounds.forEach(({ look }) => look()), lookEveryMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all(rounds.map(({ done }) => done()));
    },
  };
}
