import { DateTime } from 'luxon';
import { calendarOf, wakingZonesOf, zoneOfChannel } from '../domain/calendar/send-window';
import { candidateSegments, type Segment } from '../domain/calendar/slots';
import type { Because } from '../domain/facts';
import type { Decision } from '../domain/next-move';
import type { SequenceStep } from '../domain/sequence';
import { bookInTurn, type Booking, type DayAllowance } from '../store/capacity/book';
import type { EnrollmentRecord } from '../store/enrollments/facts';
import { tell } from '../store/enrollments/timeline';
import { delayTouch } from '../store/touches/steps';
import type { NextMove } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { slotLabel, touchLabel } from './labels';

type TouchDecision = Decision & { kind: 'touch' };

/**
 * How many calendar days ahead a slot is looked for: first near, where there nearly always is one, then far, before the
 * lead waits for a day and asks again.
 */
const horizonDays = [10, 45] as const;

/** Books the earliest slot of a step (LIM-2). @returns null when something else has moved the lead on meanwhile */
export async function bookStep(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  decision: TouchDecision,
  now: Date,
): Promise<NextMove | null> {
  const { step } = decision;
  await giveBackUselessSlot(deps, record, decision, now);
  let booking: Booking = { kind: 'full' };
  for (const days of horizonDays) {
    booking = await book(deps, record, decision, {
      admit: null,
      segments: segmentsOf(record, decision, now, days),
      now,
    });
    if (booking.kind !== 'full') break;
  }
  if (booking.kind === 'full') return waitForRoom(deps, record, step, now);
  if (booking.kind === 'closed' || booking.kind === 'spent') return null;
  if (booking.kind === 'booked') await tellPlanned(deps, record, { decision, booking }, now);
  return {
    kind: 'deliver',
    touchId: booking.touchId,
    step: step.step,
    channel: step.channel,
    wakeAt: deps.clock.toWorkflowTime(booking.slotAt),
    label: touchLabel(record, step, booking.slotAt),
  };
}

/** Where a step may be booked within so many days, by the wall clocks of the recipient and the client. */
export function segmentsOf(record: EnrollmentRecord, decision: TouchDecision, now: Date, days: number): Segment[] {
  const { channel } = decision.step;
  const { facts, clientTimezone } = record;
  const from = record.readyFrom[channel];
  const place = {
    calendar: calendarOf(channel, facts),
    windowZone: zoneOfChannel(channel, facts),
    wakingZones: wakingZonesOf(channel, facts),
    clientZone: clientTimezone,
  };
  return candidateSegments(channel, { earliest: decision.earliest, days, now: from > now ? from : now }, place);
}

/** @param where `admit`: how many leads the day may admit, if it may admit this one (PACE-4) */
export function book(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  { step: { step, channel }, form }: TouchDecision,
  where: { admit: DayAllowance | null; segments: readonly Segment[]; now: Date },
): Promise<Booking> {
  const { clientId, campaignId, enrollmentId, moved } = record;
  const done = record.done.get(step) ?? [];
  const touch = { clientId, campaignId, enrollmentId, moved, step, channel, form, done };
  return bookInTurn(deps.database, { ...touch, senders: record.senders[channel], ...where });
}

/** Tells that a touch has its slot, with the numbers that put it there (TRUTH-3). */
export async function tellPlanned(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  planned: { decision: TouchDecision; booking: { touchId: string; slotAt: Date } },
  now: Date,
): Promise<void> {
  const { step, reason, rule, numbers } = planned.decision;
  const { touchId, slotAt } = planned.booking;
  const slot = { slotAt: slotAt.toISOString(), slotLocal: slotLabel(record, step, slotAt) };
  const from = record.readyFrom[step.channel];
  // Nobody can send on this channel until then: they rest, or their provider does not answer.
  const waits: Because['numbers'] = from > now ? { sendersBackAt: from.toISOString() } : {};
  await tell(deps.database.sql, {
    clientId: record.clientId,
    enrollmentId: record.enrollmentId,
    touchId,
    step: step.step,
    at: now,
    what: 'planned',
    reason,
    rule,
    numbers: { ...numbers, ...slot, ...waits },
  });
}

/** A slot that has passed is planned again, never sent late (TIME-7); so is one that was booked for another form. */
async function giveBackUselessSlot(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  { step, form }: TouchDecision,
  now: Date,
): Promise<void> {
  const slot = record.slots.get(step.step);
  if (slot === undefined || (slot.slotAt >= now && slot.form === form)) return;
  const numbers = { slotAt: slot.slotAt.toISOString() };
  const because: Because =
    slot.form === form
      ? { reason: 'its slot was missed', rule: 'TIME-7', numbers }
      : { reason: `to be of form ${form} now`, rule: 'SEQ-7', numbers: { ...numbers, form, booked: slot.form } };
  const { clientId, enrollmentId } = record;
  await delayTouch(deps.database, { clientId, enrollmentId, touchId: slot.touchId, step: step.step }, because, now);
}

async function waitForRoom(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  step: SequenceStep,
  now: Date,
): Promise<NextMove> {
  const { clientId, enrollmentId } = record;
  const because: Because = {
    reason: 'no room for it',
    rule: 'LIM-2',
    numbers: { daysLookedAhead: horizonDays[1] },
  };
  await tell(deps.database.sql, { clientId, enrollmentId, step: step.step, at: now, what: 'waiting', ...because });
  const tomorrow = DateTime.fromJSDate(now).plus({ days: 1 }).toJSDate();
  return { kind: 'wait', wakeAt: deps.clock.toWorkflowTime(tomorrow), label: because.reason };
}
