import { z } from 'zod';
import { windowEndHour, windowStartHour } from '../../domain/calendar/send-window';
import type { SmtpAccount } from '../../providers/ports';
import { layOutEmail, type EmailText } from '../content/email-layout';
import { lengthReasons } from '../content/length-reasons';
import type { ChannelActions, SendContext } from './channel-actions';

/** In characters. A mail has a shortest length that is worth sending. */
export const emailLimits = { subject: { minimum: 1, maximum: 150 }, body: { minimum: 40, maximum: 2_500 } } as const;

/** RFC 6409: where mail is submitted unless the account says otherwise. */
const submissionPort = 587;

export const emailActions: ChannelActions<'email', EmailText> = {
  answer: z.strictObject({
    subject: z.string().describe('The subject line.'),
    body: z.string().describe('The text of the mail, from the greeting to the last sentence, without a signature.'),
  }),
  prompt: `The message is an e-mail. "subject": at most 70 characters, one line, no "Re:". "body": 60 to 130 words in
short paragraphs, beginning with a greeting by first name when it is known, ending with one easy question. Do not
sign, and write neither address nor unsubscribe line: both are added below your text.`,

  check: ({ subject, body }) => [
    ...lengthReasons('subject', subject, emailLimits.subject),
    ...(subject.includes('\n') ? ['The subject must be one line.'] : []),
    ...lengthReasons('body', body, emailLimits.body),
  ],

  request(context, content) {
    const { envelope, now, publicBaseUrl } = context;
    const { touch, client, lead, sender, thread } = envelope;
    const unsubscribeUrl = `${publicBaseUrl}/u/${lead.unsubscribeToken}`;
    const senderName = sender.name ?? client.senderName;
    const [first] = thread;
    const mail = layOutEmail({
      content,
      senderName,
      clientName: client.name,
      website: client.website,
      postalAddress: client.postalAddress,
      unsubscribeUrl,
      thread:
        first === undefined
          ? null
          : {
              subject: (first.content as EmailText).subject,
              messageIds: thread.flatMap(({ messageId }) => messageId ?? []),
            },
    });
    return {
      touchId: touch.touchId,
      account: smtpAccount(envelope.smtp),
      imap: envelope.imap,
      from: { address: sender.address, name: senderName },
      to: lead.email,
      messageId: messageIdOf(context),
      unsubscribeUrl,
      date: now,
      carrier: {
        step: touch.step,
        firstName: lead.firstName,
        timezone: lead.timezone,
        hours: { from: windowStartHour, to: windowEndHour },
        isFollowUp: first !== undefined,
      },
      ...mail,
    };
  },

  /** A later bounce or reply names it, and so proves that the mail was sent. */
  reference: (context) => messageIdOf(context),
};

const messageIdOf = ({ envelope }: SendContext): string => {
  const { address } = envelope.sender;
  return `${envelope.touch.touchId}@${address.slice(address.lastIndexOf('@') + 1)}`;
};

function smtpAccount(smtp: SendContext['envelope']['smtp']): SmtpAccount | null {
  return smtp === null ? null : { ...smtp, port: smtp.port ?? submissionPort };
}
