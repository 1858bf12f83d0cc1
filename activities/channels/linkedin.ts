import { z } from 'zod';
import { lengthReasons } from '../content/length-reasons';
import { given, type ChannelActions } from './channel-actions';

/** TEXT-1: the longest note of a connection request, in characters. */
export const noteLimits = { minimum: 1, maximum: 300 } as const;

type LinkedInText = Readonly<{ note: string }>;

export const linkedinActions: ChannelActions<'linkedin', LinkedInText> = {
  answer: z.strictObject({ note: z.string().describe('The note of the connection request.') }),
  prompt: `The message is the note of a LinkedIn connection request. "note": at most 280 characters, one paragraph,
one honest reason to connect, no sales pitch, no link.`,
  check: ({ note }) => lengthReasons('note', note, noteLimits),

  request: ({ touch, envelope: { lead, sender } }, { note }) => ({
    touchId: touch.touchId,
    accountId: sender.address,
    profileUrl: given(lead.linkedinUrl, touch),
    note,
  }),
  reference: () => null,
};
