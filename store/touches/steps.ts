import { localDate, type LocalDate } from '../../domain/calendar/local-date';
import type { Channel } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { releaseTouches } from '../capacity/release';
import { transact, type Database } from '../database';
import type { EnrollmentRecord } from '../enrollments/facts';
import { tell, type TimelineEntry, type TimelineWord } from '../enrollments/timeline';
import { json, type Sql } from '../sql';
import { lockEnrollment } from './outcomes';

/** A step of an enrollment, and why something happens to it. */
export interface StepChange {
  step: number;
  channel: Channel;
  because: Because;
  now: Date;
}

/** A touch whose slot came to nothing at the gate: its booking is given back and its timeline says why (TIME-7). */
export async function delayTouch(
  database: Database,
  touch: { clientId: string; enrollmentId: string; touchId: string; step: number },
  because: Because,
  now: Date,
): Promise<void> {
  await transact(database, async (sql) => {
    await lockEnrollment(sql, touch.enrollmentId);
    // Another attempt may have claimed it meanwhile: then it keeps what it holds (LIM-6).
    const planned = await sql`
      SELECT 1 FROM touch WHERE id = ${touch.touchId}::uuid AND status = 'planned' FOR NO KEY UPDATE`;
    if (planned.length === 0) return;
    await releaseTouches(sql, [touch.touchId]);
    await tell(sql, entryOf(touch, { step: touch.step, because, now }, touch.touchId, 'delayed'));
  });
}

/**
 * Gives a step up, with its reason; whatever was booked for it is given back (LIM-6). Nothing happens when the sequence
 * has ended meanwhile, or the step is past planning.
 */
export async function skipStep(
  database: Database,
  record: EnrollmentRecord,
  change: StepChange & { day0: LocalDate },
): Promise<void> {
  const { step, channel, because, day0 } = change;
  await transact(database, async (sql) => {
    const touchId = await openStep(sql, record, step);
    if (touchId === 'closed') return;
    if (touchId !== null) await releaseTouches(sql, [touchId]);
    const [touch] = await sql<{ id: string }>`
      INSERT INTO touch AS t (id, client_id, campaign_id, enrollment_id, step, channel, status, reason, rule, numbers)
      VALUES (gen_random_uuid(), ${record.clientId}::uuid, ${record.campaignId}::uuid, ${record.enrollmentId}::uuid,
        ${step}, ${channel}, 'skipped', ${because.reason}, ${because.rule}, ${json(because.numbers)}::jsonb)
      ON CONFLICT (enrollment_id, step) DO UPDATE
        SET status = 'skipped', reason = EXCLUDED.reason, rule = EXCLUDED.rule, numbers = EXCLUDED.numbers
      RETURNING t.id`;
    if (step === 1) {
      await sql`UPDATE enrollment SET day0 = ${day0}::date WHERE id = ${record.enrollmentId}::uuid AND day0 IS NULL`;
    }
    await tell(sql, entryOf(record, change, touch?.id ?? null, 'skipped'));
  });
}

/** Counts a sending day on which a step waited for a resource that is out (SEQ-7); not on a sequence that has ended. */
export async function countDayWaited(database: Database, record: EnrollmentRecord, change: StepChange): Promise<void> {
  const waitedOn = localDate(change.now, record.facts.calendar.timezone);
  await transact(database, async (sql) => {
    const touchId = await openStep(sql, record, change.step);
    if (touchId === 'closed') return;
    if (touchId !== null) await releaseTouches(sql, [touchId]);
    const [touch] = await sql<{ id: string }>`
      INSERT INTO touch AS t (id, client_id, campaign_id, enrollment_id, step, channel, status, days_waited, waited_on)
      VALUES (gen_random_uuid(), ${record.clientId}::uuid, ${record.campaignId}::uuid, ${record.enrollmentId}::uuid,
        ${change.step}, ${change.channel}, 'planned', 1, ${waitedOn}::date)
      ON CONFLICT (enrollment_id, step) DO UPDATE SET days_waited = t.days_waited + 1, waited_on = EXCLUDED.waited_on
      RETURNING t.id`;
    await tell(sql, entryOf(record, change, touch?.id ?? null, 'waiting'));
  });
}

/**
 * Locks the enrollment and the step's touch.
 * @returns the touch's id, null when the step has none yet, 'closed' when the sequence or the step is past planning
 */
async function openStep(sql: Sql, record: EnrollmentRecord, step: number): Promise<string | null | 'closed'> {
  const { status, moved } = await lockEnrollment(sql, record.enrollmentId);
  // A step of the sequence that the lead has left meanwhile is not this one's (MIG-2).
  if (status !== 'active' || moved !== record.moved) return 'closed';
  const [touch] = await sql<{ id: string; status: string }>`
    SELECT id, status FROM touch WHERE enrollment_id = ${record.enrollmentId}::uuid AND step = ${step} FOR NO KEY UPDATE`;
  if (touch === undefined) return null;
  return touch.status === 'planned' ? touch.id : 'closed';
}

function entryOf(
  { clientId, enrollmentId }: { clientId: string; enrollmentId: string },
  { step, because, now }: Pick<StepChange, 'step' | 'because' | 'now'>,
  touchId: string | null,
  what: TimelineWord,
): TimelineEntry {
  const { reason, rule, numbers } = because;
  return { clientId, enrollmentId, step, touchId, what, at: now, reason, rule, numbers };
}
