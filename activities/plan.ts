import { ApplicationFailure } from '@temporalio/common';
import { sendWindow } from '../domain/calendar/send-window';
import type { TouchForm } from '../domain/channels';
import { decideNextMove, type Decision } from '../domain/next-move';
import type { SequenceStep } from '../domain/sequence';
import { finishEnrollment } from '../store/enrollments/finish';
import { readEnrollment, type EnrollmentRecord } from '../store/enrollments/facts';
import { tell } from '../store/enrollments/timeline';
import { raiseAlert } from '../store/tenants/alerts';
import { countDayWaited, skipStep } from '../store/touches/steps';
import { failureTypes, type NextMove } from '../workflows/contract';
import { bookStep } from './booking';
import type { ActivityDeps } from './deps';

/** What comes next, with the record it was decided from. */
export interface Plan {
  next: NextMove;
  record: EnrollmentRecord;
  /** The touch that was decided on; null: it is none. */
  touch: { step: SequenceStep; form: TouchForm } | null;
}

/**
 * Decides what happens to a lead next and books it (LIM-2). Skips and stops are written down on the way; idempotent:
 * a touch that has its slot keeps it.
 */
export async function plan(deps: ActivityDeps, enrollmentId: string): Promise<Plan> {
  // Each round either ends or finishes a step; another process can move the lead on in between, hence the margin.
  for (let round = 0; round < 20; round += 1) {
    const now = await deps.clock.now();
    const record = await readEnrollment(deps.database.sql, enrollmentId, deps.secretKey, now);
    if (record === null) throw ApplicationFailure.nonRetryable(`no enrollment ${enrollmentId}`, failureTypes.notFound);
    const decision = decideNextMove(record.facts, now);
    const next = await carryOut(deps, record, decision, now);
    if (next !== null) return { next, record, touch: decision.kind === 'touch' ? decision : null };
  }
  throw new Error(`enrollment ${enrollmentId} keeps changing`);
}

/** @returns null when the decision changed the facts, so that it is decided again */
async function carryOut(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  decision: Decision,
  now: Date,
): Promise<NextMove | null> {
  switch (decision.kind) {
    case 'stop':
      await finishEnrollment(deps.database, record, { status: decision.status, because: decision }, now);
      return { kind: 'finish', status: decision.status, reason: decision.reason };
    case 'skip':
      await skip(deps, record, decision, now);
      return null;
    case 'wait':
      return wait(deps, record, decision, now);
    case 'touch':
      return bookStep(deps, record, decision, now);
  }
}

async function skip(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  decision: Decision & { kind: 'skip' },
  now: Date,
): Promise<void> {
  const { step, day0, alert, reason } = decision;
  await skipStep(deps.database, record, { step: step.step, channel: step.channel, day0, because: decision, now });
  if (!alert) return;
  const message = `step ${step.step} of enrollment ${record.enrollmentId} skipped: ${reason}`;
  await raiseAlert(deps.database.sql, { clientId: record.clientId, kind: 'content', message }, now);
}

async function wait(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  decision: Decision & { kind: 'wait' },
  now: Date,
): Promise<NextMove> {
  const { step, reason, rule, numbers, until } = decision;
  if (decision.countsAsDayWaited && step !== null) {
    await countDayWaited(deps.database, record, { step: step.step, channel: step.channel, because: decision, now });
  } else {
    const { clientId, enrollmentId } = record;
    const about = { clientId, enrollmentId, step: step?.step ?? null };
    await tell(deps.database.sql, { ...about, at: now, what: 'waiting', reason, rule, numbers });
  }
  if (until === null) return { kind: 'wait', wakeAt: null, label: reason };
  const opens = sendWindow(until, record.facts.calendar.timezone).from;
  return { kind: 'wait', wakeAt: deps.clock.toWorkflowTime(opens), label: reason };
}
