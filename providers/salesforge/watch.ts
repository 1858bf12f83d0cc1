import { asRecord, textField } from '../http-exchange';
import type { Outside } from '../outside';
import { WatchUnavailable, type MailboxWatch, type ProviderEvent } from '../ports';
import { storable } from '../webhook';
import { createTurns, openApi, type SalesforgeAccount, type SalesforgeApi } from './account';
import { mailboxIdOf } from './mailbox';
import { listIn, NotSent, prepared } from './outcome';
import { addressIn } from './thread';
import { salesforgeEvent } from './webhook';

/** Threads of one look; a full page has more behind it. */
const threadsAtOnce = 20;
/** A thread that changed so long before the latest one that was seen is looked into again: clocks differ. Milliseconds. */
const overlapMs = 10 * 60_000;
/** The first look goes back so far, in milliseconds. */
const firstLookMs = 3 * 86_400_000;
/** Requests of all looks of a process in a second: they leave room for what is sent. */
const requestsPerSecond = 2;

/** Where the next look begins: threads changed since, from the n-th of the list on. `upTo` becomes `since` at its end. */
interface Cursor {
  since: number;
  offset: number;
  upTo: number;
}

/**
 * Looks into the threads of a mailbox, newest first [unverified: the order]: a webhook that nobody took is never repeated.
 * Events are made in the webhooks' own form, so that both roads give one event one id.
 */
export function salesforgeWatch(account: SalesforgeAccount, outside: Pick<Outside, 'exchange'>): MailboxWatch {
  const turn = createTurns(account.requestsPerSecond ?? requestsPerSecond);
  return {
    name: 'salesforge',
    async look(mailbox, given, now) {
      const api = openApi({ ...account, totalTimeoutMs: 60_000 }, outside, turn);
      const cursor = cursorOf(given, now);
      try {
        return await lookInto(api, mailbox, cursor, now);
      } catch (error) {
        if (error instanceof NotSent) throw new WatchUnavailable(error.outcome.error);
        throw error;
      }
    },
  };
}

async function lookInto(api: SalesforgeApi, mailbox: string, cursor: Cursor, now: Date) {
  const mailboxId = await mailboxIdOf(api, mailbox);
  const query = { limit: String(threadsAtOnce), offset: String(cursor.offset), 'mailbox_ids[]': mailboxId };
  const answer = prepared(await api.core('GET', `/threads?${new URLSearchParams(query).toString()}`));
  const threads = listIn(answer, 'data') ?? [];
  const changed = threads.filter((thread) => !(Date.parse(textField(thread, 'date') ?? '') < cursor.since - overlapMs));
  const events: ProviderEvent[] = [];
  for (const thread of changed) events.push(...(await eventsIn(api, thread, { mailbox, mailboxId, cursor, now })));
  const dates = changed.map((thread) => Date.parse(textField(thread, 'date') ?? '')).filter((at) => !Number.isNaN(at));
  const upTo = Math.min(Math.max(cursor.upTo, ...dates), now.getTime());
  const goesOn = threads.length === threadsAtOnce && changed.length === threads.length;
  const next: Cursor = goesOn
    ? { since: cursor.since, offset: cursor.offset + threadsAtOnce, upTo }
    : { since: upTo, offset: 0, upTo };
  return { events, cursor: JSON.stringify(next), goesOn };
}

interface Looked {
  mailbox: string;
  mailboxId: string;
  cursor: Cursor;
  now: Date;
}

/** Mails that left, answers, and reports that one came back, as their webhooks would have told them. */
async function eventsIn(
  api: SalesforgeApi,
  listed: Record<string, unknown>,
  { mailbox, mailboxId, cursor, now }: Looked,
): Promise<ProviderEvent[]> {
  const id = encodeURIComponent(textField(listed, 'id') ?? '');
  const thread = storable(prepared(await api.core('GET', `/threads/${id}`)));
  const contact = asRecord(thread['contact']);
  const person = textField(contact, 'email')?.toLowerCase();
  const emails = listIn(thread, 'emails') ?? [];
  const ours = emails.filter((email) => addressIn(email['fromAddress'])?.toLowerCase() === mailbox);
  const sequenceId = textField(asRecord(thread['sequence']), 'id');
  return emails.flatMap((email) => {
    const date = textField(email, 'date');
    if (person === undefined || Date.parse(date ?? '') < cursor.since - overlapMs) return [];
    const from = addressIn(email['fromAddress'])?.toLowerCase();
    const said = textField(email, 'type');
    const type = typeOf({ isOurs: from === mailbox, isTheirs: from === person, said });
    if (type === null) return [];
    // A bounce is about the last mail of ours before it.
    const about = type === 'email_bounced' ? (ours.at(-1) ?? email) : email;
    const payload = {
      webhookInfo: { eventTime: date, type },
      sequenceEmail: {
        emailId: textField(about, 'emailId', 'id'),
        fromEmail: mailbox,
        toEmail: person,
        subject: textField(email, 'subject'),
        content: textField(email, 'content'),
      },
      contact: { id: textField(contact, 'id'), email: person },
      // A reply of ours in the thread is in no sequence, and the thread names that of its first mail.
      sequence: sequenceId === null ? null : { id: sequenceId },
      mailbox: { id: mailboxId, email: mailbox },
      replyType: said === 'ooo' ? 'ooo' : null,
    };
    return [salesforgeEvent(payload, now)];
  });
}

function typeOf({
  isOurs,
  isTheirs,
  said,
}: {
  isOurs: boolean;
  isTheirs: boolean;
  said: string | null;
}): string | null {
  if (isOurs) return 'email_sent';
  if (said === 'bounced') return 'email_bounced';
  return isTheirs ? 'email_replied' : null;
}

function cursorOf(given: string | null, now: Date): Cursor {
  const read = given === null ? {} : asRecord(JSON.parse(given));
  const { since, offset, upTo } = read;
  if (typeof since === 'number' && typeof offset === 'number' && typeof upTo === 'number')
    return { since, offset, upTo };
  const first = now.getTime() - firstLookMs;
  return { since: first, offset: 0, upTo: first };
}
