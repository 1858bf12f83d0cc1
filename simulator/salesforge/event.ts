import { stableId } from '../chance';
import type { MailDelivery } from '../delivery';
import type { EventContext } from '../provider';
import { jsonHeaders, type OutgoingWebhook } from '../webhook-request';
import { replyText } from '../words';
import type { ReactionKind } from '../workflows/reaction-input';

type SalesforgeKind = 'reply' | 'hardBounce' | 'opened';

const types: Record<SalesforgeKind, string> = {
  reply: 'email_replied',
  hardBounce: 'email_bounced',
  opened: 'email_opened',
};

export const isSeen = (kind: ReactionKind): kind is SalesforgeKind => kind in types;

/** Salesforge watches the sending mailboxes and posts what it sees. `emailId` is the mail that it is about. */
export function salesforgeEvent(
  delivery: MailDelivery,
  kind: SalesforgeKind,
  secret: string,
  context: EventContext,
): OutgoingWebhook {
  const { recipient, resource, person, messageId, subject } = delivery;
  const type = types[kind];
  const payload = {
    webhookInfo: { id: `whk_${stableId(12, type)}`, eventTime: context.now.toISOString(), type },
    sequenceEmail: {
      emailId: messageId,
      fromEmail: resource,
      toEmail: recipient,
      subject: kind === 'reply' ? `Re: ${subject}` : subject,
      content: kind === 'reply' ? replyText(delivery, context.luck) : '',
    },
    contact: {
      id: `lead_${stableId(12, recipient)}`,
      email: recipient,
      firstName: person?.firstName ?? '',
      lastName: person?.lastName ?? '',
      company: person?.company ?? '',
    },
    sequence: { id: `seq_${stableId(12, resource)}` },
    mailbox: { id: `mbox_${stableId(12, resource)}`, email: resource },
  };
  return {
    provider: 'salesforge',
    event: kind,
    url: `${context.engineBaseUrl}/webhooks/salesforge/${secret}`,
    headers: jsonHeaders,
    body: JSON.stringify(payload),
  };
}
