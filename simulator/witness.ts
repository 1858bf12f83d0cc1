import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Now } from './clock';

export type Operation = 'send' | 'call' | 'invite' | 'message' | 'sms' | 'view' | 'lookup' | 'update' | 'generate';

/** One request that a provider received. */
export interface OutboxEntry {
  provider: string;
  operation: Operation;
  /** The mailbox, number or seat it came from. */
  resource: string | null;
  /** Address, E.164 number or LinkedIn URL. */
  recipient: string | null;
  touchId: string | null;
  outcome: 'accepted' | 'rejected' | 'lost';
  /** Did the caller get the answer? */
  answered: boolean;
  detail: Record<string, unknown>;
}

export type InboxEvent =
  | 'reply'
  | 'ooo'
  | 'hardBounce'
  | 'softBounce'
  | 'unsubscribe'
  | 'complaint'
  | 'smsStop'
  | 'delivered'
  | 'opened'
  | 'callCompleted'
  | 'inviteAccepted';

/** One attempt to tell the engine of an event. */
export interface InboxEntry {
  provider: string;
  event: InboxEvent;
  recipient: string | null;
  /** The touch it reacts to. */
  touchId: string | null;
  /** What the engine answered; null: nothing. */
  answeredStatus: number | null;
  detail?: Record<string, unknown>;
}

export interface Witness {
  /** Resolves once the line is in the file, with the run's time that it bears. */
  outbox(entry: OutboxEntry): Promise<Date>;
  inbox(entry: InboxEntry): Promise<Date>;
  close(): Promise<void>;
}

export const outboxFile = 'outbox.jsonl';
export const inboxFile = 'inbox.jsonl';

/**
 * The two logs. Lines are written one after the other, so their times never go back within a file.
 * @param keep continue existing logs; otherwise they start empty
 */
export function openWitness(directory: string, now: Now, keep: boolean): Witness {
  mkdirSync(directory, { recursive: true });
  const outbox = openLog(join(directory, outboxFile), now, keep);
  const inbox = openLog(join(directory, inboxFile), now, keep);
  return {
    outbox: (entry) => outbox.append({ ...entry }),
    inbox: (entry) => inbox.append({ ...entry }),
    close: async () => {
      await Promise.all([outbox.close(), inbox.close()]);
    },
  };
}

function openLog(file: string, now: Now, keep: boolean) {
  const descriptor = openSync(file, keep ? 'a' : 'w');
  let last: Promise<unknown> = Promise.resolve();
  let open = true;

  async function write(entry: object): Promise<Date> {
    const at = await now();
    if (open) writeSync(descriptor, `${JSON.stringify({ at: at.toISOString(), ...entry })}\n`);
    return at;
  }

  return {
    append(entry: object): Promise<Date> {
      const written = last.then(() => write(entry));
      last = written.catch(() => undefined);
      return written;
    },
    async close(): Promise<void> {
      await last;
      open = false;
      closeSync(descriptor);
    },
  };
}
