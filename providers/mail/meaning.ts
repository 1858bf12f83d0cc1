import type { AddressObject, ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import type { ProviderEvent } from '../ports';
import { readLetter, writtenAt } from '../reading/letter';
import { plainText } from '../reading/plain-text';
import { bareMessageId, contentId, storable, touchIdInMessageId } from '../webhook';
import type { MailReport } from './reports';
import { reportsIn } from './reports';

/** What is known of a mail beside its bytes, by whatever road it came. */
export interface MailContext {
  /** When it arrived. Its own Date is believed when it is near. */
  receivedAt: Date;
  /** Is this address (in lower case) a mailbox that we send from? */
  isOurMailbox: (address: string) => boolean | Promise<boolean>;
  /** The mailbox, in lower case, in which it was found (OWN-2); null: only the mail itself says where it went. */
  receivedBy: string | null;
}

/** These bytes have no headers: no mail. */
export class NoMail extends Error {
  override readonly name = 'NoMail';
}

/**
 * What a mail that arrived in a sending mailbox means: a bounce, a complaint, an automatic reply (SEQ-3), a wish to
 * be left alone (SEQ-5) or a reply. The one reading for every road: the raw-mail webhook, IMAP, and whoever else has a
 * mail's bytes. In doubt a human wrote it, and the sequence stops.
 *
 * A mail that comes by two roads gives the same events, with the same ids, so each counts once.
 * @returns none for a mail that one of our own mailboxes wrote
 * @throws NoMail
 */
export async function meaningOf(rawMail: Buffer, context: MailContext): Promise<ProviderEvent[]> {
  const source = withoutNul(rawMail);
  // One with more headers or parts than any mail has is read as far as its beginning goes: it may be a reply.
  const mail = await parse(source).catch(() => parse(source.subarray(0, beginning)));
  if (mail.headers.size === 0) throw new NoMail('no headers');
  const sender = mail.from?.value[0]?.address?.toLowerCase() || null;
  if (sender !== null && (await context.isOurMailbox(sender))) return [];
  const named = await namedMailbox(mail, context);
  const mailbox = context.receivedBy ?? named;
  const common = {
    provider: 'mail' as const,
    occurredAt: plausibleDate(mail.date, context.receivedAt),
    resource: mailbox === null ? null : { mailbox },
    payload: { raw: storable(source.toString()) },
  };
  const id = eventId(mail, source) + (mailbox === named ? '' : ` in ${mailbox}`);
  const reports = reportsIn(mail);
  if (reports.length === 0) return [{ ...common, providerEventId: id, ...letterOf(mail, sender, common.occurredAt) }];
  return reports.map((report) => ({
    ...common,
    providerEventId: report.recipient ? `${id}:${report.recipient}` : id,
    ...reportEvent(report, mail),
  }));
}

function withoutNul(source: Buffer): Buffer {
  return source.includes(0) ? Buffer.from(source.filter((byte) => byte !== 0)) : source;
}

/**
 * The Message-ID; a mail without one is known by its beginning, since one road may bring less of a long mail than
 * another, and ends its lines differently.
 */
function eventId(mail: ParsedMail, source: Buffer): string {
  if (mail.messageId) return bareMessageId(mail.messageId);
  return contentId(source.subarray(0, beginning).toString().replace(/\r\n/g, '\n'));
}

/** In bytes. */
const beginning = 32 * 1024;
/** How much of a mail's text is read, in characters: the rest was written by nobody, and takes long. */
const readLength = 200_000;

/**
 * HTML is read by `plainText`: mailparser's own reading throws at tags that are nested deep. Some relays add a footer
 * in plain text to a mail in HTML, so neither part alone is what was said.
 */
async function parse(source: Buffer): Promise<ParsedMail> {
  const skipped = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
  const mail = await simpleParser(source, { keepDeliveryStatus: true, ...skipped });
  return { ...mail, text: `${(mail.text ?? '').slice(0, readLength)}\n${plainText(mail.html || '')}`.trim() };
}

/** How far a mail's own Date may be from its arrival to be believed, in milliseconds: three days of retries. */
const believedMs = 3 * 24 * 3600 * 1000;

function plausibleDate(date: Date | undefined, receivedAt: Date): Date {
  const distance = Math.abs((date?.getTime() ?? NaN) - receivedAt.getTime());
  return date && distance <= believedMs ? date : receivedAt;
}

type Meaning = Pick<
  ProviderEvent,
  'kind' | 'touchId' | 'reference' | 'person' | 'returnDate' | 'returnDateMonthFirst' | 'facts'
>;

function reportEvent(report: MailReport, mail: ParsedMail): Meaning {
  const answered = answeredMail(mail, report.originalMessageId);
  return {
    kind: report.kind,
    ...answered,
    person: report.recipient ? { email: report.recipient } : null,
    facts: report.facts,
  };
}

function letterOf(mail: ParsedMail, sender: string | null, occurredAt: Date): Meaning {
  const about = { ...answeredMail(mail, null), person: sender ? { email: sender } : null };
  const { subject = null, text: content = '' } = mail;
  const date = mail.headerLines.find(({ key }) => key === 'date')?.line.replace(/^date:/i, '') ?? null;
  return {
    ...about,
    ...readLetter({ subject, content, saysAutomatic: saysAutomatic(mail), writtenAt: writtenAt(date, occurredAt) }),
  };
}

/** RFC 3834 and the older headers with the same meaning. */
function saysAutomatic(mail: ParsedMail): boolean {
  const header = (name: string): string =>
    String(mail.headers.get(name) ?? '')
      .trim()
      .toLowerCase();
  const autoSubmitted = header('auto-submitted');
  if (autoSubmitted !== '' && !/^no\b/.test(autoSubmitted)) return true;
  if (['x-autoreply', 'x-autorespond', 'x-autoresponse'].some((name) => !['', 'no'].includes(header(name))))
    return true;
  return ['auto_reply', 'auto-reply', 'bulk', 'junk'].includes(header('precedence'));
}

/** The mail of ours that this one is about: what it returns, else the nearest of its thread that is ours. */
function answeredMail(mail: ParsedMail, returned: string | null): Pick<ProviderEvent, 'touchId' | 'reference'> {
  const references = typeof mail.references === 'string' ? [mail.references] : (mail.references ?? []);
  const thread = [returned, mail.inReplyTo, ...references.slice().reverse()]
    .filter((id): id is string => typeof id === 'string' && id !== '')
    .map(bareMessageId);
  const reference = thread.find((id) => touchIdInMessageId(id) !== null) ?? thread[0] ?? null;
  return { reference, touchId: touchIdInMessageId(reference) };
}

/** Which of our mailboxes it came to: the one that is ours of those it names, else the first. */
async function namedMailbox(mail: ParsedMail, { isOurMailbox }: MailContext): Promise<string | null> {
  const lists: AddressObject[] = [mail.to ?? [], mail.cc ?? []].flat();
  const delivered = ['delivered-to', 'x-original-to'].map((name) => mail.headers.get(name)).flatMap(addressesIn);
  const addresses = [...delivered, ...lists.flatMap((list) => list.value.map((one) => one.address ?? ''))]
    .map((address) => address.trim().toLowerCase())
    .filter((address) => address.includes('@'));
  for (const address of addresses) if (await isOurMailbox(address)) return address;
  return addresses[0] ?? null;
}

/** mailparser reads some of these headers as addresses, others as text. */
function addressesIn(header: unknown): string[] {
  if (typeof header === 'string') return [header.replace(/[<>]/g, '')];
  const value = (header as AddressObject | undefined)?.value;
  return Array.isArray(value) ? value.map((one) => one.address ?? '') : [];
}
