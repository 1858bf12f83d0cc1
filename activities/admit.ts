import { heartbeat } from '@temporalio/activity';
import { localDate, type LocalDate } from '../domain/local-date';
import { decideNextTouch } from '../domain/next-touch';
import { candidateSegments } from '../domain/slots';
import { bookTouch } from '../store/capacity/capacity';
import {
  admissionCandidates,
  admittedWithoutWorkflow,
  admitWithoutBooking,
  countWaiting,
  finishEnrollment,
  markWorkflowStarted,
} from '../store/enrollments/admission';
import { readLeadRecord, type LeadRecord } from '../store/enrollments/facts';
import { tell } from '../store/enrollments/timeline';
import type { AdmitInput, AdmitResult } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { bookingPlace, nextAdmission, tellPlanned } from './plan';

type Admission = 'admitted' | 'no room' | 'not now' | 'never';

/**
 * Admits the leads whose first touch fits into what is left of today (PACE-4): follow-ups hold their bookings already
 * (LIM-4), then higher scores (ACC-2), then the order of import. Starts their workflows, idempotently.
 */
export async function admit(deps: ActivityDeps, input: AdmitInput): Promise<AdmitResult> {
  const campaign = await deps.database.campaign.findUniqueOrThrow({ where: { id: input.campaignId } });
  const client = await deps.database.client.findUniqueOrThrow({ where: { id: campaign.clientId } });
  const now = await deps.clock.now();
  let admitted = 0;
  if (campaign.status === 'active') {
    for (const enrollmentId of await admittedWithoutWorkflow(deps.database, campaign.id)) {
      await startWorkflow(deps, { enrollmentId, campaignId: campaign.id, clientId: client.id });
    }
    admitted = await admitToday(deps, campaign.id, localDate(now, client.timezone), now);
  }
  deps.log.info({ campaignId: campaign.id, admitted }, 'admission');
  return {
    // A workflow runs from activation on, so a draft here is an activation that is being taken back.
    state: campaign.status === 'draft' ? 'paused' : campaign.status,
    admitted,
    waiting: await countWaiting(deps.database, campaign.id),
    nextAt: deps.clock.toWorkflowTime(nextAdmission(now, client.timezone)),
  };
}

async function admitToday(deps: ActivityDeps, campaignId: string, today: LocalDate, now: Date): Promise<number> {
  // Leads who share a calendar share its windows: once one of them finds no room today, the others need not ask.
  const closedCalendars = new Set<string>();
  let admitted = 0;
  for (const candidate of await admissionCandidates(deps.database, campaignId)) {
    if (closedCalendars.has(candidate.calendar)) continue;
    heartbeat();
    const record = await readLeadRecord(deps.database, candidate.enrollmentId, deps.secretKey);
    if (record === null) continue;
    const admission = await admitLead(deps, record, today, now);
    if (admission === 'no room') closedCalendars.add(candidate.calendar);
    if (admission === 'admitted') {
      admitted += 1;
      await startWorkflow(deps, record);
    }
  }
  return admitted;
}

async function admitLead(deps: ActivityDeps, record: LeadRecord, today: LocalDate, now: Date): Promise<Admission> {
  const decision = decideNextTouch(record.facts, now);
  switch (decision.do) {
    case 'stop':
      await finishEnrollment(deps.database, record, decision.status, decision, now);
      return 'never';
    case 'wait':
      return 'not now';
    case 'skip':
      // Its first touch is a later step's: the workflow writes the skip down and plans on.
      return admitAhead(deps, record, null, now);
    case 'touch': {
      if (decision.step.day > 0) return admitAhead(deps, record, decision.day0, now);
      const segments = candidateSegments(
        decision.step.channel,
        decision.earliest,
        now,
        bookingPlace(record, decision.step),
        2,
      );
      const booking = await bookTouch(deps.database, {
        ...{ clientId: record.clientId, campaignId: record.campaignId, enrollmentId: record.enrollmentId },
        ...{ step: decision.step.step, channel: decision.step.channel, now, admit: true },
        segments: segments.filter((segment) => segment.day === today),
        senders: record.senders[decision.step.channel],
      });
      if (booking.status === 'full') return 'no room';
      if (booking.status !== 'booked') return 'not now';
      await tellAdmitted(deps, record, now);
      await tellPlanned(deps, record, decision.step, booking, decision, now);
      return 'admitted';
    }
  }
}

/** Admits a lead that gets no touch today; `day0` is set when the sequence has no step 1 (SEQ-1, SEQ-6). */
async function admitAhead(
  deps: ActivityDeps,
  record: LeadRecord,
  day0: LocalDate | null,
  now: Date,
): Promise<Admission> {
  if (!(await admitWithoutBooking(deps.database, record.enrollmentId, day0, now))) return 'not now';
  await tellAdmitted(deps, record, now);
  return 'admitted';
}

async function tellAdmitted(deps: ActivityDeps, record: LeadRecord, now: Date): Promise<void> {
  const { clientId, enrollmentId } = record;
  const numbers = { score: record.facts.score };
  await tell(deps.database, {
    clientId,
    enrollmentId,
    at: now,
    what: 'admitted',
    reason: 'there is room',
    rule: 'PACE-4',
    numbers,
  });
}

async function startWorkflow(
  deps: ActivityDeps,
  ids: { enrollmentId: string; campaignId: string; clientId: string },
): Promise<void> {
  const { enrollmentId, campaignId, clientId } = ids;
  await deps.workflows.startLeadSequence({ enrollmentId, campaignId, clientId }, `lead of campaign ${campaignId}`);
  await markWorkflowStarted(deps.database, enrollmentId, await deps.clock.now());
}
