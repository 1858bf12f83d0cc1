import { heartbeat } from '@temporalio/activity';
import { nextAdmission } from '../domain/admission';
import { localDate, type LocalDate } from '../domain/calendar/local-date';
import { countsOf } from '../domain/channels';
import { decideNextMove } from '../domain/next-move';
import { readRunningCampaign } from '../store/campaigns/campaigns';
import { admissionCandidates, admitWithoutBooking, roomOn, type AdmissionPlace } from '../store/enrollments/admission';
import { readEnrollment, type EnrollmentRecord } from '../store/enrollments/facts';
import { finishEnrollment, stopWaiting } from '../store/enrollments/finish';
import { tell } from '../store/enrollments/timeline';
import type { AdmitInput, AdmitResult } from '../workflows/contract';
import { book, segmentsOf, tellPlanned } from './booking';
import type { ActivityDeps } from './deps';

/** admitted: its workflow's start is owed. no room: today is full for its calendar, or for everyone. */
type Admission =
  | { kind: 'admitted'; outboxId: string | null }
  | { kind: 'no room'; forAnyone: boolean }
  /** The sender of its first channel is out. */
  | { kind: 'out' }
  | { kind: 'not now' }
  | { kind: 'never' };

/** Enrollments that are read at a time: hardly more than a day has room for. */
const candidatesAtOnce = 25;

/**
 * Admits the leads whose first touch fits into what is left of today (PACE-4): follow-ups hold their bookings already
 * (LIM-4), then higher scores (ACC-2), then the order of import. Their workflows' starts are owed by the same
 * transactions, and delivered at once as far as Temporal answers.
 */
export async function admit(deps: ActivityDeps, input: AdmitInput): Promise<AdmitResult> {
  const { campaignId } = input;
  const { status, clientTimezone } = await readRunningCampaign(deps.database.sql, campaignId);
  const now = await deps.clock.now();
  const today = localDate(now, clientTimezone);
  const admitted = status === 'active' ? await admitToday(deps, campaignId, today, now) : 0;
  // A completion that this workflow has not heard of: Temporal was away.
  if (status === 'completed') await stopWaiting(deps.database, campaignId, now);
  deps.log.info({ campaignId, admitted }, 'admission');
  return {
    // A workflow runs from activation on, so a draft here is an activation that is being taken back.
    state: status === 'draft' ? 'paused' : status,
    admitted,
    nextAt: deps.clock.toWorkflowTime(nextAdmission(now, clientTimezone)),
  };
}

async function admitToday(deps: ActivityDeps, campaignId: string, today: LocalDate, now: Date): Promise<number> {
  // Leads who share a calendar share its windows: once one of them finds no room today, the others need not ask. Nor need
  // those who are reached in the same ways, once one of them finds the sender out.
  const passed = { calendars: [] as string[], reaches: [] as string[], last: null as AdmissionPlace | null };
  let admitted = 0;
  for (;;) {
    const candidates = await admissionCandidates(deps.database.sql, campaignId, passed, candidatesAtOnce);
    if (candidates.length === 0) return admitted;
    const owed: string[] = [];
    let isFull = false;
    for (const candidate of candidates) {
      passed.last = candidate;
      if (isFull || passed.calendars.includes(candidate.calendar) || passed.reaches.includes(candidate.reach)) continue;
      heartbeat();
      const record = await readEnrollment(deps.database.sql, candidate.enrollmentId, deps.secretKey, now);
      const admission: Admission = record === null ? { kind: 'never' } : await admitLead(deps, record, today, now);
      if (admission.kind === 'admitted') {
        admitted += 1;
        if (admission.outboxId !== null) owed.push(admission.outboxId);
      } else if (admission.kind === 'no room') {
        passed.calendars.push(candidate.calendar);
        isFull = admission.forAnyone;
      } else if (admission.kind === 'out') {
        passed.reaches.push(candidate.reach);
      }
    }
    await deps.deliverOutbox({ kind: 'ids', ids: owed });
    if (isFull) return admitted;
  }
}

async function admitLead(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  today: LocalDate,
  now: Date,
): Promise<Admission> {
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
      return admitAhead(deps, record, null, now);
    case 'touch': {
      if (decision.step.day > 0) return admitAhead(deps, record, decision.day0, now);
      const segments = segmentsOf(record, decision, now, 2).filter((segment) => segment.day === today);
      const booking = await book(deps, record, decision, { admit: true, segments, now });
      if (booking.kind === 'full') {
        const { channel } = decision.step;
        const room = await roomOn(deps.database.sql, today, countsOf(decision.form), record.senders[channel]);
        return { kind: 'no room', forAnyone: room === 0 };
      }
      if (booking.kind !== 'booked') return { kind: 'not now' };
      await tellAdmitted(deps, record, now);
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
  now: Date,
): Promise<Admission> {
  const outboxId = await admitWithoutBooking(deps.database.sql, record.enrollmentId, day0, now);
  if (outboxId === null) return { kind: 'not now' };
  await tellAdmitted(deps, record, now);
  return { kind: 'admitted', outboxId };
}

async function tellAdmitted(deps: ActivityDeps, record: EnrollmentRecord, now: Date): Promise<void> {
  const { clientId, enrollmentId, facts } = record;
  const because = { reason: 'there is room', rule: 'PACE-4', numbers: { score: facts.score } };
  await tell(deps.database.sql, { clientId, enrollmentId, at: now, what: 'admitted', ...because });
}
