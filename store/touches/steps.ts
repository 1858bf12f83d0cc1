import type { Because } from '../../domain/facts';
import { localDate } from '../../domain/local-date';
import type { Channel } from '../../domain/sequence';
import { releaseTouches } from '../capacity/capacity';
import type { Database } from '../database';
import { dateValue } from '../dates';
import { beginDay0 } from '../enrollments/day-zero';
import type { LeadRecord } from '../enrollments/facts';
import { tell, type StoryWord } from '../enrollments/timeline';

/** A touch whose slot came to nothing at the gate: its booking is given back and its story says why (TIME-7). */
export async function delayTouch(
  database: Database,
  record: LeadRecord,
  touch: { id: string; step: number },
  because: Because,
  now: Date,
): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${record.enrollmentId}::uuid FOR UPDATE`;
    // Another attempt may have claimed it meanwhile: then it keeps what it holds (LIM-6).
    if ((await tx.touch.count({ where: { id: touch.id, status: 'planned' } })) === 0) return;
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
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${record.enrollmentId}::uuid FOR UPDATE`;
    const movedOn = { enrollmentId: record.enrollmentId, step: step.step, status: { not: 'planned' } } as const;
    if ((await tx.touch.count({ where: movedOn })) > 0) return;
    const touch = await tx.touch.upsert({
      where: { enrollmentId_step: { enrollmentId: record.enrollmentId, step: step.step } },
      create: { ...idsOf(record), step: step.step, channel: step.channel, status: 'planned', daysWaited: 1, waitedOn },
      update: { daysWaited: { increment: 1 }, waitedOn },
    });
    await releaseTouches(tx, [touch.id]);
    await tell(tx, storyOf(record, step.step, touch.id, 'waiting', because, now));
  });
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
