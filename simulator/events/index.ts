import type { Delivery } from '../delivery';
import { clickSendEvent } from './clicksend';
import { rawMailEvent } from './raw-mail';
import { salesforgeEvent } from './salesforge';
import { twilioRequests } from './twilio';
import { unipileEvent } from './unipile';
import { unsubscribeEvent } from './unsubscribe';
import type { EventContext, WebhookRequest } from './webhook-request';

/** The requests that tell the engine of a reaction, in order. None: nobody would tell of this one. */
export function requestsFor(delivery: Delivery, context: EventContext): WebhookRequest[] {
  const { kind } = context;
  switch (delivery.channel) {
    case 'email':
      if (kind === 'unsubscribe') return [unsubscribeEvent(delivery)];
      if (kind === 'reply' || kind === 'hardBounce' || kind === 'opened') {
        return [salesforgeEvent(delivery, kind, context)];
      }
      if (kind === 'ooo' || kind === 'softBounce' || kind === 'complaint') {
        return [rawMailEvent(delivery, kind, context)];
      }
      return [];
    case 'voice':
      return twilioRequests(delivery, context);
    case 'linkedin':
      return kind === 'inviteAccepted' || kind === 'reply' ? [unipileEvent(delivery, kind, context)] : [];
    case 'sms':
      return kind === 'delivered' || kind === 'reply' || kind === 'smsStop'
        ? [clickSendEvent(delivery, kind, context)]
        : [];
  }
}
