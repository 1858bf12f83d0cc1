import { stableId } from '../chance';
import type { LinkedInDelivery } from '../delivery';
import { slugOf, providerId } from '../people';
import type { EventContext } from '../provider';
import { jsonHeaders, type OutgoingWebhook } from '../webhook-request';
import { replyText } from '../words';
import type { ReactionKind } from '../workflows/reaction-input';

type Told = 'inviteAccepted' | 'reply';

export const isUnipileEvent = (kind: ReactionKind): kind is Told => kind === 'inviteAccepted' || kind === 'reply';

/** A new relation (the invitation was accepted) or a message from the person. */
export function unipileEvent(
  delivery: LinkedInDelivery,
  kind: Told,
  secret: string,
  context: EventContext,
): OutgoingWebhook {
  return {
    provider: 'unipile',
    event: kind,
    url: `${context.engineBaseUrl}/webhooks/unipile`,
    headers: { ...jsonHeaders, 'x-webhook-secret': secret },
    body: JSON.stringify(kind === 'reply' ? messageReceived(delivery, context) : newRelation(delivery)),
  };
}

function newRelation(delivery: LinkedInDelivery): Record<string, unknown> {
  return {
    event: 'new_relation',
    account_id: delivery.resource,
    account_type: 'LINKEDIN',
    webhook_name: 'relations',
    user_full_name: fullName(delivery),
    user_provider_id: providerId(delivery.recipient),
    user_public_identifier: slugOf(delivery.recipient),
    user_profile_url: delivery.recipient,
    user_picture_url: null,
  };
}

function messageReceived(delivery: LinkedInDelivery, { now, luck }: EventContext): Record<string, unknown> {
  const sender = {
    attendee_id: stableId(22, 'attendee', delivery.recipient),
    attendee_name: fullName(delivery),
    attendee_provider_id: providerId(delivery.recipient),
    attendee_profile_url: delivery.recipient,
  };
  return {
    event: 'message_received',
    webhook_name: 'messages',
    account_id: delivery.resource,
    account_type: 'LINKEDIN',
    account_info: { type: 'LINKEDIN', feature: 'classic', user_id: providerId(`seat ${delivery.resource}`) },
    chat_id: stableId(22, 'chat', delivery.resource, delivery.recipient),
    message_id: stableId(22, 'message', delivery.id),
    message: replyText(delivery, luck),
    timestamp: now.toISOString(),
    sender,
    attendees: [sender],
    attachments: [],
    reactions: [],
    subject: null,
  };
}

function fullName({ person }: LinkedInDelivery): string {
  return [person?.firstName, person?.lastName].filter(Boolean).join(' ');
}
