import type { ReportedEventKind } from '../../providers/ports';

/** A report in prose, as hosts write that know no RFC 3464: From, Subject and text about a mail to jane@acme.example. */
export interface ProseBounce {
  from: string;
  subject: string;
  text: string;
  kind: ReportedEventKind;
}

const exim = (diagnostic: string) => `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jane@acme.example
    host mx.acme.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jane@acme.example>:
    ${diagnostic}
`;
const qmail = (diagnostic: string) => `Hi. This is the qmail-send program at growth.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jane@acme.example>:
${diagnostic}
`;
const postfix = (diagnostic: string) => `This is the mail system at host mail.growth.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<jane@acme.example>: host mx.acme.example[192.0.2.1] said: ${diagnostic}
`;
const exchange = (diagnostic: string) => `Delivery has failed to these recipients or groups:

jane@acme.example (jane@acme.example)
${diagnostic}
`;

const daemon = 'Mail Delivery System <Mailer-Daemon@growth.example>';
const eximSubject = 'Mail delivery failed: returning message to sender';

export const proseBounces: readonly ProseBounce[] = [
  { from: daemon, subject: eximSubject, text: exim('550 No such user here'), kind: 'hardBounce' },
  { from: daemon, subject: eximSubject, text: exim('550 5.1.1 User unknown'), kind: 'hardBounce' },
  { from: daemon, subject: eximSubject, text: exim('552 Mailbox quota exceeded'), kind: 'softBounce' },
  { from: daemon, subject: eximSubject, text: exim('550 5.7.1 Message refused by policy'), kind: 'blocked' },
  { from: daemon, subject: eximSubject, text: exim('552 5.3.4 Message size exceeds the limit'), kind: 'blocked' },
  { from: daemon, subject: eximSubject, text: exim('Unrouteable address'), kind: 'hardBounce' },
  { from: daemon, subject: eximSubject, text: exim('retry timeout exceeded'), kind: 'softBounce' },
  {
    from: 'MAILER-DAEMON@growth.example',
    subject: 'failure notice',
    text: qmail('Sorry, no mailbox here by that name. (#5.1.1)'),
    kind: 'hardBounce',
  },
  {
    from: 'MAILER-DAEMON@growth.example',
    subject: 'failure notice',
    text: qmail('192.0.2.1 does not like recipient.\nRemote host said: 550 unknown user'),
    kind: 'hardBounce',
  },
  {
    from: 'MAILER-DAEMON@growth.example',
    subject: 'failure notice',
    text: qmail("Remote host said: 554 delivery error: dd This user doesn't have a yahoo.example account"),
    kind: 'hardBounce',
  },
  {
    from: 'MAILER-DAEMON@growth.example',
    subject: 'failure notice',
    text: qmail("Recipient's mailbox is full, message returned to sender. (#5.2.2)"),
    kind: 'softBounce',
  },
  {
    from: daemon,
    subject: 'Undelivered Mail Returned to Sender',
    text: postfix('550 5.1.1 <jane@acme.example>: Recipient address rejected: User unknown'),
    kind: 'hardBounce',
  },
  {
    from: daemon,
    subject: 'Undelivered Mail Returned to Sender',
    text: postfix('554 5.7.26 unauthenticated mail'),
    kind: 'blocked',
  },
  {
    from: daemon,
    subject: 'Delayed Mail (still being retried)',
    text: postfix('451 4.7.1 greylisted'),
    kind: 'unknown',
  },
  { from: daemon, subject: 'Warning: message delayed 24 hours', text: exim('retry time not reached'), kind: 'unknown' },
  {
    from: 'postmaster@acme.example',
    subject: 'Undeliverable: Crew rosters',
    text: exchange("The email address you entered couldn't be found. 550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
    kind: 'hardBounce',
  },
  {
    from: 'Microsoft Outlook <MicrosoftExchange1@acme.example>',
    subject: 'Undeliverable: Crew rosters',
    text: exchange("The recipient's mailbox is full. 554 5.2.2 mailbox full"),
    kind: 'softBounce',
  },
  {
    from: 'postmaster@acme.example',
    subject: 'Unzustellbar: Dienstpläne',
    text: exchange('Der Empfänger ist unbekannt. Empfänger unbekannt.'),
    kind: 'hardBounce',
  },
  {
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
    subject: 'Delivery Status Notification (Failure)',
    text: "** Address not found **\n\nYour message wasn't delivered to jane@acme.example because the address couldn't be found, or is unable to receive mail.\n\nThe response was:\n550 5.1.1 The email account that you tried to reach does not exist.",
    kind: 'hardBounce',
  },
  {
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
    subject: 'Delivery Status Notification (Failure)',
    text: 'Message blocked\n\nYour message to jane@acme.example has been blocked.\n\nThe response was:\n550 5.7.1 blocked by policy',
    kind: 'blocked',
  },
  {
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
    subject: 'Delivery Status Notification (Delay)',
    text: 'There was a temporary problem delivering your message to jane@acme.example. Gmail will keep trying.',
    kind: 'unknown',
  },
];
