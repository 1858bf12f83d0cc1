import type { Because } from '../../domain/facts';
import { localDate } from '../../domain/local-date';
import { releaseTouches } from '../capacity/capacity';
import type { ClaimedTouch } from './claims';
import type { Database } from '../database';
import { dateValue } from '../dates';
import { beginDay0 } from '../enrollments/day-zero';
import { tell } from '../enrollments/timeline';

/** What became of a claimed touch. */
export interface Sending {
  status: 'sent' | 'uncertain' | 'failed';
  /** The provider's id, or ours that it carries; null: there is none. */
  reference: string | null;
  because: Because;
}

/**
 * Writes down what became of a touch that was being sent. A definite failure gives the capacity back, an unknown one
 * keeps it (LIM-6). Only the claim with this fence may write, and only while the touch is still being sent.
 */
export async function finishSending(
  database: Database,
  touch: ClaimedTouch,
  sending: Sending,
  now: Date,
): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${touch.enrollmentId}::uuid FOR UPDATE`;
    const { because, reference } = sending;
    const on = localDate(touch.claimedAt, touch.timezone);
    const reached = sending.status !== 'failed';
    const { count } = await tx.touch.updateMany({
      where: { id: touch.touchId, status: 'sending', fence: touch.fence },
      data: {
        status: sending.status,
        reason: because.reason,
        rule: because.rule,
        sentAt: reached ? touch.claimedAt : null,
        sentOn: reached ? dateValue(on) : null,
        ...(reference === null ? {} : { reference }),
      },
    });
    if (count === 0) return;
    if (!reached) await releaseTouches(tx, [touch.touchId]);
    if (touch.step === 1) await beginDay0(tx, touch.enrollmentId, on);
    await tell(tx, { ...touch, at: now, what: sending.status, ...because });
  });
}

/**
 * A claimed touch that certainly did not leave goes back to its plan, or is cancelled when its sequence has ended
 * meanwhile: capacity and slot are given back (LIM-6).
 */
export async function planAgain(database: Database, touch: ClaimedTouch, because: Because, now: Date): Promise<void> {
  await database.$transaction(async (tx) => {
    const [ended] = await tx.$queryRaw<{ reason: string | null; rule: string | null }[]>`
      WITH locked AS (SELECT * FROM enrollment WHERE id = ${touch.enrollmentId}::uuid FOR UPDATE)
      SELECT stop_reason AS reason, stop_rule AS rule FROM locked WHERE status <> 'active'`;
    const { count } = await tx.touch.updateMany({
      where: { id: touch.touchId, status: 'sending', fence: touch.fence },
      data: { claimedAt: null, ...(ended === undefined ? { status: 'planned' } : { status: 'cancelled', ...ended }) },
    });
    if (count === 0) return;
    await releaseTouches(tx, [touch.touchId]);
    if (ended === undefined) await tell(tx, { ...touch, at: now, what: 'delayed', ...because });
  });
}
