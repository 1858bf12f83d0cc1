import type { LocalDate } from '../../domain/calendar/local-date';
import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../database';
import { dateText, dateValue } from '../dates';
import { nextPage, type Page, type PageRequest } from '../paging';
import type { PauseRecord } from './pauses';

export interface DomainRecord {
  id: string;
  name: string;
  /** Client-local date on which the warm-up began (WARM-1, WARM-3). */
  warmupStartedAt: LocalDate;
  pauses: PauseRecord[];
  reviewedAt: Date | null;
  createdAt: Date;
}

const shown = {
  id: true,
  name: true,
  warmupStartedAt: true,
  reviewedAt: true,
  createdAt: true,
  pauses: { select: { reason: true, detail: true, since: true, until: true }, orderBy: { since: 'asc' } },
} as const satisfies Prisma.SendingDomainSelect;

const record = (row: Prisma.SendingDomainGetPayload<{ select: typeof shown }>): DomainRecord => ({
  ...row,
  warmupStartedAt: dateText(row.warmupStartedAt),
});

/** @throws Prisma's P2002 when somebody has registered the name already */
export async function createDomain(
  database: Database,
  domain: { clientId: string; name: string; warmupStartedAt: LocalDate; now: Date },
): Promise<DomainRecord> {
  const { clientId, name, warmupStartedAt, now } = domain;
  const data = { clientId, name, warmupStartedAt: dateValue(warmupStartedAt), createdAt: now };
  return record(await database.sendingDomain.create({ data, select: shown }));
}

export async function listDomains(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<DomainRecord>> {
  const rows = await database.sendingDomain.findMany({
    where: { clientId },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows.map(record), page.limit, (row) => row.id);
}

/** @returns null when the client has no such domain */
export async function readDomain(
  database: Database,
  of: { clientId: string } & ({ id: string } | { name: string }),
): Promise<DomainRecord | null> {
  const row = await database.sendingDomain.findFirst({ where: of, select: shown });
  return row === null ? null : record(row);
}

export async function updateDomain(
  database: Database,
  of: { clientId: string; id: string },
  changes: { warmupStartedAt?: LocalDate },
): Promise<void> {
  const { warmupStartedAt } = changes;
  if (warmupStartedAt === undefined) return;
  await database.sendingDomain.updateMany({ where: of, data: { warmupStartedAt: dateValue(warmupStartedAt) } });
}
