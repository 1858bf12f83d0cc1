import { ApplicationFailure } from '@temporalio/common';
import { DateTime } from 'luxon';
import type { Because, LeadFacts } from '../domain/facts';
import { decideNextTouch, type Decision } from '../domain/next-touch';
import { addDays } from '../domain/local-date';
import { sendWindow, zoneOfChannel } from '../domain/send-window';
import type { SequenceStep } from '../domain/sequence';
import { candidateSegments } from '../domain/slots';
import { raiseAlert } from '../store/tenants/alerts';
import { bookTouch, type Booking } from '../store/capacity/capacity';
import { finishEnrollment } from '../store/enrollments/admission';
import { readLeadRecord, type LeadRecord } from '../store/enrollments/facts';
import { tell } from '../store/enrollments/timeline';
import { countDayWaited, delayTouch, skipStep } from '../store/touches/steps';
import { failureTypes, type NextTouch } from '../workflows/contract';
import type { ActivityDeps } from './deps';

/**
 * How many calendar days ahead a slot is looked for: first near, where there nearly always is one, then far, before the
 * lead waits for a day and asks again.
 */
const bookingHorizonDays = [10, 45] as const;

/** What comes next, with the record it was decided from. */
export interface Plan {
  next: NextTouch;
  record: LeadRecord;
  step: SequenceStep | null;
}

/**
 * Decides what happens to a lead next and books it (LIM-2). Skips and stops are written down on the way; idempotent:
 * a touch that has its slot keeps it.
 */
export async function plan(deps: ActivityDeps, enrollmentId: string): Promise<Plan> {
  // Each round either ends or finishes a step; another process can move the lead on in between, hence the margin.
  for (let round = 0; round < 20; round += 1) {
    const now = await deps.clock.now();
    const record = await readLeadRecord(deps.database, enrollmentId, deps.secretKey);
    if (record === null) throw ApplicationFailure.nonRetryable(`no enrollment ${enrollmentId}`, failureTypes.notFound);
    const decision = decideNextTouch(record.facts, now);
    const next = await carryOut(deps, record, decision, now);
    if (next !== null) return { next, record, step: decision.do === 'stop' ? null : decision.step };
  }
  throw new Error(`enrollment ${enrollmentId} keeps changing`);
}

/** @returns null when the decision changed the facts, so that it is decided again */
async function carryOut(
  deps: ActivityDeps,
  record: LeadRecord,
  decision: Decision,
  now: Date,
): Promise<NextTouch | null> {
  switch (decision.do) {
    case 'stop':
      await finishEnrollment(deps.database, record, decision.status, decision, now);
      return { do: 'finish', status: decision.status, reason: decision.reason };
    case 'skip':
      await skipStep(deps.database, record, decision.step, decision.day0, decision, now);
      if (decision.alert) {
        const message = `step ${decision.step.step} of enrollment ${record.enrollmentId} skipped: ${decision.reason}`;
        await raiseAlert(deps.database, { clientId: record.clientId, kind: 'content', message }, now);
      }
      return null;
    case 'wait':
      return wait(deps, record, decision, now);
    case 'touch':
      return book(deps, record, decision, now);
  }
}

async function wait(
  deps: ActivityDeps,
  record: LeadRecord,
  decision: Decision & { do: 'wait' },
  now: Date,
): Promise<NextTouch> {
  if (decision.countsAsDayWaited && decision.step !== null) {
    await countDayWaited(deps.database, record, decision.step, decision, now);
  } else {
    const { clientId, enrollmentId } = record;
    const { reason, rule, numbers } = decision;
    const step = decision.step?.step ?? null;
    await tell(deps.database, { clientId, enrollmentId, step, at: now, what: 'waiting', reason, rule, numbers });
  }
  if (decision.until === null) return { do: 'wait', wakeAt: null, label: decision.reason };
  const opens = sendWindow(decision.until, record.facts.calendar.timezone).from;
  return { do: 'wait', wakeAt: deps.clock.toWorkflowTime(opens), label: decision.reason };
}

