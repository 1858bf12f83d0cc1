import { ImapFlow, type ImapFlowError } from 'imapflow';
import { isThisMachine } from '../../runtime/this-machine';
import type { Outside } from '../outside';
import type { ImapAccount } from '../ports';

/** Why an inbox cannot be read. `refused`: the login was, and somebody has to act; otherwise it may go another time. */
export class ImapUnavailable extends Error {
  override readonly name = 'ImapUnavailable';
  constructor(
    /** A short, closed word without personal data. */
    readonly reason: string,
    readonly refused = false,
  ) {
    super(`the IMAP server is unavailable: ${reason}`);
  }
}

/** In milliseconds. */
export interface ImapTimes {
  /** For the connection, TLS included. */
  connectMs: number;
  /** A server that says nothing for so long while it is asked is away. */
  silenceMs: number;
  /** For an answer in all, however slowly it drips. */
  answerMs: number;
  /** A connection that says nothing is asked for a sign of life this often; shorter than what routers remember. */
  idleMs: number;
}

export const imapTimes: ImapTimes = {
  connectMs: 15_000,
  silenceMs: 60_000,
  answerMs: 120_000,
  idleMs: 240_000,
};

/** The most bytes of a mail that are read. What is said stands at its beginning, before what is attached. */
export const longestMail = 5 * 1024 * 1024;
/** What a server may announce at most: a partial answer, and one that ignores the limit by little. */
const longestLiteral = longestMail + 1024 * 1024;

type Reach = Pick<Outside, 'mayReach'>;

/**
 * Connects and logs in: over TLS, whatever the port, unless the server is on this machine.
 * @throws ImapUnavailable
 */
export async function connect(account: ImapAccount, outside: Reach, times = imapTimes): Promise<ImapFlow> {
  const { host, port, username, password, secure } = account;
  if (!outside.mayReach(host)) throw new ImapUnavailable('not_this_machine');
  const client = new ImapFlow({
    host,
    port,
    secure,
    // Without it a password would travel in clear to a server that offers no STARTTLS, or whose offer somebody removed.
    ...(secure || isThisMachine(host) ? {} : { doSTARTTLS: true }),
    auth: { user: username, pass: password },
    // Its log would hold addresses (TRUTH-6).
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: times.connectMs,
    greetingTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    maxIdleTime: times.idleMs,
    maxLiteralSize: longestLiteral,
    maxLineLength: longestLiteral,
    maxResponseSize: 2 * longestLiteral,
  });
  // Whoever waits for an answer hears of a dead connection by that; without a listener the process would end.
  client.on('error', () => undefined);
  try {
    await within(client, times.answerMs, () => client.connect());
    return client;
  } catch (error) {
    client.close();
    throw unavailable(error);
  }
}

/** Asks the server; when there is no answer in time the connection is closed, and whoever waits hears of that. */
export async function within<T>(client: ImapFlow, ms: number, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      client.close();
      reject(new ImapUnavailable('timed_out'));
    }, ms);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 5530: the login is fine, the server is not. */
const passing = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG']);

/** Any error of a connection as a short word. */
export function unavailable(error: unknown): ImapUnavailable {
  if (error instanceof ImapUnavailable) return error;
  const { code = '', authenticationFailed, serverResponseCode, tlsFailed } = error as ImapFlowError;
  if (authenticationFailed === true) {
    return passing.has(serverResponseCode ?? '')
      ? new ImapUnavailable('login_unavailable')
      : new ImapUnavailable('authentication_failed', true);
  }
  if (tlsFailed === true || /^ERR_(TLS|SSL)|CERT|^EPROTO$|STARTTLS/.test(code))
    return new ImapUnavailable('tls_failed');
  if (/TIMEOUT|^ETIMEDOUT$/i.test(code)) return new ImapUnavailable('timed_out');
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return new ImapUnavailable('host_not_found');
  if (code === 'ECONNREFUSED') return new ImapUnavailable('connection_refused');
  if (/TooLarge$/.test(code)) return new ImapUnavailable('answer_too_large');
  return new ImapUnavailable('connection_lost');
}
