import type { Prisma } from '../../prisma/generated/client';
import { canonical } from '../../domain/canonical';
import { channelNamed, channels as allChannels, type Channel } from '../../domain/channels';
import type { SenderKind } from '../../domain/channels/channel-rules';
import type { ProviderEvent } from '../../providers/ports';
import type { Database, Transaction } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';
import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';
import { requireSeat } from '../tenants/tier-limits';
import { inboxRecord, shownInbox, writeInbox, type InboxAccount, type InboxRecord } from './inboxes';
import { pause, type PauseRecord, type Pausable } from './pauses';

/** What a sender is used for, and through which provider. */
export interface SenderUse {
  channel: Channel;
  provider: string;
}

/** Nothing is sent through a provider that does not answer; at `retryAt` the next touch tries. */
export interface SenderOutage extends SenderUse {
  error: string;
  since: Date;
  retryAt: Date;
  failures: number;
}

/** A mailbox's own SMTP account. */
export interface MailboxAccount {
  host: string;
  port: number | null;
  username: string | null;
  password: string | null;
}

/** A mailbox, number or seat as it may be shown: never its passwords. */
export interface SenderRecord {
  id: string;
  kind: SenderKind;
  /** E-mail address, E.164 number, or the provider's account id. */
  address: string;
  name: string | null;
  uses: SenderUse[];
  /** Only mailboxes have a domain, and perhaps an SMTP account of their own. */
  mailbox: { domainId: string; smtp: Omit<MailboxAccount, 'password'> | null; inbox: InboxRecord | null } | null;
  pauses: PauseRecord[];
  /** Channels whose provider does not answer it. */
  outages: SenderOutage[];
  /** When its last rest ended or will end; null: the provider never throttled it. */
  restedUntil: Date | null;
  createdAt: Date;
}

export interface NewSender {
  clientId: string;
  kind: SenderKind;
  address: string;
  name: string | null;
  uses: readonly SenderUse[];
  mailbox: { domainId: string; smtp: MailboxAccount | null; imap: InboxAccount | null } | null;
  now: Date;
}

const shown = {
  id: true,
  kind: true,
  address: true,
  name: true,
  restedUntil: true,
  createdAt: true,
  channels: {
    select: { channel: true, provider: true, failures: true, failure: true, downSince: true, retryAt: true },
  },
  mailbox: {
    select: { domainId: true, smtpHost: true, smtpPort: true, smtpUsername: true, inbox: { select: shownInbox } },
  },
  pauses: { select: { reason: true, detail: true, since: true, until: true }, orderBy: { since: 'asc' } },
} as const satisfies Prisma.SenderSelect;

function record({ channels, mailbox, ...row }: Prisma.SenderGetPayload<{ select: typeof shown }>): SenderRecord {
  return {
    ...row,
    uses: channels
      .map(({ channel, provider }) => ({ channel: channelNamed(channel), provider }))
      .sort((a, b) => allChannels.indexOf(a.channel) - allChannels.indexOf(b.channel)),
    outages: channels.flatMap(outageOf),
    mailbox:
      mailbox === null
        ? null
        : {
            domainId: mailbox.domainId,
            smtp: accountOf(mailbox),
            inbox: mailbox.inbox === null ? null : inboxRecord(mailbox.inbox),
          },
  };
}

type ChannelRow = Prisma.SenderGetPayload<{ select: typeof shown }>['channels'][number];

function outageOf({ channel, provider, failures, failure, downSince, retryAt }: ChannelRow): SenderOutage[] {
  if (downSince === null || retryAt === null) return [];
  return [{ channel: channelNamed(channel), provider, error: failure ?? '', since: downSince, retryAt, failures }];
}

function accountOf(row: { smtpHost: string | null; smtpPort: number | null; smtpUsername: string | null }) {
  return row.smtpHost === null ? null : { host: row.smtpHost, port: row.smtpPort, username: row.smtpUsername };
}

/** @throws Prisma's P2002 when somebody has registered the address already, TierExceeded when the tier allows no more */
export async function createSender(database: Database, sender: NewSender): Promise<{ id: string }> {
  const { clientId, kind, address, name, uses, mailbox, now } = sender;
  return database.$transaction(async (tx) => {
    if (kind === 'linkedin_seat') await requireSeat(tx, clientId);
    const { id } = await tx.sender.create({ data: { clientId, kind, address, name, createdAt: now } });
    await writeUses(tx, { clientId, id }, uses);
    if (mailbox !== null) {
      const { domainId, smtp, imap } = mailbox;
      await tx.mailbox.create({ data: { senderId: id, clientId, domainId, ...smtpColumns(smtp) } });
      if (imap !== null) await writeInbox(tx, { clientId, senderId: id }, imap);
    }
    return { id };
  });
}

