import { stableId } from '../chance';
import type { Delivery, MailDelivery } from '../delivery';
import { days } from '../durations';
import type { EventContext } from '../provider';
import { jsonHeaders, type OutgoingWebhook } from '../webhook-request';
import type { InboxEvent } from '../witness';
import { absenceText, replyText } from '../words';
import type { ReactionKind } from '../workflows/reaction-input';
import { contactIdOf, mailboxIdOf, type ThreadMail, type Workspace } from './workspace';

interface Told {
  type: string;
  /** What the inbox calls it; null: it leaves it out. */
  event: InboxEvent | null;
  replyType: ThreadMail['replyType'];
}

/** What it tells of every mailbox that it watches. */
const watched: Partial<Record<ReactionKind, Told>> = {
  reply: { type: 'email_replied', event: 'reply', replyType: 'lead_replied' },
  hardBounce: { type: 'email_bounced', event: 'hardBounce', replyType: 'bounced' },
  opened: { type: 'email_opened', event: 'opened', replyType: null },
};

/** What it tells besides of the mails that it sends itself. */
const own: Partial<Record<ReactionKind, Told>> = {
  sent: { type: 'email_sent', event: null, replyType: null },
  ooo: { type: 'email_replied', event: 'ooo', replyType: 'ooo' },
  softBounce: { type: 'email_bounced', event: 'softBounce', replyType: 'bounced' },
};

function told(delivery: Delivery, kind: ReactionKind): Told | undefined {
  if (delivery.channel !== 'email') return undefined;
  return watched[kind] ?? (delivery.provider === 'salesforge' ? own[kind] : undefined);
}

export const isSeen = (delivery: Delivery, kind: ReactionKind): boolean => told(delivery, kind) !== undefined;

/** What arrives in the mailbox stands in the thread with the person. */
export function noteInThread(workspace: Workspace, delivery: MailDelivery, context: EventContext): void {
  const { replyType } = told(delivery, context.kind) ?? { replyType: null };
  if (delivery.provider !== 'salesforge' || replyType === null) return;
  const { recipient, resource } = delivery;
  const isBounce = replyType === 'bounced';
  workspace.mails.push({
    emailId: `em_${stableId(16, delivery.id, context.kind)}`,
    mailbox: resource,
    contactId: contactIdOf(recipient),
    sequenceId: null,
    from: isBounce ? 'mailer-daemon@mx.example' : recipient,
    to: resource,
    subject: subjectOf(delivery, context.kind),
    content: contentOf(delivery, context),
    at: context.now,
    replyType,
  });
}

/** Salesforge posts what it sees. `emailId` is the mail that it is about. */
export function salesforgeEvents(delivery: MailDelivery, secret: string, context: EventContext): OutgoingWebhook[] {
  const { type, event } = told(delivery, context.kind) ?? { type: '', event: null };
  const { recipient, resource, person, messageId } = delivery;
  const payload = {
    webhookInfo: { id: `whk_${stableId(12, type)}`, eventTime: context.now.toISOString(), type },
    sequenceEmail: {
      emailId: messageId,
      fromEmail: resource,
      toEmail: recipient,
      subject: subjectOf(delivery, context.kind),
      content: contentOf(delivery, context),
      ...(context.kind === 'softBounce' ? { bounceType: 'soft' } : {}),
    },
    contact: {
      id: contactIdOf(recipient),
      email: recipient,
      firstName: person?.firstName ?? '',
      lastName: person?.lastName ?? '',
      company: person?.company ?? '',
    },
    sequence: { id: delivery.sequenceId ?? `seq_${stableId(12, resource)}` },
    mailbox: { id: mailboxIdOf(resource), email: resource },
  };
  const url = `${context.engineBaseUrl}/webhooks/salesforge/${secret}`;
  return [{ provider: 'salesforge', event, url, headers: jsonHeaders, body: JSON.stringify(payload) }];
}

function subjectOf({ subject }: MailDelivery, kind: ReactionKind): string {
  if (kind === 'ooo') return `Automatic reply: ${subject}`;
  return kind === 'reply' ? `Re: ${subject}` : subject;
}

function contentOf(delivery: MailDelivery, { kind, luck, now }: EventContext): string {
  if (kind === 'reply') return replyText(delivery, luck);
  if (kind !== 'ooo') return '';
  const states = luck < 0.5;
  return absenceText(
    states ? new Date(now.getTime() + days(2 + Math.floor(luck * 24))) : null,
    states ? luck * 2 : luck * 2 - 1,
  );
}
