import { clickSendInboundEvents, clickSendReceiptEvents } from '../providers/clicksend/webhook';
import { mailEvents } from '../providers/mail/webhook';
import { salesforgeEvents } from '../providers/salesforge/webhook';
import { callScript, hangUp } from '../providers/twilio/twiml';
import {
  twilioGatherEvents,
  twilioInboundEvents,
  twilioStatusEvents,
  verifyTwilio,
  type TwilioWebhook,
} from '../providers/twilio/webhook';
import { unipileEvents } from '../providers/unipile/webhook';
import { WebhookRefused, touchIdIn } from '../providers/webhook';
import type { CallVoice, WebhookParsers, WebhookRequest } from './ports';

/** What each provider proves itself with; an empty one refuses everything of that provider. */
export interface WebhookSecrets {
  salesforge: string;
  clicksend: string;
  unipile: string;
  mail: string;
  twilioAuthToken: string;
}

/**
 * The providers' own verification and reading, with this installation's secrets.
 * @param isOurMailbox is this address (in lower case) a mailbox that we send from? Its own mails are no replies.
 */
export function createWebhookParsers(
  secrets: WebhookSecrets,
  isOurMailbox: (address: string) => Promise<boolean>,
): WebhookParsers {
  const token = secrets.twilioAuthToken;
  return {
    salesforge: (request) => salesforgeEvents(request, { secret: secrets.salesforge }),
    unipile: (request) => unipileEvents(request, secrets.unipile),
    clicksendInbound: (request) => clickSendInboundEvents(request, secrets.clicksend),
    clicksendReceipts: (request) => clickSendReceiptEvents(request, secrets.clicksend),
    mail: (request) => mailEvents(request, { secret: secrets.mail, isOurMailbox }),
    twilioStatus: (request) => twilioStatusEvents(formPost(request, token), token),
    twilioGather: (request) => twilioGatherEvents(formPost(request, token), token),
    twilioInbound: (request) => twilioInboundEvents(formPost(request, token), token),
    twilioScript: (request) => {
      const form = formPost(request, token);
      verifyTwilio(form, token);
      const touchId = touchIdIn(new URL(request.url).searchParams.get('touchId'));
      return { touchId, callSid: form.params['CallSid'] ?? '' };
    },
  };
}

export const twilioVoice: CallVoice = { script: callScript, hangUp };

function formPost(request: WebhookRequest, token: string): TwilioWebhook {
  // Without a token every signature would be made with an empty key, which anyone has.
  if (token === '') throw new WebhookRefused(401, 'no Twilio account is configured');
  const params = Object.fromEntries(new URLSearchParams(request.rawBody.toString()));
  return { headers: request.headers, url: request.url, params, receivedAt: request.receivedAt };
}
