import { z } from 'zod';
import { senderNameOf } from '../content/facts';
import { lengthReasons } from '../content/length-reasons';
import { given, type ChannelActions } from './channel-actions';

/** TEXT-1: two segments of a text message, in characters. */
export const smsLimits = { minimum: 1, maximum: 306 } as const;

const optOut = /\b(reply|text|send)\s+["'“‘]?stop\b/i;

type SmsText = Readonly<{ text: string }>;

export const smsActions: ChannelActions<'sms', SmsText> = {
  answer: z.strictObject({ text: z.string().describe('The whole text message.') }),
  prompt: `The message is a text message. "text": at most 300 characters, one paragraph. It names the sender
(client.senderName, or client.name when that is null) and ends with the words "Reply STOP to opt out".`,

  check({ text }, facts) {
    const name = senderNameOf(facts);
    return [
      ...lengthReasons('text', text, smsLimits),
      ...(text.toLowerCase().includes(name.toLowerCase()) ? [] : [`The text must name the sender, "${name}".`]),
      ...(optOut.test(text) ? [] : ['The text must end with the words "Reply STOP to opt out".']),
    ];
  },

  request: ({ envelope }, { text }) => ({
    touchId: envelope.touch.touchId,
    from: envelope.sender.address,
    to: given(envelope.lead.mobile, envelope),
    text,
    country: envelope.lead.countryCode,
  }),
  reference: () => null,
};
