import type { AddressObject, ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import { readLetter, writtenAt } from '../reading/letter';
import { plainText } from '../reading/plain-text';
import type { ProviderEvent } from '../ports';
import type { SecretPathRequest } from '../webhook';
import { WebhookRefused, bareMessageId, contentId, requireSecret, storable, touchIdInMessageId } from '../webhook';
import type { MailReport } from './reports';
import { reportsIn } from './reports';

export interface MailWebhookSettings {
  /** The secret in the webhook's path. */
  secret: string;
  /** Is this address (in lower case) a mailbox that we send from? */
  isOurMailbox: (address: string) => boolean | Promise<boolean>;
}

/**
 * What a mail that arrived in a sending mailbox means: a bounce, a complaint, an automatic reply (SEQ-3), a wish to
 * be left alone (SEQ-5) or a reply.
 * @returns none for a mail that one of our own mailboxes wrote
 * @throws WebhookRefused 401 (secret), 400 (not a mail)
 */
export async function mailEvents(request: SecretPathRequest, settings: MailWebhookSettings): Promise<ProviderEvent[]> {
  requireSecret(request.secret, settings.secret);
  const source = Buffer.from(Buffer.from(request.rawBody).filter((byte) => byte !== 0));
  // One with more headers or parts than any mail has is read as far as its beginning goes: it may be a reply.
  const mail = await parse(source).catch(() => parse(source.subarray(0, beginning)));
  if (mail.headers.size === 0) throw new WebhookRefused(400, 'the body is not a mail');
  const sender = mail.from?.value[0]?.address?.toLowerCase() || null;
  if (sender !== null && (await settings.isOurMailbox(sender))) return [];
  const common = {
    provider: 'mail' as const,
    occurredAt: plausibleDate(mail.date, request.receivedAt),
    resource: await mailboxOf(mail, settings),
    payload: { raw: storable(source.toString()) },
  };
  const id = mail.messageId ? bareMessageId(mail.messageId) : contentId(source.toString());
  const reports = reportsIn(mail);
  if (reports.length === 0) return [{ ...common, providerEventId: id, ...letterOf(mail, sender, common.occurredAt) }];
  return reports.map((report) => ({
    ...common,
    providerEventId: report.recipient ? `${id}:${report.recipient}` : id,
    ...reportEvent(report, mail),
  }));
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
async function mailboxOf(mail: ParsedMail, settings: MailWebhookSettings): Promise<ProviderEvent['resource']> {
  const lists: AddressObject[] = [mail.to ?? [], mail.cc ?? []].flat();
  const delivered = ['delivered-to', 'x-original-to'].map((name) => mail.headers.get(name)).flatMap(addressesIn);
  const addresses = [...delivered, ...lists.flatMap((list) => list.value.map((one) => one.address ?? ''))]
    .map((address) => address.trim().toLowerCase())
    .filter((address) => address.includes('@'));
  for (const address of addresses) if (await settings.isOurMailbox(address)) return { mailbox: address };
  return addresses[0] ? { mailbox: addresses[0] } : null;
}

/** mailparser reads some of these headers as addresses, others as text. */
function addressesIn(header: unknown): string[] {
  if (typeof header === 'string') return [header.replace(/[<>]/g, '')];
  const value = (header as AddressObject | undefined)?.value;
  return Array.isArray(value) ? value.map((one) => one.address ?? '') : [];
}
