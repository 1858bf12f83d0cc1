import type { Because } from '../../domain/facts';
import { leaseHandover, postponeHandover, settleHandover, type OpenHandover } from '../../store/touches/handovers';
import type { ActivityDeps } from '../deps';
import { findTouch, withdrawTouch } from '../send';

/**
 * What a provider was handed and has not sent. After `withdrawAfter` it is taken back: the window is over by then, and the
 * provider would send it on another day (TIME-7). After `deadline` it is decided. In milliseconds.
 */
export const handoverTimes = { withdrawAfter: 2 * 3_600_000, deadline: 24 * 3_600_000 } as const;

/** Looks after every touch that is due. @param beat called between two of them */
export async function settleHandovers(deps: ActivityDeps, beat: () => void): Promise<void> {
  while (await settleNext(deps)) beat();
}

/** Looks after the touch that waits longest. @returns whether there was one */
export async function settleNext(deps: ActivityDeps): Promise<boolean> {
  const handover = await leaseHandover(deps.database.sql, await deps.clock.now());
  if (handover === null) return false;
  await lookAfter(deps, handover);
  return true;
}

async function lookAfter(deps: ActivityDeps, handover: OpenHandover): Promise<void> {
  const { touch, handedAt, isWanted, isKnown } = handover;
  if (isKnown) return settle(deps, handover, 'sent', { reason: 'known already', rule: 'TRUTH-1', numbers: {} });
  const age = (await deps.clock.now()).getTime() - handedAt.getTime();
  const mustNotLeave = !isWanted || age >= handoverTimes.withdrawAfter;
  const withdraws = mustNotLeave && !handover.isWithdrawn;
  const withdrawn = withdraws ? (await withdrawTouch(deps, touch.touchId)) === 'withdrawn' : null;
  const { found } = await findTouch(deps, touch);
  const numbers = { looks: handover.looks, minutes: Math.floor(age / 60_000) };
  if (found === 'found') {
    return settle(deps, handover, 'sent', { reason: 'found at the provider', rule: 'TRUTH-1', numbers });
  }
  if (age < handoverTimes.deadline) {
    return postponeHandover(deps.database.sql, handover, withdrawn, await deps.clock.now());
  }
  const end = found === 'absent' ? 'failed' : 'open';
  const reason =
    handover.isWithdrawn || withdrawn === true
      ? 'the provider did not send it in time, and it was taken back'
      : 'the provider took it and sent nothing: it does not write to this contact';
  return settle(deps, handover, end, { reason, rule: 'LIM-6', numbers });
}

async function settle(
  { database, clock, log }: ActivityDeps,
  handover: OpenHandover,
  end: 'sent' | 'failed' | 'open',
  because: Because,
): Promise<void> {
  await settleHandover(database, handover, { end, because }, await clock.now());
  log.info({ touchId: handover.touch.touchId, end }, 'handed-over touch settled');
}
