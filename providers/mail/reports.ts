import type { Attachment, ParsedMail } from 'mailparser';
import type { ReportedEventKind } from '../ports';
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
  if (status) return deliveryReports(status, originalMessageId);
  const complaint = part(mail.attachments, 'message/feedback-report');
  if (complaint) return [complaintReport(complaint, original, originalMessageId)];
  if (part(mail.attachments, 'message/disposition-notification')) {
    return [{ kind: 'unknown', recipient: null, originalMessageId, facts: { report: 'disposition-notification' } }];
  }
  return proseBounce(mail, originalMessageId);
}

/** RFC 3464: one block about the message, then one for each recipient. */
function deliveryReports(status: string, originalMessageId: string | null): MailReport[] {
  const blocks = status.split(/\n\s*\n/).map(fieldsOf);
  return blocks
    .filter((block) => block.has('action') || block.has('status'))
    .map((block) => {
      const action = (block.get('action') ?? 'failed').toLowerCase();
      const code = /\d\.\d{1,3}\.\d{1,3}/.exec(block.get('status') ?? block.get('diagnostic-code') ?? '')?.[0] ?? null;
      return {
        kind: deliveryKind(action, code),
        recipient: addressIn(block.get('original-recipient') ?? block.get('final-recipient')),
        originalMessageId,
        facts: { action, status: code },
      };
    });
}

/** Delayed is no bounce: the host still tries. A full mailbox (x.2.2) is a soft one, whatever its class. */
function deliveryKind(action: string, code: string | null): ReportedEventKind {
  if (action === 'delivered') return 'delivered';
  if (action !== 'failed') return 'unknown';
  return code?.startsWith('4') || code?.endsWith('.2.2') ? 'softBounce' : 'hardBounce';
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

const bounceSender = /^(mailer-daemon|postmaster)(@|$)/i;

/** Old hosts bounce in prose: the sender says that it is one, and an RFC 3463 code in the text says of which kind. */
function proseBounce(mail: ParsedMail, originalMessageId: string | null): MailReport[] {
  if (!bounceSender.test(mail.from?.value[0]?.address || mail.from?.text || '')) return [];
  const code = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(mail.text ?? '')?.[0] ?? null;
  const recipient = addressIn(String(mail.headers.get('x-failed-recipients') ?? ''));
  const kind = code === null ? 'unknown' : deliveryKind('failed', code);
  return [{ kind, recipient, originalMessageId, facts: { status: code } }];
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
  return /[^\s<>;,"]+@[^\s<>;,"]+/.exec(value ?? '')?.[0]?.toLowerCase() ?? null;
}