async function book(
  deps: ActivityDeps,
  record: LeadRecord,
  decision: Decision & { do: 'touch' },
  now: Date,
): Promise<NextTouch | null> {
  const { step } = decision;
  await giveBackMissedSlot(deps, record, step, now);
  let booking: Booking = { status: 'full' };
  for (const days of bookingHorizonDays) {
    const place = bookingPlace(record, step);
    booking = await bookTouch(deps.database, {
      ...{ clientId: record.clientId, campaignId: record.campaignId, enrollmentId: record.enrollmentId },
      ...{ step: step.step, channel: step.channel, now, admit: false, senders: record.senders[step.channel] },
      segments: candidateSegments(step.channel, decision.earliest, now, place, days),
    });
    if (booking.status !== 'full') break;
  }
  if (booking.status === 'full') return waitForRoom(deps, record, step, now);
  if (!('slotAt' in booking)) return null;
  if (booking.status === 'booked') await tellPlanned(deps, record, step, booking, decision, now);
  return deliverAt(deps, record, step, booking);
}

/** A slot that has passed is planned again, never sent late (TIME-7). */
async function giveBackMissedSlot(
  deps: ActivityDeps,
  record: LeadRecord,
  step: SequenceStep,
  now: Date,
): Promise<void> {
  const slot = record.slots.get(step.step);
  if (slot === undefined || slot.slotAt >= now) return;
  const because = { reason: 'its slot was missed', rule: 'TIME-7', numbers: { slotAt: slot.slotAt.toISOString() } };
  await delayTouch(deps.database, record, { id: slot.touchId, step: step.step }, because, now);
}

async function waitForRoom(deps: ActivityDeps, record: LeadRecord, step: SequenceStep, now: Date): Promise<NextTouch> {
  const { clientId, enrollmentId } = record;
  const because = { reason: 'no room for it', rule: 'LIM-2', numbers: { daysLookedAhead: bookingHorizonDays[1] } };
  await tell(deps.database, { clientId, enrollmentId, step: step.step, at: now, what: 'waiting', ...because });
  const tomorrow = DateTime.fromJSDate(now).plus({ days: 1 }).toJSDate();
  return { do: 'wait', wakeAt: deps.clock.toWorkflowTime(tomorrow), label: because.reason };
}

/** Tells that a touch has its slot, with the numbers that put it there (TRUTH-3). */
export async function tellPlanned(
  deps: ActivityDeps,
  record: LeadRecord,
  step: SequenceStep,
  booking: { touchId: string; slotAt: Date },
  because: Because,
  now: Date,
): Promise<void> {
  await tell(deps.database, {
    ...{ clientId: record.clientId, enrollmentId: record.enrollmentId, touchId: booking.touchId, step: step.step },
    ...{ at: now, what: 'planned', reason: because.reason, rule: because.rule },
    numbers: {
      ...because.numbers,
      slotAt: booking.slotAt.toISOString(),
      slotLocal: slotLabel(record, step, booking.slotAt),
    },
  });
}

/** The wall clocks that a step of this lead is booked by. */
export function bookingPlace(record: LeadRecord, step: SequenceStep) {
  return {
    calendar: record.facts.calendar,
    windowZone: windowZone(record.facts, step),
    clientZone: record.clientTimezone,
  };
}

function deliverAt(
  deps: ActivityDeps,
  record: LeadRecord,
  step: SequenceStep,
  booking: { touchId: string; slotAt: Date },
): NextTouch {
  return {
    do: 'deliver',
    touchId: booking.touchId,
    step: step.step,
    channel: step.channel,
    wakeAt: deps.clock.toWorkflowTime(booking.slotAt),
    label: `step ${step.step} ${step.channel} · ${slotLabel(record, step, booking.slotAt)}`,
  };
}

/** "Tue 10 Mar 09:14 Sydney" */
function slotLabel(record: LeadRecord, step: SequenceStep, slotAt: Date): string {
  const zone = windowZone(record.facts, step);
  const city = (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
  return `${DateTime.fromJSDate(slotAt, { zone }).toFormat('ccc d LLL HH:mm')} ${city}`;
}

function windowZone(facts: LeadFacts, step: SequenceStep): string {
  return zoneOfChannel(step.channel, { timezone: facts.calendar.timezone, callTimezone: facts.callTimezone });
}

/** The client-local midnight that follows `now`, plus five minutes: when the next day's leads are admitted. */
export function nextAdmission(now: Date, clientZone: string): Date {
  const today = DateTime.fromJSDate(now, { zone: clientZone }).toISODate() ?? '';
  return DateTime.fromISO(addDays(today, 1), { zone: clientZone }).plus({ minutes: 5 }).toJSDate();
}
