import { daysBetween, type LocalDate } from './calendar/local-date';

/** The table of WARM: the first day of each stage and the domain's e-mails per day in it. */
export const warmUpStages: readonly { fromDay: number; limit: number }[] = [
  { fromDay: 0, limit: 5 },
  { fromDay: 4, limit: 10 },
  { fromDay: 8, limit: 20 },
  { fromDay: 15, limit: 35 },
  { fromDay: 22, limit: 50 },
];

/** WARM-1: local dates elapsed since the warm-up began. */
export function warmUpDay(startedAt: LocalDate, on: LocalDate): number {
  return daysBetween(startedAt, on);
}

/** WARM-1: e-mails per day on this day of the warm-up; 0 before it began (WARM-3). */
export function warmUpLimit(day: number): number {
  return warmUpStages.findLast((stage) => day >= stage.fromDay)?.limit ?? 0;
}
