import { z } from 'zod';
import { callSeconds, ringSeconds } from '../../domain/limits';
import { lengthReasons } from '../content/length-reasons';
import { given, type ChannelActions } from './channel-actions';

/** In characters. */
export const scriptLimits = { minimum: 1, maximum: 1_200 } as const;

type VoiceText = Readonly<{ script: string }>;

export const voiceActions: ChannelActions<'voice', VoiceText> = {
  answer: z.strictObject({ script: z.string().describe('The words to be spoken.') }),
  prompt: `The message is read aloud in a phone call. "script": 40 to 110 words, to be spoken in under a minute. Say
who calls (client.senderName from client.name) and why in the first sentence. Write for the ear: no lists, no
abbreviations, no web addresses. Do not mention keys to press: that is added after your text.`,
  check: ({ script }) => lengthReasons('script', script, scriptLimits),

  /** The words are fetched by the call itself, and only by the touch's first one. */
  request: ({ envelope }) => ({
    touchId: envelope.touch.touchId,
    from: envelope.sender.address,
    to: given(envelope.lead.mobile ?? envelope.lead.phone, envelope),
    timeLimitSeconds: callSeconds,
    ringSeconds,
  }),
  reference: () => null,
};