export async function listSenders(
  database: Database,
  of: { clientId: string; kind: SenderKind },
  page: PageRequest,
): Promise<Page<SenderRecord>> {
  const rows = await database.sender.findMany({
    where: of,
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows.map(record), page.limit, (row) => row.id);
}

export async function readSender(
  database: Database,
  of: { clientId: string; kind: SenderKind; id: string },
): Promise<SenderRecord | null> {
  const row = await database.sender.findFirst({ where: of, select: shown });
  return row === null ? null : record(row);
}

/**
 * Changes what is given; of an account, all or nothing. `smtp` null: the configured relay; `imap` null: its inbox is not
 * read.
 */
export async function updateSender(
  database: Database,
  of: { clientId: string; kind: SenderKind; id: string },
  changes: {
    name?: string | null;
    uses?: readonly SenderUse[];
    smtp?: MailboxAccount | null;
    imap?: InboxAccount | null;
  },
): Promise<void> {
  const { name, uses, smtp, imap } = changes;
  await database.$transaction(async (tx) => {
    if ((await tx.sender.count({ where: of })) === 0) return;
    if (name !== undefined) await tx.sender.update({ where: { id: of.id }, data: { name } });
    if (uses !== undefined) {
      await tx.senderChannel.deleteMany({ where: { senderId: of.id } });
      await writeUses(tx, of, uses);
    }
    if (smtp !== undefined) await tx.mailbox.updateMany({ where: { senderId: of.id }, data: smtpColumns(smtp) });
    if (imap !== undefined) await writeInbox(tx, { clientId: of.clientId, senderId: of.id }, imap);
  });
}

async function writeUses(
  tx: Transaction,
  { clientId, id }: { clientId: string; id: string },
  uses: readonly SenderUse[],
): Promise<void> {
  await tx.senderChannel.createMany({ data: uses.map((use) => ({ senderId: id, clientId, ...use })) });
}

const smtpColumns = (smtp: MailboxAccount | null) => ({
  smtpHost: smtp?.host ?? null,
  smtpPort: smtp?.port ?? null,
  smtpUsername: smtp?.username ?? null,
  smtpPassword: smtp?.password ?? null,
});

/** The channels that a client has anything to send with, paused or not (SEQ-6; a pause is SEQ-7's affair). */
export async function availableChannels(database: Database | Transaction, clientId: string): Promise<Set<Channel>> {
  const rows = await database.senderChannel.findMany({
    where: { clientId },
    distinct: ['channel'],
    select: { channel: true },
  });
  return new Set(rows.map((row) => channelNamed(row.channel)));
}

/** The client's own mailbox with this address, in lower case. */
export async function mailboxAt(database: Database, of: { clientId: string; address: string }): Promise<string | null> {
  const row = await database.sender.findFirst({ where: { ...of, kind: 'mailbox' }, select: { id: true } });
  return row?.id ?? null;
}

/** Is this address (in lower case) a mailbox that any client sends from? */
export async function isSendingMailbox(database: Database, address: string): Promise<boolean> {
  return (await database.sender.count({ where: { kind: 'mailbox', address } })) > 0;
}

/** The sender that an event came to; null when it is not said or not ours. */
export async function senderAt(
  sql: Sql,
  resource: ProviderEvent['resource'],
): Promise<(Pausable & { kind: 'sender' }) | null> {
  const at = senderAddress(resource);
  if (at === null) return null;
  const [row] = await sql<{ senderId: string; clientId: string }>`
    SELECT id AS "senderId", client_id AS "clientId" FROM sender
    WHERE kind = ${at.kind}::"SenderKind" AND address = ${at.address}`;
  return row === undefined ? null : { kind: 'sender', ...row };
}

/** What a provider's event says of our own end, as the address that a sender is stored with. */
export function senderAddress(resource: ProviderEvent['resource']): { kind: SenderKind; address: string } | null {
  if (resource?.mailbox !== undefined) return addressed('mailbox', canonical('email', resource.mailbox));
  if (resource?.number !== undefined) return addressed('phone_number', canonical('phone', resource.number));
  return addressed('linkedin_seat', resource?.accountId);
}

const addressed = (kind: SenderKind, address: string | undefined) => (address === undefined ? null : { kind, address });

/**
 * Takes a sender out because the provider refuses it, and raises an alert (SEQ-7). It stays out until someone resumes
 * it, or the provider says that it is back. Idempotent.
 * @param error the provider's short word
 */
export async function takeOutSender(
  sql: Sql,
  sender: { clientId: string; channel: Channel; senderId: string; error: string },
  now: Date,
): Promise<void> {
  const { clientId, channel, senderId, error } = sender;
  await pause(sql, { kind: 'sender', senderId, clientId }, { reason: 'provider', detail: error }, now);
  const message = `${channel} sender ${senderId} was taken out: ${error}`;
  await raiseAlert(sql, { clientId, kind: 'sender_out', message, resourceId: senderId }, now);
}
