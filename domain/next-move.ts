import { dueDate } from './calendar/due-date';
import { lastTouchOn, type Because, type EnrollmentFacts, type TouchFacts } from './facts';
import { addDays, laterDate, localDate, type LocalDate } from './calendar/local-date';
import { channelObjection, leadObjection } from './objections';
import { rollForward } from './calendar/sending-day';
import { calendarOf, wakingZonesOf, zoneOfChannel } from './calendar/send-window';
import { candidateSegments } from './calendar/slots';
import { formFor, formsOf, type TouchForm } from './channels';
import type { SequenceStep } from './sequence';

/** SEQ-7: sending days a step waits for a resource that is out before it is skipped. */
export const daysToWaitForResource = 3;
/** TEXT-2: plans without a text before the step is skipped. */
export const plansWithoutText = 2;
/** TIME-3: calendar days within which the send window and the waking hours of the number's zones have to meet. */
export const daysToMeet = 10;

export type Decision =
  /** Book the earliest slot on or after this recipient-local date. */
  | ({ kind: 'touch'; step: SequenceStep; form: TouchForm; earliest: LocalDate; day0: LocalDate } & Because)
  /** Nothing now. `until` is a recipient-local date, null: until something changes. */
  | ({ kind: 'wait'; until: LocalDate | null; step: SequenceStep | null; countsAsDayWaited: boolean } & Because)
  | ({ kind: 'skip'; step: SequenceStep; day0: LocalDate; alert: boolean } & Because)
  | ({ kind: 'stop'; status: 'completed' | 'stopped' } & Because);

/** What happens to this lead next, and why (SEQ-1 … SEQ-8, ACC-1, TRUTH-4). `now` is the instant of deciding. */
export function decideNextMove(facts: EnrollmentFacts, now: Date): Decision {
  if (facts.status === 'completed') {
    return { kind: 'stop', status: 'completed', reason: 'every step is done', rule: 'SEQ-1', numbers: {} };
  }
  const objection = leadObjection(facts);
  if (objection !== null) return { kind: 'stop', status: 'stopped', ...objection };
  if (facts.steps.length === 0) {
    const reason = 'the client has no channel';
    return { kind: 'wait', until: null, step: null, countsAsDayWaited: false, reason, rule: 'SEQ-6', numbers: {} };
  }
  const step = nextStep(facts);
  if (step === null) {
    const numbers = { steps: facts.steps.length };
    return { kind: 'stop', status: 'completed', reason: 'every step is done', rule: 'SEQ-1', numbers };
  }
  if (facts.campaign !== 'active') {
    const reason = `campaign ${facts.campaign}`;
    return { kind: 'wait', until: null, step, countsAsDayWaited: false, reason, rule: 'TRUTH-4', numbers: {} };
  }
  return decideStep(facts, step, now);
}

/** The first step that is this lead's and neither done nor given up (MIG-2: a finished step is never repeated). */
function nextStep(facts: EnrollmentFacts): SequenceStep | null {
  const finished = new Set(facts.touches.filter((touch) => touch.status !== 'planned').map((touch) => touch.step));
  return facts.steps.find(({ step }) => step >= facts.fromStep && !finished.has(step)) ?? null;
}

function decideStep(facts: EnrollmentFacts, step: SequenceStep, now: Date): Decision {
  const today = localDate(now, facts.calendar.timezone);
  const day0 = facts.day0 ?? today;
  const touch = facts.touches.find((known) => known.step === step.step) ?? null;
  const objection = channelObjection(facts, step.channel);
  if (objection !== null) return { kind: 'skip', step, day0, alert: false, ...objection };
  if (touch !== null && touch.textFailures >= plansWithoutText) {
    const numbers = { plans: touch.textFailures };
    return { kind: 'skip', step, day0, alert: true, reason: 'no text passed the checks', rule: 'TEXT-2', numbers };
  }
  const { earliest, because } = earliestDate(facts, step, day0, today);
  const apart = neverMeet(facts, step, earliest);
  if (apart !== null) return { kind: 'skip', step, day0, alert: false, ...apart };
  if (facts.senders[step.channel] === 'out') return waitForResource(facts, step, touch, { day0, today, earliest });
  const form = formOf(facts, step);
  return { kind: 'touch', step, form, earliest, day0, ...withForm(because, step, form) };
}

/** TIME-3: why a call or text finds no moment that suits both the company's window and the number's zones, or null. */
function neverMeet(facts: EnrollmentFacts, { channel }: SequenceStep, earliest: LocalDate): Because | null {
  const wakingZones = wakingZonesOf(channel, facts);
  if (wakingZones.length === 0) return null;
  const calendar = calendarOf(channel, facts);
  const windowZone = zoneOfChannel(channel, facts);
  const place = { calendar, windowZone, wakingZones, clientZone: calendar.timezone };
  const soonest = new Date(0); // whether it is over for today does not matter
  if (candidateSegments(channel, { earliest, days: daysToMeet, now: soonest }, place).length > 0) return null;
  const numbers = { callTimezone: windowZone, numberTimezone: wakingZones.join(', '), daysLookedAhead: daysToMeet };
  return { reason: "the send window is night where the lead's number lives", rule: 'TIME-3', numbers };
}

/** What the touch is. Whatever speaks against every form has been asked before. */
function formOf(facts: EnrollmentFacts, { channel }: SequenceStep): TouchForm {
  const choice = formFor(channel, facts.network);
  return 'form' in choice ? choice.form : formsOf(channel)[0];
}

/** Where a touch could have been something else, its timeline says what it is (TRUTH-3). */
function withForm(because: Because, { channel }: SequenceStep, form: TouchForm): Because {
  return formsOf(channel).length === 1 ? because : { ...because, numbers: { ...because.numbers, form } };
}

/** SEQ-2 and SEQ-3: when the step is due, or when a hold ends if that is later; never in the past. */
function earliestDate(
  facts: EnrollmentFacts,
  step: SequenceStep,
  day0: LocalDate,
  today: LocalDate,
): { earliest: LocalDate; because: Because } {
  const lastTouch = lastTouchOn(facts);
  const calendar = calendarOf(step.channel, facts);
  const due = dueDate(step, day0, lastTouch, calendar);
  const numbers = { day0, day: step.day, lastTouchOn: lastTouch, due, holdUntil: facts.holdUntil };
  const held = facts.holdUntil !== null && facts.holdUntil > due;
  const earliest = rollForward(laterDate(laterDate(due, facts.holdUntil ?? due), today), calendar);
  return {
    earliest,
    because: held
      ? { reason: 'held by an automatic reply', rule: 'SEQ-3', numbers }
      : { reason: `due on day ${step.day}`, rule: 'SEQ-2', numbers },
  };
}

function waitForResource(
  facts: EnrollmentFacts,
  step: SequenceStep,
  touch: TouchFacts | null,
  dates: { day0: LocalDate; today: LocalDate; earliest: LocalDate },
): Decision {
  const waited = touch?.daysWaited ?? 0;
  const because = { reason: `${step.channel} sender is out`, rule: 'SEQ-7', numbers: { daysWaited: waited } };
  if (waited >= daysToWaitForResource) {
    return { kind: 'skip', step, day0: dates.day0, alert: false, ...because };
  }
  const isDue = dates.earliest <= dates.today;
  const until = isDue ? rollForward(addDays(dates.today, 1), calendarOf(step.channel, facts)) : dates.earliest;
  return { kind: 'wait', until, step, countsAsDayWaited: isDue && touch?.waitedOn !== dates.today, ...because };
}
