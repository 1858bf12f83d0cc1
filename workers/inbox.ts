import { randomUUID } from 'node:crypto';
import { beginReading, readNewMails, type InboxDeps } from '../activities/inbox';
import { imapTimes, ImapUnavailable } from '../providers/imap/connection';
import type { InboxSession } from '../providers/imap/inbox';
import type { ImapAccount } from '../providers/ports';
import type { Logger } from '../runtime/logger';
import {
  InboxLost,
  keepInboxes,
  leaseInboxes,
  noteSeen,
  releaseInboxes,
  setInboxBack,
  type LeasedInbox,
} from '../store/senders/inboxes';
import { Turns } from '../store/turns';
import { withoutRows } from './without-rows';

export interface InboxReading {
  /** Opens an inbox. @throws ImapUnavailable */
  open: (account: ImapAccount) => Promise<InboxSession>;
  /** Inboxes that this process reads at a time, each with a connection of its own. */
  atOnce: number;
}

export interface Inboxes {
  /** Stops after the mails that are being stored, and hands all inboxes over. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks for inboxes that nobody reads. */
const lookEveryMs = 2_000;
/** Inboxes that are opened at a look: so a new process does not knock at one host with hundreds of connections at once. */
const openedAtATime = 25;
/** Milliseconds between two renewals of the leases, which last 60 s. */
const keepEveryMs = 15_000;
/** Mails of one client that a process works on at a time: a slow server, or a heap of mails, keeps nobody else waiting. */
const mailsAtOnce = 2;

/** Reads the inboxes of mailboxes that have an IMAP account, each in one process at a time (TRUTH-5). */
export function startInboxes(deps: InboxDeps, { open, atOnce }: InboxReading, log: Logger): Inboxes {
  const { sql } = deps.database;
  const holder = randomUUID();
  const readers = new Map<string, Reader>();
  const turns = new Turns(mailsAtOnce);
  const failed = (error: unknown): void =>
    log.warn(withoutRows(error), 'inboxes could not be looked after; tried again');

  const look = async (): Promise<void> => {
    const room = Math.min(atOnce - readers.size, openedAtATime);
    if (room <= 0) return;
    for (const inbox of await leaseInboxes(sql, holder, room)) {
      const reader = new Reader(deps, inbox, { open, log, turn: (work) => turns.take(inbox.clientId, work) });
      readers.get(inbox.senderId)?.stop();
      readers.set(inbox.senderId, reader);
      void reader.done.finally(() => {
        if (readers.get(inbox.senderId) === reader) readers.delete(inbox.senderId);
      });
    }
  };
  const keep = async (): Promise<void> => {
    if (readers.size === 0) return;
    const before = [...readers];
    const held = await keepInboxes(sql, holder, [...readers.keys()]);
    for (const [senderId, reader] of before) if (!held.has(senderId)) reader.stop();
  };
  const looking = everyNow(look, lookEveryMs, failed);
  const keeping = everyNow(keep, keepEveryMs, failed);
  return {
    stop: async () => {
      await Promise.all([looking.stop(), keeping.stop()]);
      const open = [...readers.values()];
      for (const reader of open) reader.stop();
      await Promise.all(open.map(({ done }) => done));
      await releaseInboxes(sql, holder).catch(failed);
    },
  };
}

/** Does the work now and again and again, never twice at once. */
function everyNow(work: () => Promise<void>, everyMs: number, failed: (error: unknown) => void) {
  let running: Promise<void> | null = null;
  const begin = (): void => {
    running ??= work()
      .catch(failed)
      .finally(() => (running = null));
  };
  begin();
  const timer = setInterval(begin, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

interface Road extends Pick<InboxReading, 'open'> {
  log: Logger;
  turn: (work: () => Promise<void>) => Promise<void>;
}

/** Reads one inbox until it is stopped or its connection ends. */
class Reader {
  /** Settles when nothing of it runs any more. Never rejects. */
  readonly done: Promise<void>;
  private stopped = false;
  private session: InboxSession | null = null;

  constructor(
    private readonly deps: InboxDeps,
    private readonly inbox: LeasedInbox,
    private readonly road: Road,
  ) {
    this.done = this.run();
  }

  /** Closes the connection: whoever waits for mail wakes, and a mail that is being stored is stored. */
  stop(): void {
    this.stopped = true;
    this.session?.close();
  }

  private async run(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!this.stopped && !(error instanceof InboxLost)) await this.setBack(error);
    } finally {
      this.session?.close();
    }
  }

  private async read(): Promise<void> {
    const { deps, inbox, road } = this;
    this.session = await road.open(inbox.account);
    const reading = await beginReading(deps, inbox, this.session);
    for (let looks = 0; !this.stopped; looks += 1) {
      await readNewMails(deps, reading, road.turn, () => !this.stopped);
      if (this.stopped) return;
      await noteSeen(deps.database, inbox, looks > 0, await deps.clock.now());
      await this.session.wait(imapTimes.idleMs);
    }
  }

  /** Somebody else may try, after a while. Without a database the lease ends by itself. */
  private async setBack(error: unknown): Promise<void> {
    const { deps, inbox, road } = this;
    const isTheirs = error instanceof ImapUnavailable;
    const why = {
      state: isTheirs && error.refused ? 'refused' : 'unreachable',
      error: isTheirs ? error.reason : 'not_stored',
    } as const;
    const { senderId } = inbox;
    if (!isTheirs) road.log.warn({ senderId, ...withoutRows(error) }, 'a mail could not be stored; it is read again');
    try {
      await setInboxBack(deps.database, inbox, why, await deps.clock.now());
      if (isTheirs) road.log.info({ senderId, reason: why.error }, 'an inbox cannot be read; tried again later');
    } catch (failure) {
      road.log.warn({ senderId, ...withoutRows(failure) }, 'an inbox could not be set back; its lease ends by itself');
    }
  }
}
