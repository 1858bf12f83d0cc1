import type { Because } from '../../domain/facts';
import { verdictOfLook, type LookAnswer, type LookVerdict } from '../../domain/reconciliation';
import { settleLook, takeDueLooks, type DueLook, type LookResult } from '../../store/touches/reconciliation';
import type { ActivityDeps } from '../deps';
import { findTouch } from '../send';

/** Touches that are looked for at the same time. */
const looksAtOnce = 8;
/** After so long no further touches are taken: they come first the next time. A provider may be slow. In milliseconds. */
const roundMs = 60_000;
/** In milliseconds. */
const beatEveryMs = 5_000;

/**
 * Looks for uncertain touches at their providers, each when it is due (TRUTH-1): found → sent; absent when the provider's
 * list must be complete → failed, and never sent again; else it is looked for again, less and less often, until nothing
 * more can be learned. Safe to repeat at any point, and to do twice at once.
 */
export async function reconcileUncertain(deps: ActivityDeps, beat: () => void): Promise<void> {
  const began = performance.now();
  const beating = setInterval(beat, beatEveryMs);
  try {
    for (;;) {
      const due = await takeDueLooks(deps.database.sql, await deps.clock.now(), looksAtOnce);
      await Promise.all(due.map((one) => look(deps, one)));
      if (due.length < looksAtOnce || performance.now() - began > roundMs) return;
    }
  } finally {
    clearInterval(beating);
  }
}

/** One look. What fails here is looked for again when its lease is over. */
async function look(deps: ActivityDeps, due: DueLook): Promise<void> {
  const { touchId, channel, claimedAt } = due.touch;
  try {
    const asked = await deps.clock.now();
    const { found, until, reference } = await findTouch(deps, due.touch);
    const verdict = verdictOfLook(found, { claimedAt, looks: due.looks, now: asked }, until);
    const result = { ...resultOf(verdict), answer: found, reference, because: becauseOf(found, verdict, due, asked) };
    const status = await settleLook(deps.database, due, result, await deps.clock.now());
    deps.log.info({ touchId, channel, answer: found, status }, 'an uncertain touch was looked for');
  } catch (error) {
    deps.log.warn({ touchId, channel, err: error }, 'an uncertain touch could not be looked for');
  }
}

function resultOf(verdict: LookVerdict): Pick<LookResult, 'becomes' | 'nextLookAt'> {
  switch (verdict.kind) {
    case 'sent':
    case 'failed':
      return { becomes: verdict.kind, nextLookAt: null };
    case 'open':
      return { becomes: 'open', nextLookAt: verdict.nextLookAt };
    case 'given up':
      return { becomes: 'open', nextLookAt: null };
  }
}

function becauseOf(answer: LookAnswer, { kind }: LookVerdict, { touch, looks }: DueLook, asked: Date): Because {
  const minutes = Math.round((asked.getTime() - touch.claimedAt.getTime()) / 60_000);
  const numbers = { looks: looks + 1, minutesAfterwards: minutes };
  return { reason: reasonOf(answer, kind), rule: 'TRUTH-1', numbers };
}

function reasonOf(answer: LookAnswer, kind: LookVerdict['kind']): string {
  if (kind === 'sent') return 'found at the provider';
  if (kind === 'failed')
    return "not in the provider's list, which is complete by now: it never arrived, and is not sent again";
  if (answer === 'erased') return 'the lead was erased, so the provider cannot be asked any more';
  return 'the provider could not tell, and is asked no more: a person has to look';
}
