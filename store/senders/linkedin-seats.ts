import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

export interface SeatRecord {
  id: string;
  /** The provider's account id. */
  accountId: string;
  name: string;
  pausedAt: Date | null;
  pauseReason: string | null;
  createdAt: Date;
}

/** @throws Prisma's P2002 when somebody has registered the account already */
export async function createSeat(
  database: Database,
  seat: { clientId: string; accountId: string; name: string; now: Date },
): Promise<SeatRecord> {
  const { now, ...data } = seat;
  return database.linkedInSeat.create({ data: { ...data, createdAt: now } });
}

export async function listSeats(database: Database, clientId: string, page: PageRequest): Promise<Page<SeatRecord>> {
  const rows = await database.linkedInSeat.findMany({
    where: { clientId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows, page.limit, (row) => row.id);
}

export async function readSeat(database: Database, clientId: string, id: string): Promise<SeatRecord | null> {
  return database.linkedInSeat.findFirst({ where: { id, clientId } });
}

export async function updateSeat(
  database: Database,
  owner: { clientId: string; id: string },
  changes: { name?: string },
): Promise<void> {
  await database.linkedInSeat.updateMany({ where: owner, data: changes });
}
