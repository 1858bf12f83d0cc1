import { sendTimeoutMs } from '../http-exchange';
import type { EmailMessage, EmailSender, SendOutcome } from '../ports';
import { smtpOutcome } from './outcome';
import type { SmtpRoute } from './session';
import { composeMail, converse } from './session';

/** The default relay, for mailboxes that have no account of their own. Times in milliseconds, mainly for tests. */
export interface SmtpSettings {
  host: string;
  port: number;
  username: string | null;
  password: string | null;
  /** TLS from the first byte (port 465). */
  secure: boolean;
  connectionTimeoutMs?: number;
  greetingTimeoutMs?: number;
  socketTimeoutMs?: number;
  totalTimeoutMs?: number;
}

/** Port on which SMTP is spoken in TLS from the first byte (RFC 8314). */
const implicitTlsPort = 465;

/**
 * Sends one mail through the mailbox's own SMTP account, or through the default relay.
 * @param settings null: only mailboxes with an account of their own can send.
 */
export function smtpSender(settings: SmtpSettings | null): EmailSender {
  return {
    async send(message: EmailMessage): Promise<SendOutcome> {
      const route = routeOf(message, settings);
      if (route === null) return { outcome: 'rejected', retry: 'resource', error: 'not_configured' };
      const mail = await composeMail(message).catch(() => null);
      if (mail === null) return { outcome: 'rejected', retry: 'never', error: 'invalid_message' };
      return smtpOutcome(await converse(route, message, mail), message.messageId);
    },
  };
}

function routeOf(message: EmailMessage, settings: SmtpSettings | null): SmtpRoute | null {
  const { account } = message;
  const times = {
    connectionTimeoutMs: settings?.connectionTimeoutMs ?? 8_000,
    greetingTimeoutMs: settings?.greetingTimeoutMs ?? 8_000,
    socketTimeoutMs: settings?.socketTimeoutMs ?? 15_000,
    totalTimeoutMs: settings?.totalTimeoutMs ?? sendTimeoutMs,
  };
  if (account !== null) return { ...account, secure: account.port === implicitTlsPort, ...times };
  if (settings === null) return null;
  const { host, port, secure, username, password } = settings;
  return { host, port, secure, username, password, ...times };
}
