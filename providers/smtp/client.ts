import { sendTimeoutMs } from '../http-exchange';
import { findInSent } from '../imap/sent-folder';
import { signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { ChannelSender, EmailMessage, Permit, SendOutcome, SmtpAccount } from '../ports';
import { smtpOutcome } from './outcome';
import type { SmtpRoute } from './session';
import { composeMail, converse, knock } from './session';

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

type Reach = Pick<Outside, 'mayReach' | 'onlyThisMachine'>;

/**
 * Sends one mail through the mailbox's own SMTP account, or through the default relay. When nothing may leave this
 * machine, the mailboxes' own accounts are not used, whatever their rows say.
 * @param settings null: only mailboxes with an account of their own can send.
 */
export function smtpSender(settings: SmtpSettings | null, outside: Reach): ChannelSender<EmailMessage> {
  return {
    async send(message: EmailMessage, permit: Permit): Promise<SendOutcome> {
      const route = routeOf(outside.onlyThisMachine ? null : message.account, settings);
      if (route === null) return { kind: 'rejected', retry: 'resource', error: 'not_configured' };
      if (!outside.mayReach(route.host)) return { kind: 'rejected', retry: 'later', error: 'not_this_machine' };
      const mail = await composeMail(message).catch(() => null);
      if (mail === null) return { kind: 'rejected', retry: 'never', error: 'invalid_message' };
      return smtpOutcome(await converse(route, message, mail, permit), message.messageId);
    },

    /** The relay keeps no list; the mailbox's Sent folder may have it. */
    find: ({ imap, messageId }, since) =>
      imap ? findInSent(imap, { messageId, since }, outside) : Promise.resolve('unknown'),
  };
}

/** Greets the relay, and logs in where it has a login. */
export async function smtpSign(settings: SmtpSettings, outside: Reach): Promise<SignOfLife> {
  const route = routeOf(null, settings);
  return route !== null && outside.mayReach(route.host) ? knock(route, signOfLifeMs) : 'silent';
}

function routeOf(account: SmtpAccount | null, settings: SmtpSettings | null): SmtpRoute | null {
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
