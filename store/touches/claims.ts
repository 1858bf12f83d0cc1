import type { Because, TouchFacts } from '../../domain/facts';
import { gateObjection } from '../../domain/gate';
import { localDate } from '../../domain/local-date';
import type { Channel } from '../../domain/sequence';
import { claimTouch, type Claim } from '../capacity/capacity';
import type { Database, Transaction } from '../database';
import { readLeadRecord } from '../enrollments/facts';

/** A touch that this call has marked as being sent, and nobody else will. */
export interface ClaimedTouch {
  touchId: string;
  enrollmentId: string;
  clientId: string;
  leadId: string;
  step: number;
  channel: Channel;
  senderId: string;
  fence: number;
  claimedAt: Date;
  /** The recipient's. */
  timezone: string;
}

export type ClaimAnswer =
  | { answer: 'claimed'; touch: ClaimedTouch }
  | ({ answer: 'refused' } & Because)
  /** An earlier attempt claimed it: the provider may have it (TRUTH-1). */
  | { answer: 'sending'; touch: ClaimedTouch }
  | { answer: 'finished' };

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
  return database.$transaction(async (tx) => {
    const row = await lockTouch(tx, ids);
    const record = await readLeadRecord(tx, ids.enrollmentId, secretKey);
    if (row === null || record === null) return { answer: 'finished' };
    const touch: ClaimedTouch = {
      touchId: row.id,
      enrollmentId: row.enrollmentId,
      clientId: row.clientId,
      leadId: record.leadId,
      step: row.step,
      channel: row.channel,
      senderId: row.senderId ?? '',
      fence: row.fence,
      claimedAt: row.claimedAt ?? now,
      timezone: record.facts.calendar.timezone,
    };
    if (row.status === 'sending') return { answer: 'sending', touch };
    if (row.status !== 'planned') return { answer: 'finished' };
    const sender = record.senders[row.channel].find((ready) => ready.id === row.senderId);
    const objection = gateObjection(record.facts, { ...row, sender: sender === undefined ? 'out' : 'ready' }, now);
    if (objection !== null || sender === undefined) {
      return { answer: 'refused', ...(objection ?? { reason: 'sender is out', rule: 'SEQ-7', numbers: {} }) };
    }
    const claim: Claim = await claimTouch(tx, {
      touchId: row.id,
      channel: row.channel,
      now,
      day: localDate(now, record.clientTimezone),
      kinds: sender.resources.map((resource) => resource.kind),
      warmupStartedAt: sender.warmupStartedAt,
    });
    if (!claim.claimed) return { answer: 'refused', reason: claim.reason, rule: claim.rule, numbers: claim.numbers };
    return { answer: 'claimed', touch: { ...touch, fence: claim.fence, claimedAt: now } };
  });
}

interface TouchRow {
  id: string;
  enrollmentId: string;
  clientId: string;
  step: number;
  channel: Channel;
  status: TouchFacts['status'];
  slotAt: Date | null;
  senderId: string | null;
  fence: number;
  claimedAt: Date | null;
  hasText: boolean;
}

/** Locks the enrollment and then reads the touch: whatever was committed before is seen. */
async function lockTouch(
  tx: Transaction,
  { enrollmentId, touchId }: { enrollmentId: string; touchId: string },
): Promise<TouchRow | null> {
  const [row] = await tx.$queryRaw<TouchRow[]>`
    SELECT t.id, t.enrollment_id AS "enrollmentId", t.client_id AS "clientId", t.step, t.channel::text AS channel,
      t.status::text AS status, t.slot_at AS "slotAt", t.sender_id AS "senderId", t.fence, t.claimed_at AS "claimedAt",
      EXISTS (SELECT 1 FROM touch_text x WHERE x.touch_id = t.id) AS "hasText"
    FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE e.id = ${enrollmentId}::uuid AND t.id = ${touchId}::uuid
    FOR UPDATE OF e, t`;
  return row ?? null;
}
