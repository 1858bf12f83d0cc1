import { localDate } from '../../domain/calendar/local-date';
import { channelNamed, formNamed, type Channel, type TouchForm } from '../../domain/channels';
import type { Because, TouchFacts } from '../../domain/facts';
import { gateObjection, tooLateFrom } from '../../domain/gate';
import type { SendTimes } from '../../domain/send-times';
import type { Clock } from '../../runtime/clock';
import { claimTouch } from '../capacity/claim';
import { transact, type Database } from '../database';
import { doneOf, outageOf, readEnrollment, readyAt } from '../enrollments/facts';
import type { Sql } from '../sql';

/** A touch that this call has marked as being sent, and nobody else will. */
export interface ClaimedTouch {
  touchId: string;
  enrollmentId: string;
  clientId: string;
  leadId: string;
  step: number;
  channel: Channel;
  form: TouchForm;
  /** Was the profile looked at by an earlier attempt? */
  isLooked: boolean;
  senderId: string;
  fence: number;
  claimedAt: Date;
  /** How often a provider has looked at it and refused it for now. */
  refusals: number;
  /** The recipient's. */
  timezone: string;
}

export type ClaimAnswer =
  /** It may leave before that instant of the run's clock, once it is handed over (store/touches/hand-over.ts). */
  | { kind: 'claimed'; touch: ClaimedTouch; tooLateFrom: Date }
  /** Nothing leaves. One whose slot has come must be planned again; one that is early keeps its slot. */
  | { kind: 'refused'; touch: ClaimedTouch; isDue: boolean; because: Because }
  /**
   * Another attempt claimed it, and may be at work for so many milliseconds yet; 0: it is not. If it was handed over the
   * provider may have it; if not, it certainly has not, once the attempt is over (TRUTH-1).
   */
  | { kind: 'sending'; touch: ClaimedTouch; isHandedOver: boolean; leaseMs: number }
  | { kind: 'finished' }
  /** What was read to send it is out of date: read it again. */
  | { kind: 'changed' };

/** With what a touch is claimed. */
export interface Claiming {
  /** Read when the locks are held: whoever waited for them decides by the time that it is then. */
  clock: Pick<Clock, 'now'>;
  times?: SendTimes;
  /** The version of what was read to send it (store/touches/envelope.ts); missing: nothing was. */
  envelope?: string;
}

/**
 * The gate (TRUTH-2) and the claim (LIM-3) in one transaction: every fact is read under the enrollment's lock, so a
 * stop that has committed is seen, and one that has not waits until the touch is marked as being sent.
 */
export async function claimForSending(
  database: Database,
  ids: { enrollmentId: string; touchId: string },
  secretKey: string,
  { clock, times, envelope }: Claiming,
): Promise<ClaimAnswer> {
  return transact(database, async (sql): Promise<ClaimAnswer> => {
    const row = await lockTouch(sql, ids);
    const now = await clock.now();
    const record = await readEnrollment(sql, ids.enrollmentId, secretKey, now);
    if (row === null || record === null) return { kind: 'finished' };
    const channel = channelNamed(row.channel);
    const form = formNamed(channel, row.form);
    const touch: ClaimedTouch = {
      touchId: row.id,
      enrollmentId: row.enrollmentId,
      clientId: row.clientId,
      leadId: record.leadId,
      step: row.step,
      channel,
      form,
      isLooked: row.isLooked,
      senderId: row.senderId ?? '',
      fence: row.fence,
      claimedAt: row.claimedAt ?? now,
      refusals: row.refusals,
      timezone: record.facts.calendar.timezone,
    };
    if (row.status === 'sending') {
      return { kind: 'sending', touch, isHandedOver: row.isHandedOver, leaseMs: Math.max(0, row.leaseMs) };
    }
    if (row.status !== 'planned') return { kind: 'finished' };
    const sender = readyAt(record, channel, now).find((ready) => ready.id === row.senderId);
    const outage = outageOf(record, channel, row.senderId);
    const atGate = { ...row, channel, form, outage, sender: sender === undefined ? 'out' : 'ready' } as const;
    const objection = gateObjection(record.facts, atGate, now);
    const isDue = row.slotAt !== null && row.slotAt <= now;
    if (objection !== null || sender === undefined) {
      const because = objection ?? { reason: 'sender is out', rule: 'SEQ-7', numbers: {} };
      return { kind: 'refused', touch, isDue, because };
    }
    const day = localDate(now, record.clientTimezone);
    const request = { touchId: row.id, form, done: doneOf(row), now, day, sender };
    const claim = await claimTouch(sql, {
      ...request,
      ...(times && { times }),
      ...(envelope !== undefined && { envelope }),
    });
    if (claim.kind === 'changed') return claim;
    if (claim.kind === 'refused') {
      const { reason, rule, numbers } = claim;
      return { kind: 'refused', touch, isDue, because: { reason, rule, numbers } };
    }
    const latest = tooLateFrom(record.facts, { channel, slotAt: row.slotAt ?? now }, now);
    return { kind: 'claimed', touch: { ...touch, fence: claim.fence, claimedAt: now }, tooLateFrom: latest };
  });
}

interface TouchRow {
  id: string;
  enrollmentId: string;
  clientId: string;
  step: number;
  channel: string;
  form: string | null;
  isLooked: boolean;
  status: TouchFacts['status'];
  slotAt: Date | null;
  senderId: string | null;
  fence: number;
  claimedAt: Date | null;
  isHandedOver: boolean;
  /** What is left of the lease of the attempt that claimed it, by the database's clock. */
  leaseMs: number;
  refusals: number;
  hasText: boolean;
}

/** Locks the enrollment and then reads the touch: whatever was committed before is seen. */
async function lockTouch(
  sql: Sql,
  { enrollmentId, touchId }: { enrollmentId: string; touchId: string },
): Promise<TouchRow | null> {
  const [row] = await sql<TouchRow>`
    SELECT t.id, t.enrollment_id AS "enrollmentId", t.client_id AS "clientId", t.step, t.channel, t.form,
      t.looked_at IS NOT NULL AS "isLooked", t.status, t.slot_at AS "slotAt", t.sender_id AS "senderId", t.fence,
      t.claimed_at AS "claimedAt", t.handed_over_at IS NOT NULL AS "isHandedOver", t.refusals,
      coalesce(ceil(extract(epoch FROM t.lease_until - clock_timestamp()) * 1000), 0)::int AS "leaseMs",
      EXISTS (SELECT 1 FROM touch_text x WHERE x.touch_id = t.id) AS "hasText"
    FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE e.id = ${enrollmentId}::uuid AND t.id = ${touchId}::uuid
    FOR NO KEY UPDATE OF e, t`;
  return row ?? null;
}
