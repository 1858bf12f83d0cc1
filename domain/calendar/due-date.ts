import { addDays, laterDate, type LocalDate } from './local-date';
import { rollForward, type WorkCalendar } from './sending-day';

/** SEQ-2: days between two delivered touches. */
export const daysBetweenTouches = 2;
/** SEQ-3: days an automatic reply without a date of return holds the sequence. */
export const holdDaysWithoutReturnDate = 7;

/**
 * SEQ-2: the recipient-local date on which a step is due: Day 0 + its day, never closer than two days to the last
 * delivered touch, rolled forward to the next sending day.
 */
export function dueDate(
  step: { day: number },
  day0: LocalDate,
  lastTouchOn: LocalDate | null,
  calendar: WorkCalendar,
): LocalDate {
  const byPlan = addDays(day0, step.day);
  const due = lastTouchOn === null ? byPlan : laterDate(byPlan, addDays(lastTouchOn, daysBetweenTouches));
  return rollForward(due, calendar);
}

/**
 * SEQ-3: the first recipient-local date on which a lead who answered automatically may be touched again: one sending
 * day after the stated date of return, or seven days after the answer.
 */
export function holdUntil(answeredOn: LocalDate, returnDate: LocalDate | null, calendar: WorkCalendar): LocalDate {
  if (returnDate === null) return rollForward(addDays(answeredOn, holdDaysWithoutReturnDate), calendar);
  return rollForward(addDays(laterDate(returnDate, answeredOn), 1), calendar);
}
