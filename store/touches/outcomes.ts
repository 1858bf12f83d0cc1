import { localDate } from '../../domain/calendar/local-date';
import { formsOf } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { limits } from '../../domain/limits';
import { releaseTouches } from '../capacity/release';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import { noteSeatRelation } from '../leads/seat-relations';
import { json, type Sql } from '../sql';
import type { ClaimedTouch } from './claims';
import { noteHandover } from './handovers';
import { isProvenSent } from './in-flight';

/** What became of a claimed touch. */
export interface Sending {
  status: 'sent' | 'uncertain' | 'failed';
  /** The provider's id, or ours that it carries; null: there is none. */
  reference: string | null;
  because: Because;
  /** When the provider had answered, so that it has the touch since then at the latest; missing: nobody knows. */
  answeredAt?: Date;
  /** May the provider hold it and send it later? Then an uncertain one is looked after (`handovers.ts`). */
  isHeld?: boolean;
}

/** How long a line of the account is held from the provider's answer on, by counter. */
const lineSeconds = Object.fromEntries(
  limits.filter(({ period }) => period === 'now').map(({ counter, lastsSeconds }) => [counter, lastsSeconds]),
);

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
  const { reference, answeredAt = null } = sending;
  const on = localDate(touch.claimedAt, touch.timezone);
  await transact(database, async (sql) => {
    // One that may have left has invited: nobody is invited twice. It refers to the lead, which comes first in the order of
    // locks.
    if (touch.form === 'invitation' && sending.status !== 'failed') {
      await noteSeatRelation(sql, { ...touch, state: 'invited' }, touch.claimedAt);
    }
    await lockEnrollment(sql, touch.enrollmentId);
    const { status, because } = await withEvents(sql, touch, sending);
    if (status === 'failed') {
      if (!(await isMine(sql, touch))) return;
      await releaseTouches(sql, [touch.touchId]);
    }
    const reached = status !== 'failed';
    const finished = await sql`
      WITH finished AS (
        UPDATE touch SET status = ${status}::"TouchStatus", reason = ${because.reason}, rule = ${because.rule},
          sent_at = ${reached ? touch.claimedAt : null}, sent_on = ${reached ? on : null},
          reference = coalesce(${reference}, reference),
          answered_at = CASE WHEN handed_over_at IS NOT NULL THEN ${answeredAt}::timestamptz END
        WHERE id = ${touch.touchId}::uuid AND status = 'sending' AND fence = ${touch.fence}
        RETURNING id, enrollment_id, step, answered_at
      ), lines AS (
        -- The call is at the provider: its line is free again when it is over, not when the latest one would have been.
        UPDATE capacity_hold h SET ends_at = f.answered_at + make_interval(secs => (${json(lineSeconds)}::jsonb ->> h.counter)::int)
        FROM finished f WHERE h.touch_id = f.id AND h.period = 'now' AND f.answered_at IS NOT NULL
      ), begun AS (
        UPDATE enrollment e SET day0 = ${on}::date FROM finished f
        WHERE e.id = f.enrollment_id AND f.step = 1 AND e.day0 IS NULL
      )
      SELECT 1 FROM finished`;
    if (finished.length === 0) return;
    if (status === 'uncertain' && sending.isHeld === true) await noteHandover(sql, touch);
    await tellOf(sql, touch, { what: status, because }, now);
  });
}

/** An event that came while nobody knew proves a sending as well as one that comes later (TRUTH-1). */
async function withEvents(
  sql: Sql,
  touch: ClaimedTouch,
  sending: Sending,
): Promise<Pick<Sending, 'status' | 'because'>> {
  if (sending.status !== 'uncertain' || !(await isProvenSent(sql, touch.touchId))) return sending;
  return { status: 'sent', because: { reason: 'confirmed by an event of the provider', rule: 'TRUTH-1', numbers: {} } };
}

