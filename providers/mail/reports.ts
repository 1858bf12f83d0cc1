import type { Attachment, ParsedMail } from 'mailparser';
import type { ReportedEventKind } from '../ports';
import { refusalOf } from '../reading/refusal';
import { bareMessageId } from '../webhook';

/** What a machine-readable report says of one mail to one person. */
export interface MailReport {
  kind: ReportedEventKind;
  /** Who the mail went to. */
  recipient: string | null;
  /** Message-ID of our mail, without brackets. */
  originalMessageId: string | null;
  facts: Record<string, string | null>;
}

/** Header-like fields by lower-case name, folded lines joined. The first of a repeated field counts. */
type Fields = Map<string, string>;

/**
 * Reads delivery status notifications (RFC 3464), complaints (ARF, RFC 5965), read receipts (RFC 8098), and the
 * bounces of old hosts that are prose only.
 * @returns empty when the mail is no report
 */
export function reportsIn(mail: ParsedMail): MailReport[] {
  const original = originalOf(mail.attachments);
  const originalMessageId = original.get('message-id') ? bareMessageId(original.get('message-id') ?? '') : null;
  const status = part(mail.attachments, 'message/delivery-status');
  if (status) return deliveryReports(status, original, originalMessageId);
  const complaint = part(mail.attachments, 'message/feedback-report');
  if (complaint) return [complaintReport(complaint, original, originalMessageId)];
  if (part(mail.attachments, 'message/disposition-notification')) {
    return [{ kind: 'unknown', recipient: null, originalMessageId, facts: { report: 'disposition-notification' } }];
  }
  return proseBounce(mail, originalMessageId);
}

/** RFC 3464: one block about the message, then one for each recipient. */
function deliveryReports(status: string, original: Fields, originalMessageId: string | null): MailReport[] {
  const blocks = status.split(/\n\s*\n/).map(fieldsOf);
  return blocks
    .filter((block) => block.has('action') || block.has('status'))
    .map((block) => {
      const action = (block.get('action') ?? 'failed').toLowerCase();
      const said = block.get('diagnostic-code') ?? '';
      const code = enhancedCode.exec(block.get('status') ?? '')?.[0] ?? enhancedCode.exec(said)?.[0] ?? null;
      const recipient = addressIn(block.get('original-recipient')) ?? addressIn(block.get('final-recipient'));
      const isForwarded = wentElsewhere(recipient, original);
      return {
        kind: isForwarded && action === 'failed' ? 'blocked' : deliveryKind(action, code, said),
        recipient,
        originalMessageId,
        facts: { action, status: code, ...(isForwarded ? { forwarded: 'yes' } : {}) },
      };
    });
}

const enhancedCode = /\b[245]\.\d{1,3}\.\d{1,3}\b/;

/** Was the mail sent to somebody else, who had it forwarded? Then their own address is none the worse for it. */
function wentElsewhere(recipient: string | null, original: Fields): boolean {
  const to = addressIn(original.get('to'));
  return recipient !== null && to !== null && to !== recipient;
}

const kindOfRefusal = { badAddress: 'hardBounce', full: 'softBounce', blocked: 'blocked' } as const;

/** Delayed is no bounce: the host still tries. "5.0.0" says no more than that it failed. */
function deliveryKind(action: string, code: string | null, said: string): ReportedEventKind {
  if (action === 'delivered') return 'delivered';
  if (action !== 'failed') return 'unknown';
  return kindOfRefusal[refusalOf(code, said) ?? 'full'];
}

function complaintReport(report: string, original: Fields, originalMessageId: string | null): MailReport {
  const fields = fieldsOf(report);
  const type = (fields.get('feedback-type') ?? 'abuse').toLowerCase();
  return {
    kind: type === 'not-spam' ? 'unknown' : 'complaint',
    recipient: addressIn(fields.get('original-rcpt-to') ?? original.get('to')),
    originalMessageId: originalMessageId ?? (bareMessageId(fields.get('original-message-id') ?? '') || null),
    facts: { feedbackType: type },
  };
}

const bounceSender =
  /^(mailer-daemon|mail-daemon|postmaster|mailerdaemon|mailer|maildelivery|bounce|bounces|no-?reply-bounce)(@|$|[+-])/i;
