import type { LocalDate } from '../../domain/calendar/local-date';
import { countsOf } from '../../domain/channels';
import { decideNextMove } from '../../domain/next-move';
import type { DayAllowance, Spent } from '../../store/capacity/book';
import { admitWithoutBooking, roomOn } from '../../store/enrollments/admission';
import type { EnrollmentRecord } from '../../store/enrollments/facts';
import { finishEnrollment } from '../../store/enrollments/finish';
import { tell } from '../../store/enrollments/timeline';
import { book, segmentsOf, tellPlanned } from '../booking';
import type { ActivityDeps } from '../deps';

/** admitted: its workflow's start is owed. no room: today is full for its calendar, or for everyone. */
export type Admission =
  | { kind: 'admitted'; outboxId: string }
  | { kind: 'no room'; forAnyone: boolean }
  /** The sender of its first channel is out. */
  | { kind: 'out' }
  | { kind: 'not now' }
  | { kind: 'never' }
  | Spent;

/** The client's day that somebody is admitted into. */
export interface AdmissionDay {
  today: LocalDate;
  allowance: DayAllowance;
  now: Date;
}

/** Admits a waiting lead if its first touch fits into what is left of today (PACE-4). */
export async function admitLead(deps: ActivityDeps, record: EnrollmentRecord, day: AdmissionDay): Promise<Admission> {
  const { today, allowance, now } = day;
  const decision = decideNextMove(record.facts, now);
  switch (decision.kind) {
    case 'stop':
      await finishEnrollment(deps.database, record, { status: decision.status, because: decision }, now);
      return { kind: 'never' };
    case 'wait':
      // Otherwise the campaign was paused meanwhile, or the client has no channel at all.
      return decision.rule === 'SEQ-7' ? { kind: 'out' } : { kind: 'no room', forAnyone: true };
    case 'skip':
      // Its first touch is a later step's: the workflow writes the skip down and plans on.
      return admitAhead(deps, record, null, day);
    case 'touch': {
      if (decision.step.day > 0) return admitAhead(deps, record, decision.day0, day);
      const segments = segmentsOf(record, decision, now, 2).filter((segment) => segment.day === today);
      const booking = await book(deps, record, decision, { admit: allowance, segments, now });
      if (booking.kind === 'spent') return booking;
      if (booking.kind === 'full') {
        const { channel } = decision.step;
        const room = await roomOn(deps.database.sql, today, countsOf(decision.form), record.senders[channel]);
        return { kind: 'no room', forAnyone: room === 0 };
      }
      if (booking.kind !== 'booked' || booking.outboxId === null) return { kind: 'not now' };
      await tellAdmitted(deps, record, day);
      await tellPlanned(deps, record, { decision, booking }, now);
      return { kind: 'admitted', outboxId: booking.outboxId };
    }
  }
}

/** Admits a lead that gets no touch today; `day0` is set when the sequence has no step 1 (SEQ-1, SEQ-6). */
async function admitAhead(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  day0: LocalDate | null,
  day: AdmissionDay,
): Promise<Admission> {
  const how = { day0, allowance: day.allowance };
  const admission = await admitWithoutBooking(deps.database.sql, record.enrollmentId, how, day.now);
  if (admission.kind === 'admitted') await tellAdmitted(deps, record, day);
  return admission;
}

async function tellAdmitted(deps: ActivityDeps, record: EnrollmentRecord, day: AdmissionDay): Promise<void> {
  const { clientId, enrollmentId, facts } = record;
  const numbers = { score: facts.score, dayTarget: day.allowance.atMost };
  const because = { reason: 'there is room', rule: 'PACE-4', numbers };
  await tell(deps.database.sql, { clientId, enrollmentId, at: day.now, what: 'admitted', ...because });
}
