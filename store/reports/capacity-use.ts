import type { Database } from '../database';
import { dateText } from '../dates';

/** What people call the sending resources: domain name, address, number, seat account; and the client's name. */
export async function resourceNames(database: Database): Promise<Map<string, string>> {
  const named = [
    ...(await database.client.findMany()).map((row) => [row.id, row.name] as const),
    ...(await database.sendingDomain.findMany()).map((row) => [row.id, row.name] as const),
    ...(await database.sender.findMany()).map((row) => [row.id, row.address] as const),
  ];
  return new Map(named);
}

export interface CapacityUse {
  kind: string;
  resource: string;
  day: string;
  limit: number;
  consumed: number;
  booked: number;
}

/** Capacity used of capacity allowed, by resource and client-local day. */
export async function readCapacityUse(database: Database, clientId: string): Promise<CapacityUse[]> {
  const names = await resourceNames(database);
  const rows = await database.capacityCounter.findMany({
    where: { clientId, OR: [{ consumed: { gt: 0 } }, { booked: { gt: 0 } }] },
    orderBy: [{ startsOn: 'asc' }, { counter: 'asc' }, { resourceId: 'asc' }],
  });
  return rows.map(({ counter, resourceId, startsOn, limit, consumed, booked }) => ({
    kind: counter,
    resource: names.get(resourceId) ?? resourceId,
    day: dateText(startsOn),
    limit,
    consumed,
    booked,
  }));
}