/**
 * A claimed touch that certainly did not leave goes back to its plan, or is cancelled when its sequence has ended
 * meanwhile: capacity and slot are given back (LIM-6).
 * @param again.isRefusal did a provider look at this very touch? Such refusals are counted.
 */
export async function planAgain(
  database: Database,
  touch: ClaimedTouch,
  { isRefusal = false, ...because }: Because & { isRefusal?: boolean },
  now: Date,
): Promise<void> {
  await transact(database, async (sql) => {
    const enrollment = await lockEnrollment(sql, touch.enrollmentId);
    if (!(await isMine(sql, touch))) return;
    await releaseTouches(sql, [touch.touchId]);
    if (enrollment.status === 'active' && touch.step < enrollment.fromStep)
      return leaveBehind(sql, touch, because, now);
    if (enrollment.status === 'active') {
      await sql`
        UPDATE touch SET status = 'planned', claimed_at = NULL, handed_over_at = NULL, lease_until = NULL,
          refusals = refusals + ${isRefusal ? 1 : 0}
        WHERE id = ${touch.touchId}::uuid`;
      return tellOf(sql, touch, { what: 'delayed', because }, now);
    }
    const { reason, rule } = { reason: enrollment.reason ?? 'sequence ended', rule: enrollment.rule ?? 'SEQ-1' };
    await sql`
      UPDATE touch SET status = 'cancelled', claimed_at = NULL, handed_over_at = NULL, lease_until = NULL,
        reason = ${reason}, rule = ${rule}
      WHERE id = ${touch.touchId}::uuid`;
  });
}

/**
 * MIG-2: a touch of the sequence that its lead left while it was on its way, and that certainly did not leave: it is not
 * tried again.
 */
async function leaveBehind(sql: Sql, touch: ClaimedTouch, because: Because, now: Date): Promise<void> {
  const reason = `${because.reason}; the lead has moved to the default sequence`;
  await sql`
    UPDATE touch SET status = 'cancelled', claimed_at = NULL, handed_over_at = NULL, lease_until = NULL,
        reason = ${reason}, rule = 'MIG-2'
    WHERE id = ${touch.touchId}::uuid`;
  await tellOf(sql, touch, { what: 'skipped', because: { ...because, reason, rule: 'MIG-2' } }, now);
}

interface LockedEnrollment {
  status: string;
  /** The first step that is this lead's, and whether it has moved to the default sequence (MIG-2). */
  fromStep: number;
  moved: boolean;
  reason: string | null;
  rule: string | null;
}

/** Locks an enrollment, which comes before its touches in the order of locks. @returns its state as it now stands */
export async function lockEnrollment(sql: Sql, enrollmentId: string): Promise<LockedEnrollment> {
  const [row] = await sql<LockedEnrollment>`
    SELECT status, from_step AS "fromStep", moved_at IS NOT NULL AS moved, stop_reason AS reason, stop_rule AS rule
    FROM enrollment WHERE id = ${enrollmentId}::uuid FOR NO KEY UPDATE`;
  if (row === undefined) throw new Error(`no enrollment ${enrollmentId}`);
  return row;
}

/** Does this claim still hold the touch? */
async function isMine(sql: Sql, touch: ClaimedTouch): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM touch WHERE id = ${touch.touchId}::uuid AND status = 'sending' AND fence = ${touch.fence} FOR NO KEY UPDATE`;
  return rows.length > 0;
}

function tellOf(
  sql: Sql,
  touch: ClaimedTouch,
  { what, because }: { what: Sending['status'] | 'delayed' | 'skipped'; because: Because },
  at: Date,
): Promise<void> {
  const { clientId, enrollmentId, touchId, step, channel, form } = touch;
  const { reason, rule } = because;
  const numbers = formsOf(channel).length > 1 ? { ...because.numbers, form } : because.numbers;
  return tell(sql, { clientId, enrollmentId, touchId, step, at, what, reason, rule, numbers });
}
