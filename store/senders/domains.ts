import type { LocalDate } from '../../domain/calendar/local-date';
import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../database';
import { dateText, dateValue } from '../dates';
import { nextPage, type Page, type PageRequest } from '../paging';
import type { DnsRecord } from '../../domain/dns/verdict';
import { notCheckedYet } from './dns-checks';
import type { PauseRecord } from './pauses';

export interface DomainRecord {
  id: string;
  name: string;
  /** Client-local date on which the warm-up began (WARM-1, WARM-3). */
  warmupStartedAt: LocalDate;
  /** The selector that the client named for DKIM; null: the known ones are tried. */
  dkimSelector: string | null;
  dns: DomainDns;
  pauses: PauseRecord[];
  /** HLTH-2; null: its limit is not halved. */
  halvedSince: Date | null;
  /** HLTH-2; null: its content wants no review. */
  flaggedAt: Date | null;
  reviewedAt: Date | null;
  createdAt: Date;
}

/** What is known of a domain's DNS. */
export interface DomainDns {
  /** When it was last asked, and why it did not answer then; null: it did. */
  askedAt: Date | null;
  failure: string | null;
  /** When it last answered, and what it said; null: never. */
  checkedAt: Date | null;
  records: DnsRecord[] | null;
}

const shown = {
  id: true,
  name: true,
  warmupStartedAt: true,
  halvedSince: true,
  flaggedAt: true,
  reviewedAt: true,
  dkimSelector: true,
  dnsAskedAt: true,
  dnsFailure: true,
  dnsCheckedAt: true,
  dnsChecks: { select: { records: true }, orderBy: { id: 'desc' }, take: 1 },
  createdAt: true,
  pauses: { select: { reason: true, detail: true, since: true, until: true }, orderBy: { since: 'asc' } },
} as const satisfies Prisma.SendingDomainSelect;

function record(row: Prisma.SendingDomainGetPayload<{ select: typeof shown }>): DomainRecord {
  const { dnsAskedAt: askedAt, dnsFailure: failure, dnsCheckedAt: checkedAt, dnsChecks, ...domain } = row;
  // What is stored there is written by recordDnsCheck alone.
  const records = (dnsChecks[0]?.records ?? null) as DnsRecord[] | null;
  return { ...domain, warmupStartedAt: dateText(row.warmupStartedAt), dns: { askedAt, failure, checkedAt, records } };
}

/**
 * The domain sends nothing until its DNS has been checked.
 * @throws Prisma's P2002 when somebody has registered the name already
 */
export async function createDomain(
  database: Database,
  domain: { clientId: string; name: string; warmupStartedAt: LocalDate; dkimSelector: string | null; now: Date },
): Promise<DomainRecord> {
  const { clientId, name, warmupStartedAt, dkimSelector, now } = domain;
  const pauses = { create: { reason: 'dns', detail: notCheckedYet, since: now } } as const;
  const began = dateValue(warmupStartedAt);
  const data = { clientId, name, warmupStartedAt: began, dkimSelector, createdAt: now, pauses };
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
  changes: { warmupStartedAt?: LocalDate; dkimSelector?: string | null },
): Promise<void> {
  const { warmupStartedAt, dkimSelector } = changes;
  const began = warmupStartedAt === undefined ? undefined : dateValue(warmupStartedAt);
  await database.sendingDomain.updateMany({ where: of, data: { warmupStartedAt: began, dkimSelector } });
}

/** How many mailboxes these domains have, by domain. */
export async function countMailboxes(
  database: Database,
  clientId: string,
  domainIds: readonly string[],
): Promise<Map<string, number>> {
  const where = { clientId, domainId: { in: [...domainIds] } };
  const rows = await database.mailbox.groupBy({ by: ['domainId'], where, _count: true });
  return new Map(rows.map(({ domainId, _count }) => [domainId, _count]));
}
