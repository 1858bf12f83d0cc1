import { asRecord, textField } from '../http-exchange';
import type { EmailMessage, Permit, SendOutcome } from '../ports';
import { plainText } from '../reading/plain-text';
import { touchIdInMessageId } from '../webhook';
import type { SalesforgeApi } from './account';
import { mailboxIdOf } from './mailbox';
import { listIn, lostWord, notSent, prepared, refusalOf } from './outcome';
import { asHtml } from './texts';

/** Clocks of both sides may differ by so much. In milliseconds. */
const clockMarginMs = 5 * 60_000;

/** Threads of one person that are looked into. */
const threadsRead = 5;

/** A mail of a thread, as Salesforge lists it. */
interface ThreadMail {
  emailId: string;
  from: string;
  at: number;
  content: string;
}

/**
 * Continues a thread (SEQ-9) by the one thing that Salesforge sends at once: a reply to a mail that it has. It is queued,
 * and no id comes back.
 * @returns null: it has no mail of this thread, so another road must be taken @throws NotSent
 */
export async function replyInThread(
  api: SalesforgeApi,
  message: EmailMessage,
  permit: Permit,
): Promise<SendOutcome | null> {
  const mailboxId = await mailboxIdOf(api, message.from.address);
  const emailId = await mailToAnswer(api, mailboxId, message);
  if (emailId === null) return null;
  if (!(await permit())) throw notSent('later', 'lease_over');
  const path = `/mailboxes/${encodeURIComponent(mailboxId)}/emails/${encodeURIComponent(emailId)}/reply`;
  const body = { content: asHtml(message.text), ccs: [], bccs: [], includeHistory: false };
  const answer = await api.core('POST', path, body);
  if (answer.kind === 'answered' && answer.status === 404) return null;
  const refusal = refusalOf(answer);
  if (refusal !== null) return refusal;
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status >= 300) {
    return { kind: 'unknown', error: lostWord(answer) };
  }
  return { kind: 'accepted', reference: null, isSent: false };
}

/** Salesforge's id of the mail to answer: as an event told it, else the last of ours in the person's threads. */
async function mailToAnswer(api: SalesforgeApi, mailboxId: string, message: EmailMessage): Promise<string | null> {
  const told = message.references.at(-1);
  if (told !== undefined && touchIdInMessageId(told) === null) return told;
  const ours = (await mailsWith(api, mailboxId, message)).filter(({ from }) => from === message.from.address);
  return ours.sort((a, b) => a.at - b.at).at(-1)?.emailId ?? null;
}

/** Is a mail with these very words in a thread with the person, since then? @throws NotSent when nobody can tell */
export async function isInThread(api: SalesforgeApi, message: EmailMessage, since: Date): Promise<boolean> {
  const mailboxId = await mailboxIdOf(api, message.from.address);
  const wanted = words(message.text);
  return (await mailsWith(api, mailboxId, message)).some(
    ({ from, at, content }) =>
      from === message.from.address &&
      at >= since.getTime() - clockMarginMs &&
      words(plainText(content)).includes(wanted),
  );
}

async function mailsWith(api: SalesforgeApi, mailboxId: string, { to }: EmailMessage): Promise<ThreadMail[]> {
  const query = new URLSearchParams({ limit: String(threadsRead), 'mailbox_ids[]': mailboxId, q: to });
  const answer = await api.core('GET', `/threads?${query.toString()}`);
  if (answer.kind === 'answered' && answer.status === 404) return [];
  const threads = (listIn(prepared(answer), 'data') ?? []).filter(
    (thread) => textField(thread, 'contactEmail')?.toLowerCase() === to,
  );
  const mails: ThreadMail[] = [];
  for (const thread of threads.slice(0, threadsRead))
    mails.push(...(await mailsIn(api, textField(thread, 'id') ?? '')));
  return mails;
}

async function mailsIn(api: SalesforgeApi, threadId: string): Promise<ThreadMail[]> {
  const thread = prepared(await api.core('GET', `/threads/${encodeURIComponent(threadId)}`));
  return (listIn(thread, 'emails') ?? []).flatMap((email) => {
    const emailId = textField(email, 'emailId', 'id');
    if (emailId === null) return [];
    const from = (addressIn(email['fromAddress']) ?? '').toLowerCase();
    return [
      { emailId, from, at: Date.parse(textField(email, 'date') ?? ''), content: textField(email, 'content') ?? '' },
    ];
  });
}

/** An address, alone or beside a name, or as an object's field. */
export function addressIn(value: unknown): string | null {
  const text = typeof value === 'string' ? value : textField(asRecord(value), 'address', 'email');
  return text === null ? null : (/<([^<>]+)>/.exec(text)?.[1] ?? text).trim();
}

const words = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');
