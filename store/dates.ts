import type { LocalDate } from '../domain/calendar/local-date';

/** PostgreSQL's `date`, which Prisma's client hands out as midnight UTC, as a calendar date. */
export function dateText(date: Date): LocalDate;
export function dateText(date: Date | null): LocalDate | null;
export function dateText(date: Date | null): LocalDate | null {
  return date === null ? null : date.toISOString().slice(0, 10);
}

/** A calendar date as Prisma's client wants a `date`: midnight UTC. */
export function dateValue(date: LocalDate): Date {
  return new Date(`${date}T00:00:00Z`);
}
