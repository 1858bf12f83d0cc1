import type { LocalDate } from '../domain/local-date';

/** PostgreSQL's `date`, which the client hands out as midnight UTC, as a calendar date. */
export function dateText(date: Date): LocalDate;
export function dateText(date: Date | null): LocalDate | null;
export function dateText(date: Date | null): LocalDate | null {
  return date === null ? null : date.toISOString().slice(0, 10);
}

/** A calendar date as the client wants a `date`: midnight UTC. */
export function dateValue(date: LocalDate): Date {
  return new Date(`${date}T00:00:00Z`);
}
