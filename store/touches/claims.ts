import { localDate } from '../../domain/calendar/local-date';
import { channelNamed, formNamed, type Channel, type TouchForm } from '../../domain/channels';
import type { Because, TouchFacts } from '../../domain/facts';
import { gateObjection } from '../../domain/gate';
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
  /** The recipient's. */
  timezone: string;
}

export type ClaimAnswer =
  | { kind: 'claimed'; touch: ClaimedTouch }
  /** Nothing leaves. One whose slot has come must be planned again; one that is early keeps its slot. */
  | { kind: 'refused'; touch: ClaimedTouch; isDue: boolean; because: Because }
  /** An earlier attempt claimed it: the provider may have it (TRUTH-1). */
  | { kind: 'sending'; touch: ClaimedTouch }
  | { kind: 'finished' };

/**
 * The gate (TRUTH-2) and the claim (LIM-3) in one transaction: every fact is read under the enrollment's lock, so a
 * stop that has committed is seen, and one that has not waits until the touch is marked as being sent.
 */
export async function claimForSending(
  database: Database,
  ids: { enrollmentId: string; touchId: string },
  secretKey: string,
  now: Date,
): Promise<ClaimAnswer> {
  return transact(database, async (sql): Promise<ClaimAnswer> => {
    const row = await lockTouch(sql, ids);
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
      timezone: record.facts.calendar.timezone,
    };
    if (row.status === 'sending') return { kind: 'sending', touch };
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
    const claim = await claimTouch(sql, { touchId: row.id, form, done: doneOf(row), now, day, sender });
    if (claim.kind === 'refused') {
      const { reason, rule, numbers } = claim;
      return { kind: 'refused', touch, isDue, because: { reason, rule, numbers } };
    }
    return { kind: 'claimed', touch: { ...touch, fence: claim.fence, claimedAt: now } };
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
      t.claimed_at AS "claimedAt",
      EXISTS (SELECT 1 FROM touch_text x WHERE x.touch_id = t.id) AS "hasText"
    FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE e.id = ${enrollmentId}::uuid AND t.id = ${touchId}::uuid
    FOR NO KEY UPDATE OF e, t`;
  return row ?? null;
}
