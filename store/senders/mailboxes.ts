import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

/** A mailbox as it may be shown: never its SMTP password. */
export interface MailboxRecord {
  id: string;
  domainId: string;
  address: string;
  displayName: string | null;
  smtpHost: string | null;
  smtpPort: number | null;
  smtpUsername: string | null;
  pausedAt: Date | null;
  pauseReason: string | null;
  createdAt: Date;
}

export interface SmtpSettings {
  smtpHost: string | null;
  smtpPort: number | null;
  smtpUsername: string | null;
  smtpPassword: string | null;
}

const shown = {
  id: true,
  domainId: true,
  address: true,
  displayName: true,
  smtpHost: true,
  smtpPort: true,
  smtpUsername: true,
  pausedAt: true,
  pauseReason: true,
  createdAt: true,
} as const;

export interface NewMailbox extends SmtpSettings {
  clientId: string;
  domainId: string;
  address: string;
  displayName: string | null;
  now: Date;
}

/** @throws Prisma's P2002 when somebody has registered the address already */
export async function createMailbox(database: Database, mailbox: NewMailbox): Promise<MailboxRecord> {
  const { now, ...data } = mailbox;
  return database.mailbox.create({ data: { ...data, createdAt: now }, select: shown });
}

export async function listMailboxes(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<MailboxRecord>> {
  const rows = await database.mailbox.findMany({
    where: { clientId },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows, page.limit, (row) => row.id);
}

export async function readMailbox(database: Database, clientId: string, id: string): Promise<MailboxRecord | null> {
  return database.mailbox.findFirst({ where: { id, clientId }, select: shown });
}

export async function updateMailbox(
  database: Database,
  owner: { clientId: string; id: string },
  changes: Partial<SmtpSettings & { displayName: string | null }>,
): Promise<void> {
  await database.mailbox.updateMany({ where: owner, data: changes });
}

/** Is this address (in lower case) a mailbox that any client sends from? */
export async function isSendingMailbox(database: Database, address: string): Promise<boolean> {
  return (await database.mailbox.count({ where: { address } })) > 0;
}
