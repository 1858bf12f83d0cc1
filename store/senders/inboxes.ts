import type { Prisma } from '../../prisma/generated/client';
import { transact, type Database, type Transaction } from '../database';
import type { Sql } from '../sql';
import { raiseAlert, resolveAlert } from '../tenants/alerts';

/** A mailbox's own IMAP account. */
export interface InboxAccount {
  host: string;
  port: number;
  username: string;
  password: string;
  /** TLS from the first byte. */
  secure: boolean;
}

/** How an inbox may be shown: never its password. */
export interface InboxRecord {
  account: Omit<InboxAccount, 'password'>;
  state: 'waiting' | 'reading' | 'unreachable' | 'refused';
  lastSeenAt: Date | null;
  /** A short word; null unless it is unreachable or refused. */
  error: string | null;
}

export const shownInbox = {
  host: true,
  port: true,
  username: true,
  secure: true,
  state: true,
  lastSeenAt: true,
  error: true,
} as const satisfies Prisma.InboxSelect;

export function inboxRecord({
  state,
  lastSeenAt,
  error,
  ...account
}: Prisma.InboxGetPayload<{ select: typeof shownInbox }>): InboxRecord {
  return { account, state, lastSeenAt, error };
}

/**
 * Gives a mailbox an IMAP account, another one, or none. It is due at once, and whoever reads it by the old account stops.
 * A new password or way to connect keeps the cursor; another inbox is read from the mailbox's registration on, and what
 * was read before counts once all the same.
 */
export async function writeInbox(
  tx: Transaction,
  of: { clientId: string; senderId: string },
  account: InboxAccount | null,
): Promise<void> {
  if (account !== null) {
    const { host, username, ...way } = account;
    const anew = { state: 'waiting', error: null, failures: 0, holder: null, dueAt: new Date(0) } as const;
    const same = await tx.inbox.updateMany({ where: { ...of, host, username }, data: { ...way, ...anew } });
    if (same.count > 0) return;
  }
  await tx.inbox.deleteMany({ where: of });
  if (account !== null) await tx.inbox.create({ data: { ...of, ...account } });
}

/** An inbox that this process reads for now. */
export interface LeasedInbox {
  senderId: string;
  clientId: string;
  holder: string;
  /** The mailbox's address. */
  address: string;
  account: InboxAccount;
  /** How far it was read; null: it was never opened. */
  cursor: InboxCursor | null;
  registeredAt: Date;
  lastSeenAt: Date | null;
}

export interface InboxCursor {
  uidValidity: number;
  lastUid: number;
}

/** How long a lease lasts that nobody renews, in seconds: so long the inboxes of a process that died are read by nobody. */
const leaseSeconds = 60;

/** Takes inboxes that are due and that nobody holds, those first that have waited longest. */
export async function leaseInboxes(sql: Sql, holder: string, atMost: number): Promise<LeasedInbox[]> {
  const rows = await sql<Omit<LeasedInbox, 'cursor'> & { uidValidity: number | null; lastUid: number | null }>`
    WITH due AS (
      SELECT sender_id FROM inbox WHERE due_at <= clock_timestamp()
      ORDER BY due_at LIMIT ${atMost} FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE inbox i SET holder = ${holder}::uuid, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    FROM due, sender s WHERE i.sender_id = due.sender_id AND s.id = i.sender_id
    RETURNING i.sender_id AS "senderId", i.client_id AS "clientId", i.holder, s.address, s.created_at AS "registeredAt",
      json_build_object('host', i.host, 'port', i.port, 'username', i.username, 'password', i.password,
        'secure', i.secure) AS account,
      i.uid_validity AS "uidValidity", i.last_uid AS "lastUid", i.last_seen_at AS "lastSeenAt"`;
  return rows.map(({ uidValidity, lastUid, ...inbox }) => ({
    ...inbox,
    cursor: uidValidity === null || lastUid === null ? null : { uidValidity, lastUid },
  }));
}

/** Renews leases of a process. @returns the inboxes that it still holds: the others are somebody else's, or gone */
export async function keepInboxes(sql: Sql, holder: string, senderIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ senderId: string }>`
    UPDATE inbox SET due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE sender_id = ANY (${senderIds}::uuid[]) AND holder = ${holder}::uuid AND due_at > clock_timestamp()
    RETURNING sender_id AS "senderId"`;
  return new Set(rows.map(({ senderId }) => senderId));
}

/** Hands over what a process holds, at once: it ends. */
export async function releaseInboxes(sql: Sql, holder: string): Promise<void> {
  await sql`UPDATE inbox SET holder = NULL, due_at = clock_timestamp() WHERE holder = ${holder}::uuid`;
}