const bounceName = /mail delivery (sub)?system|mailer[- ]daemon|^postmaster\b/i;
const bounceSubject =
  /^(undeliver(ed|able)|delivery (status notification|failure|has failed|incomplete)|returned mail|mail delivery (failed|failure)|failure notice|message (undeliverable|could not be delivered)|mail (could not be|not) delivered|non[- ]?delivery|unzustellbar|nicht zustellbar|non remis|no se ha podido entregar|no se puede entregar|mancato recapito|onbestelbaar)/i;
const delay =
  /\b(delayed|(will|is) (keep|continu|still) ?(to )?try|still (being )?(tried|retried)|will be retried|warning: message)/i;

/**
 * Old hosts bounce in prose: the sender, or an empty return path and the subject, say that it is one. What it says in a
 * code or in words tells of which kind it is; the recipient and our Message-ID stand somewhere in the text.
 */
function proseBounce(mail: ParsedMail, originalMessageId: string | null): MailReport[] {
  const [from] = mail.from?.value ?? [];
  const subject = mail.subject ?? '';
  const isDaemon = bounceSender.test(from?.address || mail.from?.text || '') || bounceName.test(from?.name ?? '');
  const hasNoReturn = String(mail.headers.get('return-path') ?? '').trim() === '<>' || returnsNothing(mail);
  if (!isDaemon && !(hasNoReturn && bounceSubject.test(subject))) return [];
  const text = mail.text ?? '';
  const [told = text] = text.split(
    /^-{2,}.*(copy of the message|original message|below this line|message header).*$/im,
  );
  const code = enhancedCode.exec(told)?.[0] ?? null;
  const refusal = refusalOf(code, told);
  const isDelay = delay.test(`${subject}\n${told}`);
  const messageId = /^\s*message-id:\s*<([^<>\s]+)>/im.exec(text)?.[1] ?? null;
  return [
    {
      kind: isDelay || refusal === null ? 'unknown' : kindOfRefusal[refusal],
      recipient: failedRecipient(mail, told),
      originalMessageId: originalMessageId ?? messageId,
      facts: { status: code },
    },
  ];
}

/** mailparser reads an empty return path as an address without one. */
function returnsNothing(mail: ParsedMail): boolean {
  const path = mail.headers.get('return-path') as { value?: { address?: string }[] } | undefined;
  return path?.value !== undefined && path.value.every(({ address }) => !address);
}

/** Whom the header names, else the first address that the text puts by itself: "<jane@acme.example>:", or on a line alone. */
function failedRecipient(mail: ParsedMail, told: string): string | null {
  const named = addressIn(String(mail.headers.get('x-failed-recipients') ?? ''));
  if (named !== null) return named;
  const alone = /^\s*(?:to:\s*)?<?([^\s<>;,"():]+@[^\s<>;,"():]+?)>?:?\s*(?:$|\(|\.\.\.|:)/im.exec(told)?.[1];
  return addressIn(alone ?? /<([^\s<>]+@[^\s<>]+)>/.exec(told)?.[1] ?? told);
}

function part(attachments: Attachment[], contentType: string): string | null {
  const found = attachments.find((attachment) => attachment.contentType === contentType);
  return found ? found.content.toString('utf8').replace(/\r\n/g, '\n') : null;
}

/** The headers of our mail as the report returns it, whole or only its headers. */
function originalOf(attachments: Attachment[]): Fields {
  const text = part(attachments, 'message/rfc822') ?? part(attachments, 'text/rfc822-headers') ?? '';
  return fieldsOf(text.split(/\n\n/)[0] ?? '');
}

function fieldsOf(block: string): Fields {
  const fields: Fields = new Map();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const match = /^([\w-]+):\s*(.*)$/.exec(line.trim());
    const name = match?.[1]?.toLowerCase();
    if (match && name && !fields.has(name)) fields.set(name, (match[2] ?? '').trim());
  }
  return fields;
}

/** `rfc822; jane@acme.example`, `Jane <jane@acme.example>` → the address in lower case. */
function addressIn(value: string | undefined): string | null {
  const found = /[^\s<>;,"]+@[^\s<>;,"]+/.exec(value ?? '')?.[0];
  return found?.replace(/[.:)]+$/, '').toLowerCase() ?? null;
}
