import type { Because, TouchFacts } from '../domain/facts';
import { gateObjection } from '../domain/gate';
import { localDate } from '../domain/local-date';
import type { Channel } from '../domain/sequence';
import { claimTouch, releaseTouches, type Claim } from './capacity';
import { dateValue } from './dates';
import type { Database, Transaction } from './database';
import { readLeadRecord, type LeadRecord } from './facts';
import { tell, type StoryWord } from './story';

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

/** A claimed touch that certainly did not leave goes back to its plan: capacity and slot are given back (LIM-6). */
export async function planAgain(database: Database, touch: ClaimedTouch, because: Because, now: Date): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${touch.enrollmentId}::uuid FOR UPDATE`;
    const { count } = await tx.touch.updateMany({
      where: { id: touch.touchId, status: 'sending', fence: touch.fence },
      data: { status: 'planned', claimedAt: null },
    });
    if (count === 0) return;
    await releaseTouches(tx, [touch.touchId]);
    await tell(tx, { ...touch, at: now, what: 'delayed', ...because });
  });
}

/** A touch whose slot came to nothing at the gate: its booking is given back and its story says why (TIME-7). */
export async function delayTouch(
  database: Database,
  record: LeadRecord,
  touch: { id: string; step: number },
  because: Because,
  now: Date,
): Promise<void> {
  await database.$transaction(async (tx) => {
    await releaseTouches(tx, [touch.id]);
    await tell(tx, storyOf(record, touch.step, touch.id, 'delayed', because, now));
  });
}

/** Gives a step up, with its reason; whatever was booked for it is given back (LIM-6). */
export async function skipStep(
  database: Database,
  record: LeadRecord,
  step: { step: number; channel: Channel },
  day0: string,
  because: Because,
  now: Date,
): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${record.enrollmentId}::uuid FOR UPDATE`;
    const outcome = {
      status: 'skipped',
      reason: because.reason,
      rule: because.rule,
      numbers: because.numbers,
    } as const;
    const existing = await tx.touch.findUnique({
      where: { enrollmentId_step: { enrollmentId: record.enrollmentId, step: step.step } },
    });
    if (existing !== null && existing.status !== 'planned') return;
    if (existing !== null) await releaseTouches(tx, [existing.id]);
    const touch = await tx.touch.upsert({
      where: { enrollmentId_step: { enrollmentId: record.enrollmentId, step: step.step } },
      create: { ...idsOf(record), step: step.step, channel: step.channel, ...outcome },
      update: outcome,
    });
    if (step.step === 1) await beginDay0(tx, record.enrollmentId, day0);
    await tell(tx, storyOf(record, step.step, touch.id, 'skipped', because, now));
  });
}

/** Counts a sending day on which a step waited for a resource that is out (SEQ-7). */
export async function countDayWaited(
  database: Database,
  record: LeadRecord,
  step: { step: number; channel: Channel },
  because: Because,
  now: Date,
): Promise<void> {
  const waitedOn = dateValue(localDate(now, record.facts.calendar.timezone));
  await database.$transaction(async (tx) => {
    const touch = await tx.touch.upsert({
      where: { enrollmentId_step: { enrollmentId: record.enrollmentId, step: step.step } },
      create: { ...idsOf(record), step: step.step, channel: step.channel, status: 'planned', daysWaited: 1, waitedOn },
      update: { daysWaited: { increment: 1 }, waitedOn },
    });
    await releaseTouches(tx, [touch.id]);
    await tell(tx, storyOf(record, step.step, touch.id, 'waiting', because, now));
  });
}

/** SEQ-1: Day 0 is set once. */
export async function beginDay0(tx: Database | Transaction, enrollmentId: string, day0: string): Promise<void> {
  await tx.enrollment.updateMany({ where: { id: enrollmentId, day0: null }, data: { day0: dateValue(day0) } });
}

function idsOf(record: LeadRecord): { clientId: string; campaignId: string; enrollmentId: string } {
  return { clientId: record.clientId, campaignId: record.campaignId, enrollmentId: record.enrollmentId };
}

function storyOf(
  record: LeadRecord,
  step: number | null,
  touchId: string | null,
  what: StoryWord,
  because: Because,
  at: Date,
) {
  const { clientId, enrollmentId } = record;
  const { reason, rule, numbers } = because;
  return { clientId, enrollmentId, step, touchId, what, at, reason, rule, numbers };
}
