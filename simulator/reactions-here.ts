import type { StartReaction } from './arrivals';
import { realPause, type TableClock } from './clock';
import { minutes } from './durations';
import type { EventMischief, Mischiefs } from './mischief';
import type { PlannedReaction, ReactionActivities } from './workflows/reaction-input';

/** Real milliseconds by which the answer to a touch waits for an event that is told early. */
const headStartMs = 200;
/** How much later a late event comes, in milliseconds of the run: after those that followed it. */
const lateMs = minutes(45);

/** Reactions that wait in this process, on a clock by table: no other server is needed, and none survives the process. */
export function reactionsHere(
  clock: TableClock,
  mischiefs: Mischiefs,
  teller: () => ReactionActivities,
): StartReaction {
  const later = (runMs: number, work: () => Promise<unknown>): void => {
    setTimeout(() => void work().catch(report), Math.max(0, realPause(clock, runMs))).unref();
  };

  return async ({ deliveryId, reactions }) => {
    const tell = async ({ kind, facts = {}, retryAfterMs = [] }: PlannedReaction, attempt = 0): Promise<void> => {
      const isMissed = await teller().tellEngine({ deliveryId, kind, facts });
      const pause = retryAfterMs[attempt];
      const reaction = { kind, afterMs: 0, facts, retryAfterMs };
      if (isMissed && pause !== undefined) later(pause, () => tell(reaction, attempt + 1));
    };
    const plan = (reaction: PlannedReaction, mischief: EventMischief | null): void => {
      const afterMs = mischief === 'early' ? 0 : reaction.afterMs + (mischief === 'late' ? lateMs : 0);
      later(afterMs, () => tell(reaction));
      if (mischief === 'double') later(afterMs, () => tell(reaction));
    };
    const planned = reactions.map((reaction) => ({ reaction, mischief: mischiefs.ofEvent() }));
    for (const { reaction, mischief } of planned) plan(reaction, mischief);
    const isEarly = planned.some(({ mischief }) => mischief === 'early');
    if (isEarly) await new Promise((resolve) => setTimeout(resolve, headStartMs));
  };
}

function report(error: unknown): void {
  process.stderr.write(`reaction: ${error instanceof Error ? error.message : String(error)}\n`);
}
