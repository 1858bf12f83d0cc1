import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SignOfLife } from '../manifest';
import type { EmailMessage, Permit } from '../ports';
import { failpoint } from '../../runtime/failpoints';

/** An SMTP server and how to talk to it. Times in milliseconds. */
export interface SmtpRoute {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  secure: boolean;
  username: string | null;
  password: string | null;
  connectionTimeoutMs: number;
  greetingTimeoutMs: number;
  socketTimeoutMs: number;
  totalTimeoutMs: number;
}

export interface SmtpError extends Error {
  code?: string;
  /** 'CONN', 'AUTH PLAIN', 'MAIL FROM', 'RCPT TO', 'DATA', 'API'. A connection that dies says CONN in any phase. */
  command?: string;
  response?: string;
  responseCode?: number;
}

/** How an SMTP conversation ended. `bytesLeft` says whether any byte of the message itself was handed to the socket. */
export type SmtpEnding =
  { kind: 'accepted'; response: string } | { kind: 'failed'; bytesLeft: boolean; error: SmtpError };

/** The mail as it goes over the wire: one text part, 7 bit, with its RFC 8058 headers. */
export function composeMail(message: EmailMessage): Promise<Buffer> {
  const bracketed = message.references.map((id) => `<${id}>`);
  return new MailComposer({
    from: { address: message.from.address, name: message.from.name ?? '' },
    to: { address: message.to, name: '' },
    subject: message.subject,
    text: message.text,
    messageId: `<${message.messageId}>`,
    date: message.date,
    inReplyTo: bracketed.at(-1),
    references: bracketed,
    headers: {
      'List-Unsubscribe': { prepared: true, value: `<${message.unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    // Texts come from a model and from people: nothing in them may open a file or a URL of ours.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/**
 * Speaks SMTP once, on a connection of its own. Never throws.
 *
 * nodemailer reports a connection that dies as command CONN whatever the phase, so the phase is seen from the other
 * side: it asks for the message's first byte only when the server has said 354 to DATA. Until then nothing can have
 * been accepted; from then on only a reply code tells. So that is where the permit is asked.
 */
export function converse(route: SmtpRoute, message: EmailMessage, mail: Buffer, permit: Permit): Promise<SmtpEnding> {
  return new Promise((resolve) => {
    let isOver = false;
    const connection = new SMTPConnection(connectionOptions(route));
    const finish = (ending: SmtpEnding): void => {
      isOver = true;
      clearTimeout(totalBound);
      connection.close();
      resolve(ending);
    };
    const fail = (error: SmtpError): void => finish({ kind: 'failed', bytesLeft: body.bytesLeft(), error });
    const expire = (): void => fail(smtpError('ETIMEDOUT', 'the total bound was reached'));
    let totalBound = setTimeout(expire, route.totalTimeoutMs);
    const mayLeave = async (): Promise<boolean> => {
      const may = await permit().catch(() => false);
      if (isOver) return false;
      if (!may) fail(smtpError(notPermitted, 'not permitted'));
      clearTimeout(totalBound);
      if (may) totalBound = setTimeout(expire, route.totalTimeoutMs);
      return may;
    };
    const body = observedMail(mail, mayLeave);
    const sendMail = (): void =>
      connection.send({ from: message.from.address, to: [message.to] }, body.stream, (error, info) => {
        if (error) return fail(error);
        void failpoint('answer-unread').then(() => finish({ kind: 'accepted', response: info?.response ?? '' }));
      });

    connection.on('error', fail);
    enter(connection, route, (error) => (error ? fail(error) : sendMail()));
  });
}

/** The code of a conversation that was ended before the mail, because it may not leave any more. */
export const notPermitted = 'ENOTPERMITTED';

const smtpError = (code: string, words: string): SmtpError => Object.assign(new Error(words), { code });

/**
 * Connects, says who we are, and leaves: nothing is sent. Never throws.
 * @param timeoutMs total bound in milliseconds
 */
export function knock(route: SmtpRoute, timeoutMs: number): Promise<SignOfLife> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection(connectionOptions(route));
    const finish = (sign: SignOfLife): void => {
      clearTimeout(totalBound);
      if (sign === 'answers') connection.quit();
      else connection.close();
      resolve(sign);
    };
    const fail = (error: SmtpError): void => finish((error.responseCode ?? 0) >= 500 ? 'refuses' : 'silent');
    const totalBound = setTimeout(() => finish('silent'), timeoutMs);
    connection.on('error', fail);
    enter(connection, route, (error) => (error ? fail(error) : finish('answers')));
  });
}

/** Greets the server, and logs in where the route has a user and the server asks for one. */
function enter(connection: SMTPConnection, { username, password }: SmtpRoute, done: (error?: SmtpError) => void): void {
  connection.connect((error) => {
    if (error || username === null || !connection.allowsAuth) return done(error);
    connection.login({ user: username, pass: password ?? '' }, (loginError) => done(loginError ?? undefined));
  });
}

function connectionOptions(route: SmtpRoute) {
  return {
    host: route.host,
    port: route.port,
    secure: route.secure,
    connectionTimeout: route.connectionTimeoutMs,
    greetingTimeout: route.greetingTimeoutMs,
    socketTimeout: route.socketTimeoutMs,
    dnsTimeout: route.connectionTimeoutMs,
    socketCloseTimeout: 1_000,
  };
}

/** The mail as a stream that asks before its first byte, and remembers whether it left. */
function observedMail(mail: Buffer, mayLeave: Permit): { stream: Readable; bytesLeft: () => boolean } {
  let asked = false;
  let left = false;
  const stream = new Readable({
    read() {
      if (asked) return;
      asked = true;
      void mayLeave().then((may) => {
        if (!may) return;
        left = true;
        stream.push(mail);
        stream.push(null);
      });
    },
  });
  return { stream, bytesLeft: () => left };
}
