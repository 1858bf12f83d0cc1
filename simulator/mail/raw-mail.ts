import { stableId } from '../chance';
import type { MailDelivery } from '../delivery';
import { days } from '../durations';
import type { EventContext } from '../provider';
import type { OutgoingWebhook } from '../webhook-request';
import { absenceText } from '../words';
import type { ReactionKind } from '../workflows/reaction-input';

type MailKind = 'ooo' | 'softBounce' | 'complaint';

/** Mail that arrives in a sending mailbox and that its host passes on as it is (RFC 5322). */
export function rawMailEvent(
  delivery: MailDelivery,
  kind: MailKind,
  secret: string,
  context: EventContext,
): OutgoingWebhook {
  const { message, detail } = writers[kind](delivery, context);
  return {
    provider: 'mail',
    event: kind,
    url: `${context.engineBaseUrl}/webhooks/mail/${secret}`,
    headers: { 'content-type': 'message/rfc822' },
    body: message.join('\r\n'),
    detail,
  };
}

interface Written {
  message: string[];
  detail?: Record<string, unknown>;
}

const writers: Record<MailKind, (delivery: MailDelivery, context: EventContext) => Written> = {
  ooo: automaticReply,
  softBounce: deliveryStatusNotification,
  complaint: abuseReport,
};

export const arrivesAsMail = (kind: ReactionKind): kind is MailKind => kind in writers;

/** RFC 3834. Half of the people state the day of their return, two days to two weeks ahead. */
function automaticReply(delivery: MailDelivery, { now, luck }: EventContext): Written {
  const states = luck < 0.5;
  const returnDate = states ? new Date(now.getTime() + days(2 + Math.floor(luck * 24))) : null;
  const name = [delivery.person?.firstName, delivery.person?.lastName].filter(Boolean).join(' ');
  const message = [
    ...envelope(delivery, now, 'ooo', `"${name.replace(/["\\\r\n]/g, '')}" <${delivery.recipient}>`),
    `Subject: Automatic reply: ${oneLine(delivery.subject)}`,
    `In-Reply-To: <${delivery.messageId}>`,
    `References: <${delivery.messageId}>`,
    'Auto-Submitted: auto-replied',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    absenceText(returnDate, states ? luck * 2 : luck * 2 - 1),
  ];
  return { message, detail: { returnDate: returnDate?.toISOString().slice(0, 10) ?? null } };
}

/** RFC 3464: the mailbox is full for now. */
function deliveryStatusNotification(delivery: MailDelivery, { now }: EventContext): Written {
  const domain = domainOf(delivery.recipient);
  const parts = [
    part('text/plain; charset=utf-8', [
      'This is the mail system. Your message could not be delivered because the mailbox is full.',
    ]),
    part('message/delivery-status', [
      `Reporting-MTA: dns; mx.${domain}`,
      `Arrival-Date: ${rfc5322Date(now)}`,
      '',
      `Original-Recipient: rfc822; ${delivery.recipient}`,
      `Final-Recipient: rfc822; ${delivery.recipient}`,
      'Action: failed',
      'Status: 4.2.2',
      'Diagnostic-Code: smtp; 452 4.2.2 The mailbox is over its quota',
    ]),
    part('text/rfc822-headers', originalHeaders(delivery)),
  ];
  const head = [
    ...envelope(delivery, now, 'dsn', `Mail Delivery System <MAILER-DAEMON@mx.${domain}>`),
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
  ];
  return { message: report(head, 'delivery-status', delivery, parts), detail: { status: '4.2.2' } };
}

/** RFC 5965: the recipient pressed "this is spam". */
function abuseReport(delivery: MailDelivery, { now }: EventContext): Written {
  const domain = domainOf(delivery.recipient);
  const parts = [
    part('text/plain; charset=utf-8', [
      `This is an email abuse report for a message received from ${delivery.resource}.`,
    ]),
    part('message/feedback-report', [
      'Feedback-Type: abuse',
      'User-Agent: Feedback-Loop/1.0',
      'Version: 1',
      `Original-Mail-From: <${delivery.resource}>`,
      `Original-Rcpt-To: <${delivery.recipient}>`,
      `Arrival-Date: ${rfc5322Date(now)}`,
      `Reported-Domain: ${domainOf(delivery.resource)}`,
    ]),
    part('message/rfc822', [...originalHeaders(delivery), '', '']),
  ];
  const head = [...envelope(delivery, now, 'arf', `Feedback Loop <fbl@feedback.${domain}>`), 'Subject: Abuse report'];
  return { message: report(head, 'feedback-report', delivery, parts) };
}

/** The Message-ID is the same when the host passes the mail on again. */
function envelope(delivery: MailDelivery, now: Date, kind: string, from: string): string[] {
  return [
    `From: ${from}`,
    `To: <${delivery.resource}>`,
    `Date: ${rfc5322Date(now)}`,
    `Message-ID: <${kind}.${stableId(20, kind, delivery.id)}@${domainOf(delivery.recipient)}>`,
    'MIME-Version: 1.0',
  ];
}

function originalHeaders(delivery: MailDelivery): string[] {
  return [
    `From: <${delivery.resource}>`,
    `To: <${delivery.recipient}>`,
    `Subject: ${oneLine(delivery.subject)}`,
    `Message-ID: <${delivery.messageId}>`,
  ];
}

function part(type: string, lines: string[]): string[] {
  return [`Content-Type: ${type}`, '', ...lines, ''];
}

function report(head: string[], type: string, delivery: MailDelivery, parts: string[][]): string[] {
  const boundary = `=_${stableId(24, type, delivery.id)}`;
  const contentType = `Content-Type: multipart/report; report-type=${type}; boundary="${boundary}"`;
  return [...head, contentType, '', ...parts.flatMap((lines) => [`--${boundary}`, ...lines]), `--${boundary}--`, ''];
}

function rfc5322Date(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
