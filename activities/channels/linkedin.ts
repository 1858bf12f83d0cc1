import { z } from 'zod';
import { lengthReasons } from '../content/length-reasons';
import { given, type ChannelActions, type SendContext } from './channel-actions';

/** TEXT-1: the longest note of a connection request, in characters. */
export const noteLimits = { minimum: 1, maximum: 300 } as const;
/** The longest message to a connection that is still read, in characters. */
export const messageLimits = { minimum: 20, maximum: 900 } as const;

type Note = Readonly<{ note: string }>;
type Message = Readonly<{ message: string }>;

/** Whoever is not connected with the seat: a look at the profile, once, and a connection request. */
export const invitationActions: ChannelActions<'linkedin', Note> = {
  answer: z.strictObject({ note: z.string().describe('The note of the connection request.') }),
  prompt: `The message is the note of a LinkedIn connection request. "note": at most 280 characters, one paragraph,
one honest reason to connect, no sales pitch, no link.`,
  check: ({ note }) => lengthReasons('note', note, noteLimits),

  request: (context, { note }) => ({
    form: 'invitation',
    ...whom(context),
    note,
    look: !context.envelope.touch.isLooked,
  }),
  reference: () => null,
};

/** Who is connected with the seat already gets a message instead. */
export const messageActions: ChannelActions<'linkedin', Message> = {
  answer: z.strictObject({ message: z.string().describe('The whole message.') }),
  prompt: `The message is a LinkedIn message to somebody who is connected with the sender already, so do not ask to
connect. "message": 30 to 90 words in one or two short paragraphs, beginning with a greeting by first name when it is
known, ending with one easy question and the sender's first name when it is known. No subject, no link.`,
  check: ({ message }) => lengthReasons('message', message, messageLimits),

  request: (context, { message }) => ({ form: 'message', ...whom(context), text: message }),
  reference: () => null,
};

const whom = ({ envelope }: SendContext) => ({
  touchId: envelope.touch.touchId,
  accountId: envelope.sender.address,
  profileUrl: given(envelope.lead.linkedinUrl, envelope),
});
