import type { LocalDate } from '../../domain/local-date';
import { dateText, dateValue } from '../dates';
import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

export interface DomainRecord {
  id: string;
  name: string;
  /** Client-local date on which the warm-up began (WARM-1, WARM-3). */
  warmupStartedAt: LocalDate;
  pausedAt: Date | null;
  pauseReason: string | null;
  reviewedAt: Date | null;
  createdAt: Date;
}

type Row = Omit<DomainRecord, 'warmupStartedAt'> & { warmupStartedAt: Date };
const record = (row: Row): DomainRecord => ({ ...row, warmupStartedAt: dateText(row.warmupStartedAt) });

/** @throws Prisma's P2002 when somebody has registered the name already */
export async function createDomain(
  database: Database,
  domain: { clientId: string; name: string; warmupStartedAt: LocalDate; now: Date },
): Promise<DomainRecord> {
  const { clientId, name, warmupStartedAt, now } = domain;
  const data = { clientId, name, warmupStartedAt: dateValue(warmupStartedAt), createdAt: now };
  return record(await database.sendingDomain.create({ data }));
}

export async function listDomains(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<DomainRecord>> {
  const rows = await database.sendingDomain.findMany({
    where: { clientId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows.map(record), page.limit, (row) => row.id);
}

export async function readDomain(database: Database, clientId: string, id: string): Promise<DomainRecord | null> {
  const row = await database.sendingDomain.findFirst({ where: { id, clientId } });
  return row === null ? null : record(row);
}

export async function readDomainByName(
  database: Database,
  clientId: string,
  name: string,
): Promise<DomainRecord | null> {
  const row = await database.sendingDomain.findFirst({ where: { name, clientId } });
  return row === null ? null : record(row);
}

export async function updateDomain(
  database: Database,
  owner: { clientId: string; id: string },
  changes: { warmupStartedAt?: LocalDate },
): Promise<void> {
  const { warmupStartedAt } = changes;
  if (warmupStartedAt === undefined) return;
  await database.sendingDomain.updateMany({ where: owner, data: { warmupStartedAt: dateValue(warmupStartedAt) } });
}