/** Somebody else reads this inbox by now, or its account has changed. */
export class InboxLost extends Error {
  override readonly name = 'InboxLost';
  constructor({ senderId }: Pick<LeasedInbox, 'senderId'>) {
    super(`the inbox of mailbox ${senderId} is read by somebody else`);
  }
}

/** Says where reading begins: the inbox was never opened, or its server has numbered its mails anew. @throws InboxLost */
export async function beginCursor(sql: Sql, inbox: LeasedInbox, { uidValidity, lastUid }: InboxCursor): Promise<void> {
  const moved = await sql`
    UPDATE inbox SET uid_validity = ${uidValidity}, last_uid = ${lastUid}, trying_uid = NULL, tries = 0
    WHERE sender_id = ${inbox.senderId}::uuid AND holder = ${inbox.holder}::uuid RETURNING 1`;
  if (moved.length === 0) throw new InboxLost(inbox);
}

/** Everything up to this mail is stored: to be said in the transaction that stores its events. @throws InboxLost */
export async function moveCursor(sql: Sql, inbox: LeasedInbox, uid: number): Promise<void> {
  const moved = await sql`
    UPDATE inbox SET last_uid = ${uid}, trying_uid = NULL, tries = 0
    WHERE sender_id = ${inbox.senderId}::uuid AND holder = ${inbox.holder}::uuid AND last_uid < ${uid} RETURNING 1`;
  if (moved.length === 0) throw new InboxLost(inbox);
}

/** Work on a mail begins. @returns how often it was begun, this time included @throws InboxLost */
export async function beginMail(sql: Sql, inbox: LeasedInbox, uid: number): Promise<number> {
  const [row] = await sql<{ tries: number }>`
    UPDATE inbox SET tries = CASE WHEN trying_uid = ${uid}::bigint THEN tries + 1 ELSE 1 END, trying_uid = ${uid}::bigint
    WHERE sender_id = ${inbox.senderId}::uuid AND holder = ${inbox.holder}::uuid RETURNING tries`;
  if (row === undefined) throw new InboxLost(inbox);
  return row.tries;
}

/** What is wrong with an inbox, as an alert about its mailbox. */
const alertKind = 'inbox_out';

/** It was looked at with success. @param isLasting the connection has lasted for a while: earlier failures are forgotten */
export function noteSeen(database: Database, inbox: LeasedInbox, isLasting: boolean, now: Date): Promise<void> {
  const { senderId, clientId, holder } = inbox;
  return transact(database, async (sql) => {
    const [row] = await sql<{ was: string }>`
      UPDATE inbox i SET state = 'reading', error = NULL, last_seen_at = ${now},
        failures = CASE WHEN ${isLasting}::boolean THEN 0 ELSE i.failures END
      FROM inbox before WHERE before.sender_id = i.sender_id
        AND i.sender_id = ${senderId}::uuid AND i.holder = ${holder}::uuid RETURNING before.state AS was`;
    if (row === undefined || row.was === 'reading') return;
    await resolveAlert(sql, { clientId, kind: alertKind, resourceId: senderId }, now);
  });
}

/** Seconds to wait after the first failure, and at most: a refused login is tried rarely, or the host locks the account. */
const waits = { unreachable: { first: 5, longest: 900 }, refused: { first: 300, longest: 21_600 } } as const;
/** Failures in a row after which somebody should look, about twenty minutes of them. */
const alertAfter = 8;

/** It could not be read: whoever comes first tries again, after a while that grows and is never the same for two. */
export function setInboxBack(
  database: Database,
  inbox: LeasedInbox,
  { state, error }: { state: 'unreachable' | 'refused'; error: string },
  now: Date,
): Promise<void> {
  const { senderId, clientId, holder } = inbox;
  const { first, longest } = waits[state];
  return transact(database, async (sql) => {
    const [row] = await sql<{ failures: number }>`
      UPDATE inbox SET state = ${state}::"InboxState", error = ${error}, holder = NULL, failures = failures + 1,
        due_at = clock_timestamp() + make_interval(
          secs => least(${longest}, ${first} * 2.0 ^ least(failures, 20)) * (0.75 + random() / 2))
      WHERE sender_id = ${senderId}::uuid AND holder = ${holder}::uuid RETURNING failures`;
    if (row === undefined || (state === 'unreachable' && row.failures < alertAfter)) return;
    const message = `the inbox of mailbox ${senderId} cannot be read: ${error}`;
    await raiseAlert(sql, { clientId, kind: alertKind, message, resourceId: senderId }, now);
  });
}
