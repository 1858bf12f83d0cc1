import type { ImapFlow } from 'imapflow';
import type { Outside } from '../outside';
import type { ImapAccount } from '../ports';
import { connect, imapTimes, ImapUnavailable, longestMail, unavailable, within, type ImapTimes } from './connection';

/** A mail as it lies in an inbox. */
export interface InboxMail {
  uid: number;
  /** When the server got it. */
  receivedAt: Date;
  /** Its bytes, `longestMail` at most. */
  source: Buffer;
}

/** An open inbox, read only: no mail is changed, none is marked as seen. Every method throws ImapUnavailable. */
export interface InboxSession {
  /** UIDs hold as long as this stays the same (RFC 9051). */
  uidValidity: number;
  /** The next mail will have this UID or a higher one; null: the server does not say. */
  uidNext: number | null;
  /** UIDs of what arrived on or after this date, ascending. */
  since(date: Date): Promise<number[]>;
  /** UIDs above this one, ascending. */
  above(uid: number): Promise<number[]>;
  /** null: it is not there any more. */
  fetch(uid: number): Promise<InboxMail | null>;
  /** Resolves when something may have arrived, or after `withinMs`. By IDLE, or by asking every minute. */
  wait(withinMs: number): Promise<void>;
  /** Ends the connection. Never throws. */
  close(): void;
}

/** @throws ImapUnavailable */
export async function openInbox(
  account: ImapAccount,
  outside: Pick<Outside, 'mayReach'>,
  times: ImapTimes = imapTimes,
): Promise<InboxSession> {
  const client = await connect(account, outside, times);
  try {
    const open = () => client.mailboxOpen('INBOX', { readOnly: true });
    const { uidValidity, uidNext } = await within(client, times.answerMs, open);
    if (!uidValidity) throw new ImapUnavailable('no_uidvalidity');
    return session(client, { uidValidity: Number(uidValidity), uidNext: uidNext || null }, times);
  } catch (error) {
    client.close();
    throw unavailable(error);
  }
}

type Numbers = Pick<InboxSession, 'uidValidity' | 'uidNext'>;

function session(client: ImapFlow, numbers: Numbers, { answerMs }: ImapTimes): InboxSession {
  // What is said while somebody reads must not be missed when they wait.
  let hasNews = false;
  let wake: () => void = () => undefined;
  client.on('exists', () => {
    hasNews = true;
    wake();
  });
  client.on('close', () => wake());
  const alive = (): void => {
    if (!client.usable) throw new ImapUnavailable('connection_lost');
  };
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      alive();
      return await within(client, answerMs, ask);
    } catch (error) {
      throw unavailable(error);
    }
  };
  const search = async (criteria: Parameters<ImapFlow['search']>[0]): Promise<number[]> => {
    const found = await client.search(criteria, { uid: true });
    if (!Array.isArray(found)) throw new ImapUnavailable('search_failed');
    return found.sort((a, b) => a - b);
  };
  return {
    ...numbers,
    since: (date) => asking(() => search({ since: date })),
    above: (uid) =>
      asking(async () => {
        hasNews = false;
        // "n:*" names the last mail even when its UID is below n.
        return (await search({ uid: `${uid + 1}:*` })).filter((one) => one > uid);
      }),
    fetch: (uid) =>
      asking(async () => {
        const query = { uid: true, internalDate: true, source: { start: 0, maxLength: longestMail } };
        const mail = await client.fetchOne(String(uid), query, { uid: true });
        alive();
        if (!mail || mail.source === undefined) return null;
        return { uid, receivedAt: new Date(mail.internalDate ?? NaN), source: mail.source.subarray(0, longestMail) };
      }),
    async wait(withinMs) {
      if (!hasNews && client.usable) {
        // A server that ends IDLE by itself, or refuses it, is asked again after the pause.
        client.idle().catch(() => undefined);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      alive();
    },
    close: () => client.close(),
  };
}
