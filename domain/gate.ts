import { daysBetweenTouches } from './calendar/due-date';
import { lastTouchOn, type Because, type EnrollmentFacts } from './facts';
import { addDays, localDate } from './calendar/local-date';
import { channelObjection, leadObjection } from './objections';
import { sendingDay } from './calendar/sending-day';
import { calendarOf, isInsideWindow, lastCall, wakingZonesOf, zoneOfChannel } from './calendar/send-window';
import { sleepingZone } from './calendar/waking-hours';
import { formFor, rulesOf, type Channel, type TouchForm } from './channels';
import { latestAfterSlotMs } from './send-times';

export interface TouchAtGate {
  step: number;
  channel: Channel;
  /** What was booked and written. */
  form: TouchForm;
  slotAt: Date | null;
  hasText: boolean;
  /** The very mailbox, number or seat that was booked. */
  sender: 'ready' | 'out';
  /** Why it is out, where more is known than that. */
  outage?: Because | null;
}

/**
 * TRUTH-2: may this touch leave at this instant? Everything but the limits, which are checked and taken in the same
 * transaction right after. Null means yes.
 */
export function gateObjection(facts: EnrollmentFacts, touch: TouchAtGate, now: Date): Because | null {
  const stopped = leadObjection(facts);
  if (stopped !== null) return stopped;
  if (facts.status !== 'active') return { reason: `the enrollment is ${facts.status}`, rule: 'TRUTH-2', numbers: {} };
  if (facts.campaign !== 'active') return { reason: `campaign ${facts.campaign}`, rule: 'TRUTH-4', numbers: {} };
  const skipped = channelObjection(facts, touch.channel);
  if (skipped !== null) return skipped;
  if (touch.slotAt === null) return { reason: 'nothing is booked', rule: 'LIM-2', numbers: {} };
  if (touch.slotAt > now) return { reason: 'before its slot', rule: 'LIM-2', numbers: {} };
  const formed = formObjection(facts, touch);
  if (formed !== null) return formed;
  if (touch.sender === 'out')
    return touch.outage ?? { reason: `${touch.channel} sender is out`, rule: 'SEQ-7', numbers: {} };
  if (!touch.hasText) return { reason: 'no text yet', rule: 'TIME-7', numbers: {} };
  return calendarObjection(facts, touch, now) ?? lateness(touch.slotAt, now);
}

/** TIME-7: what was missed is planned again, so that an outage is followed by no herd. */
function lateness(slotAt: Date, now: Date): Because | null {
  const lateMs = now.getTime() - slotAt.getTime();
  if (lateMs < latestAfterSlotMs) return null;
  const numbers = { slotAt: slotAt.toISOString(), secondsLate: Math.floor(lateMs / 1000) };
  return { reason: 'its slot was missed', rule: 'TIME-7', numbers };
}

/** TIME-7: the instant from which on a touch that the gate lets through now may not leave any more. */
export function tooLateFrom(facts: EnrollmentFacts, touch: { channel: Channel; slotAt: Date }, now: Date): Date {
  const zone = zoneOfChannel(touch.channel, facts);
  const window = lastCall(localDate(now, zone), zone, touch.channel);
  return new Date(Math.min(touch.slotAt.getTime() + latestAfterSlotMs, window.getTime()));
}

/** Whoever accepted an invitation meanwhile gets a message instead of another one: other limits, another text. */
function formObjection(facts: EnrollmentFacts, { channel, form }: TouchAtGate): Because | null {
  const choice = formFor(channel, facts.network);
  if ('skip' in choice || choice.form === form) return null;
  return { reason: `to be of form ${choice.form} now`, rule: 'SEQ-7', numbers: { form: choice.form, booked: form } };
}

function calendarObjection(facts: EnrollmentFacts, touch: TouchAtGate, now: Date): Because | null {
  const today = localDate(now, facts.calendar.timezone);
  const day = sendingDay(today, calendarOf(touch.channel, facts));
  if (!day.sending) return { reason: day.reason, rule: day.rule, numbers: { today } };
  const zone = zoneOfChannel(touch.channel, facts);
  if (!isInsideWindow(now, localDate(now, zone), zone, touch.channel)) {
    return { reason: 'outside the send window', rule: 'TIME-7', numbers: { today } };
  }
  const asleep = sleepingZone(now, wakingZonesOf(touch.channel, facts), rulesOf(touch.channel).lastCallSeconds);
  if (asleep !== null) {
    const numbers = { callTimezone: zone, numberTimezone: asleep };
    return { reason: "outside 08:00–20:00 where the lead's number lives", rule: 'TIME-3', numbers };
  }
  if (facts.holdUntil !== null && today < facts.holdUntil) {
    return { reason: 'held by an automatic reply', rule: 'SEQ-3', numbers: { holdUntil: facts.holdUntil } };
  }
  const last = lastTouchOn(facts);
  if (last !== null && today < addDays(last, daysBetweenTouches)) {
    return { reason: 'too soon after the last touch', rule: 'SEQ-2', numbers: { lastTouchOn: last, today } };
  }
  return null;
}
