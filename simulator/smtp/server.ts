import { SMTPServer, type SMTPServerAuthentication, type SMTPServerSession } from 'smtp-server';
import { simpleParser, type ParsedMail } from 'mailparser';
import type { Arrivals, Request } from '../arrivals';
import type { SimulatorConfig } from '../config';
import { Unanswered } from '../mischief';

type SmtpSettings = Pick<SimulatorConfig, 'resources' | 'smtpAllowUnauthenticated' | 'accountLatencyMs'>;

/** The mailboxes' own mail host: takes mail from the mailboxes it knows, for anybody. No TLS. */
export function createSmtpServer(settings: SmtpSettings, arrivals: Arrivals): SMTPServer {
  const { mailboxes } = settings.resources;
  const server = new PromptSmtpServer({
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: settings.smtpAllowUnauthenticated,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500,
    onAuth(auth: SMTPServerAuthentication, _session, callback) {
      const known = mailboxes.includes((auth.username ?? '').toLowerCase());
      if (known) return callback(null, { user: auth.username ?? '' });
      return callback(smtpError(535, '5.7.8 Authentication credentials invalid'));
    },
    onMailFrom(address, _session, callback) {
      if (mailboxes.includes(address.address.toLowerCase())) return callback();
      const error = smtpError(550, `5.7.1 <${address.address}>: sender address rejected: not a mailbox of this host`);
      const seen = sendRequest(address.address.toLowerCase(), null, null, {});
      arrivals.reject(seen, `550 ${error.message}`).then(() => callback(error), callback);
    },
    onData(stream, session, callback) {
      const taken = simpleParser(stream, { skipHtmlToText: true, skipTextToHtml: true }).then(async (mail) => {
        await pause(settings.accountLatencyMs);
        await takeMail(mail, session, arrivals);
      });
      taken.then(
        () => callback(null, '2.0.0 Ok: queued'),
        (error: Error) => (error instanceof Unanswered ? server.hangUp(session.id, error) : callback(error)),
      );
    },
  });
  return server;
}

/**
 * The library waits 100 ms before it greets, to catch clients that talk too soon. In virtual time every real
 * millisecond of a delivery is waited for, so this host greets at once.
 */
class PromptSmtpServer extends SMTPServer {
  override connect(...[socket, options]: Parameters<SMTPServer['connect']>): void {
    super.connect(socket, options);
    const connection = [...this.connections].at(-1);
    if (connection === undefined) return;
    const greet = connection.connectionReady.bind(connection);
    let greeted = false;
    connection.connectionReady = (next) => {
      if (greeted && next === undefined) return;
      greeted = true;
      greet(next);
    };
    setImmediate(() => connection.connectionReady());
  }

  /** The mail was taken; its sender is not to hear of it. */
  hangUp(sessionId: string, { mischief, slowSeconds }: Unanswered): void {
    const reset = (): void => {
      for (const one of this.connections) if (one.id === sessionId) one._socket.resetAndDestroy();
    };
    if (mischief === 'slow') setTimeout(reset, slowSeconds * 1000).unref();
    else reset();
  }
}

/** Written down before the 250 leaves; a mail to several people is several lines. */
async function takeMail(mail: ParsedMail, session: SMTPServerSession, arrivals: Arrivals): Promise<void> {
  const { mailFrom, rcptTo } = session.envelope;
  const resource = mailFrom ? mailFrom.address.toLowerCase() : null;
  const reference = mail.messageId?.replace(/^<|>$/g, '');
  const headers = headersOf(mail);
  const detail = { reference, subject: mail.subject ?? '', text: mail.text ?? '', headers };
  for (const { address } of rcptTo) {
    await arrivals.accept(sendRequest(resource, address.toLowerCase(), reference?.split('@')[0] ?? null, detail));
  }
}

function sendRequest(
  resource: string | null,
  recipient: string | null,
  touchId: string | null,
  detail: Record<string, unknown>,
): Request {
  return { provider: 'smtp', operation: 'send', resource, recipient, touchId, detail };
}

/** Names in lower case, values unfolded; a repeated header's values stand on lines of their own. */
function headersOf(mail: ParsedMail): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n[ \t]+/g, ' ')
      .trim();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}\n${value}`;
  }
  return headers;
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
