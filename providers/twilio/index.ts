import { z } from 'zod';
import { formed, text, webUrl } from '../../runtime/variables';
import { provider, type Webhook, type WebhookAnswer } from '../manifest';
import { touchIdIn, type WebhookRequest } from '../webhook';
import { twilioCaller, twilioSign, type TwilioSettings } from './client';
import { callScript, hangUp } from './twiml';
import { touchParameter, voicePaths, voiceUrl } from './voice-urls';
import {
  twilioGatherEvents,
  twilioInboundEvents,
  twilioStatusEvents,
  verifyTwilio,
  type TwilioWebhook,
} from './webhook';

export const twilio = provider({
  name: 'twilio',
  title: 'Calls by Twilio',
  variables: {
    baseUrl: webUrl('TWILIO_BASE_URL', 'Base URL of the API.', { default: 'https://api.twilio.com' }),
    accountSid: formed('TWILIO_ACCOUNT_SID', 'Account SID, starts with AC.', z.string().startsWith('AC'), {
      otherwise: 'none, no calls',
      remedy: 'set the account SID, which starts with AC',
    }),
    authToken: text('TWILIO_AUTH_TOKEN', "Auth token; it also signs Twilio's webhooks.", {
      otherwise: 'none, no calls',
    }),
  },
  senders: { voice: twilioCaller },
  signOfLife: twilioSign,
  webhooks: [
    {
      ...voiceHook('twiml', 'Asks for the words of a call', 'sent with each call'),
      parse: (request, { authToken }) => {
        verifyTwilio(formPost(request), authToken);
        return [];
      },
      answer: async (request, _settings, { publicBaseUrl, takeCallScript }) => {
        const touchId = touchIdIn(touchParameter(request.url));
        const callSid = formPost(request).params['CallSid'] ?? '';
        if (touchId === null || callSid === '') return twiml(hangUp());
        const words = await takeCallScript(touchId, callSid);
        return twiml(words === null ? hangUp() : callScript(words, voiceUrl(publicBaseUrl, 'gather', touchId)));
      },
    },
    {
      ...voiceHook('status', 'How a call goes', 'sent with each call'),
      parse: (request, { authToken }) => twilioStatusEvents(formPost(request), authToken),
      answer: () => twiml(hangUp()),
    },
    {
      ...voiceHook('gather', 'The key that was pressed in a call', "stands in the call's script"),
      parse: (request, { authToken }) => twilioGatherEvents(formPost(request), authToken),
      answer: () => twiml(hangUp()),
    },
    {
      ...voiceHook('inbound', 'Somebody calls a number of ours', "the numbers' incoming calls"),
      parse: (request, { authToken }) => twilioInboundEvents(formPost(request), authToken),
      answer: () => twiml(hangUp()),
    },
  ],
});

function voiceHook(
  what: keyof typeof voicePaths,
  summary: string,
  register: string,
): Pick<Webhook<TwilioSettings>, 'method' | 'path' | 'proof' | 'summary' | 'register'> {
  return { method: 'POST', path: voicePaths[what], proof: 'signature', summary, register };
}

function formPost({ headers, url, rawBody, receivedAt }: WebhookRequest): TwilioWebhook {
  return { headers, url, params: Object.fromEntries(new URLSearchParams(rawBody.toString())), receivedAt };
}

const twiml = (body: string): WebhookAnswer => ({ contentType: 'text/xml', body });
