import { acceptable } from '../providers/acceptable';
import type { InboxMail, InboxSession } from '../providers/imap/inbox';
import { meaningOf } from '../providers/mail/meaning';
import type { ProviderEvent } from '../providers/ports';
import { recordMail } from '../store/events/record-mail';
import { beginCursor, beginMail, moveCursor, type InboxCursor, type LeasedInbox } from '../store/senders/inboxes';
import { isSendingMailbox } from '../store/senders/senders';
import { raiseAlert } from '../store/tenants/alerts';
import type { ActivityDeps } from './deps';

export type InboxDeps = Pick<ActivityDeps, 'database' | 'clock' | 'secretKey' | 'deliverOutbox'>;

/** An inbox that is open, and how far it is read. */
export interface Reading {
  inbox: LeasedInbox;
  session: InboxSession;
  cursor: InboxCursor;
}

const dayMs = 24 * 3600 * 1000;
/** An inbox that nobody has read yet is read back this far at most, in days. */
const firstReadDays = 30;
/** What is read again around a moment: SEARCH knows dates only, in the server's zone, and clocks differ. In days. */
const overlapDays = 2;

/** Did it come before the mailbox was registered? */
const isOld = ({ receivedAt }: InboxMail, { registeredAt }: LeasedInbox): boolean =>
  receivedAt.getTime() < registeredAt.getTime() - dayMs;

/** From when on an inbox is read whose UIDs say nothing: it is new, or its server has numbered its mails anew. */
export function readFrom(inbox: Pick<LeasedInbox, 'registeredAt' | 'lastSeenAt'>, now: Date): Date {
  const { registeredAt, lastSeenAt } = inbox;
  if (lastSeenAt !== null) return new Date(lastSeenAt.getTime() - overlapDays * dayMs);
  return new Date(Math.max(registeredAt.getTime() - dayMs, now.getTime() - firstReadDays * dayMs));
}

/**
 * Goes on where the inbox was read last. Where that cannot be known (a first look, a new UIDVALIDITY, UIDs that went
 * back) a bounded past is read again: what is stored already counts once (TRUTH-5).
 * @throws ImapUnavailable, InboxLost
 */
export async function beginReading(deps: InboxDeps, inbox: LeasedInbox, session: InboxSession): Promise<Reading> {
  const { uidValidity, uidNext } = session;
  const known = inbox.cursor;
  const goesOn = known?.uidValidity === uidValidity && (uidNext === null || uidNext > known.lastUid);
  if (known !== null && goesOn) return { inbox, session, cursor: { ...known } };
  const uids = await session.since(readFrom(inbox, await deps.clock.now()));
  const last = uidNext === null ? ((await session.above(0)).at(-1) ?? 0) : uidNext - 1;
  const cursor = { uidValidity, lastUid: uids[0] === undefined ? last : uids[0] - 1 };
  await beginCursor(deps.database.sql, inbox, cursor);
  return { inbox, session, cursor };
}

/**
 * Reads what is new, mail by mail: each is stored, with what it means, before the next is asked for.
 * @param turn lets a mail be worked on when there is room for it
 * @param goesOn asked before each mail
 * @throws ImapUnavailable, InboxLost; the mail that was being read is then read again
 */
export async function readNewMails(
  deps: InboxDeps,
  reading: Reading,
  turn: (work: () => Promise<void>) => Promise<void>,
  goesOn: () => boolean,
): Promise<void> {
  for (const uid of await reading.session.above(reading.cursor.lastUid)) {
    if (!goesOn()) return;
    await turn(() => readMail(deps, reading, uid));
    reading.cursor.lastUid = uid;
  }
}

/** A mail with which something went wrong this often is stored unread: it must not keep the others out. */
const maximumTries = 5;

async function readMail(deps: InboxDeps, reading: Reading, uid: number): Promise<void> {
  const { inbox, session } = reading;
  const { sql } = deps.database;
  const tries = await beginMail(sql, inbox, uid);
  if (tries > maximumTries) return storeUnread(deps, reading, { uid, why: 'failed_too_often', source: null });
  const mail = await session.fetch(uid);
  if (mail === null) return moveCursor(sql, inbox, uid);
  const events = await meaning(deps, inbox, mail);
  if (events === null) return storeUnread(deps, reading, { uid, why: 'not_a_mail', source: mail.source });
  // Somebody moved an old mail into the inbox: unless it names a mail of ours, and so its date is wrong, it says nothing.
  const said = isOld(mail, inbox) ? events.filter(({ touchId }) => touchId !== null) : events;
  await storeMail(deps, inbox, { uid, events: said });
}

/** @returns null when the bytes are no mail that anybody can read @throws what the database throws */
async function meaning(deps: InboxDeps, inbox: LeasedInbox, mail: InboxMail): Promise<ProviderEvent[] | null> {
  const { database, clock } = deps;
  let failure: unknown;
  const isOurMailbox = (address: string): Promise<boolean> =>
    isSendingMailbox(database, address).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  const receivedAt = Number.isNaN(mail.receivedAt.getTime()) ? await clock.now() : mail.receivedAt;
  try {
    return await meaningOf(mail.source, { receivedAt, isOurMailbox, receivedBy: inbox.address });
  } catch (error) {
    if (failure !== undefined) throw error;
    return null;
  }
}

/** Nobody waits for what is owed: what cannot be delivered now, the relay delivers. */
async function storeMail(
  { database, clock, secretKey, deliverOutbox }: InboxDeps,
  inbox: LeasedInbox,
  { uid, events }: { uid: number; events: readonly ProviderEvent[] },
): Promise<void> {
  const now = await clock.now();
  const stored = events.map((event) => acceptable(event, now));
  const ids = await recordMail(database, { inbox, uid, events: stored }, secretKey, now);
  if (ids.length > 0) await deliverOutbox({ kind: 'ids', ids }).catch(() => undefined);
}

/** How much of a mail that nobody can read is kept for a person to look at, in bytes. */
const keptBytes = 32 * 1024;

/** What nobody can read may have been a reply: it is stored, and a person is told to look into the mailbox. */
async function storeUnread(
  deps: InboxDeps,
  { inbox, cursor }: Reading,
  { uid, why, source }: { uid: number; why: string; source: Buffer | null },
): Promise<void> {
  const { clientId, senderId, address } = inbox;
  const now = await deps.clock.now();
  const message = `mail ${uid} in the inbox of mailbox ${senderId} could not be read: ${why}`;
  await raiseAlert(deps.database.sql, { clientId, kind: 'mail_unreadable', message, resourceId: senderId }, now);
  const event: ProviderEvent = {
    provider: 'mail',
    providerEventId: `unread:${senderId}:${cursor.uidValidity}:${uid}`,
    kind: 'unknown',
    occurredAt: now,
    touchId: null,
    reference: null,
    person: null,
    resource: { mailbox: address },
    facts: { unreadable: why },
    payload: { raw: source === null ? null : source.subarray(0, keptBytes).toString() },
  };
  await storeMail(deps, inbox, { uid, events: [event] });
}
