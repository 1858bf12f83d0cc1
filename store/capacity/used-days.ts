import type { LocalDate } from '../../domain/calendar/local-date';
import type { Sql } from '../sql';

/** What is booked and consumed of a day's counter, by resource and client-local day, from a day on. */
export async function readUsedDays(
  sql: Sql,
  counter: string,
  resourceIds: readonly string[],
  from: LocalDate,
): Promise<Map<string, Map<LocalDate, number>>> {
  const rows = await sql<{ resourceId: string; day: LocalDate; used: number }>`
    SELECT resource_id AS "resourceId", starts_on AS day, booked + consumed AS used FROM capacity_counter
    WHERE counter = ${counter} AND resource_id = ANY (${resourceIds}::uuid[]) AND period = 'day'
      AND starts_on >= ${from}::date AND booked + consumed > 0`;
  const byResource = new Map(resourceIds.map((id) => [id, new Map<LocalDate, number>()]));
  for (const { resourceId, day, used } of rows) byResource.get(resourceId)?.set(day, used);
  return byResource;
}
