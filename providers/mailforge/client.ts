import type { ConfiguredProviders } from '../../runtime/config';
import { asRecord, sendTimeoutMs, textField } from '../http-exchange';
import type { Outside } from '../outside';
import type { ImapAccount, SmtpAccount } from '../ports';

export const mailforgeBaseUrl = 'https://api.mailforge.ai';

/** A mailbox with the account that sends from it. */
export interface MailboxWithAccount {
  /** In lower case. */
  address: string;
  name: string | null;
  /** null: Mailforge names none. */
  smtp: SmtpAccount | null;
  /** Where it is read; null: Mailforge names none. */
  imap: ImapAccount | null;
}

/** Mailforge gave no list. */
export class MailforgeRefused extends Error {
  override readonly name = 'MailforgeRefused';
  constructor(
    /** A short, closed word. */
    readonly reason: string,
  ) {
    super(`Mailforge gave no mailboxes: ${reason}`);
  }
}

/** Reads every mailbox with its account. */
export type ReadMailboxes = (apiKey: string | null) => Promise<MailboxWithAccount[]>;

/**
 * With the key that is given, which is kept nowhere, or else with the configured one. Field names are [3p]; whether the
 * list has pages is [unverified]: what stands in the first answer is taken.
 * @throws MailforgeRefused
 */
export function mailforgeMailboxes(configured: ConfiguredProviders, outside: Pick<Outside, 'exchange'>): ReadMailboxes {
  const settings = asRecord(configured['mailforge']);
  const baseUrl = textField(settings, 'baseUrl') ?? mailforgeBaseUrl;
  return async (given) => {
    const apiKey = given ?? textField(settings, 'apiKey');
    if (apiKey === null) throw new MailforgeRefused('no_key');
    const answer = await outside.exchange({
      method: 'GET',
      url: `${baseUrl}/public/mailboxes?with_credentials=true`,
      headers: { authorization: apiKey },
      timeoutMs: sendTimeoutMs,
    });
    if (answer.kind !== 'answered') throw new MailforgeRefused(answer.error);
    if (answer.status !== 200) throw new MailforgeRefused(`http_${answer.status}`);
    const { body } = answer;
    const rows = Array.isArray(body) ? body : (asRecord(body)['data'] ?? asRecord(body)['mailboxes']);
    if (!Array.isArray(rows)) throw new MailforgeRefused('malformed_answer');
    return rows.map(asRecord).flatMap(mailboxIn);
  };
}

function mailboxIn(row: Record<string, unknown>): MailboxWithAccount[] {
  const address = textField(row, 'email', 'address')?.trim().toLowerCase();
  if (address === undefined) return [];
  const credentials = asRecord(row['credentials']);
  const name = [textField(row, 'firstName'), textField(row, 'lastName')].filter(Boolean).join(' ');
  const smtp = accountIn(credentials, 'smtp');
  return [{ address, name: name === '' ? null : name, smtp, imap: imapIn(credentials) }];
}

/** IMAP that begins with TLS (RFC 8314). */
const implicitTlsPort = 993;

function imapIn(credentials: Record<string, unknown>): ImapAccount | null {
  const { host, port, username, password } = accountIn(credentials, 'imap') ?? {};
  if (host === undefined || port === undefined || !username || !password) return null;
  return { host, port, username, password, secure: port === implicitTlsPort };
}

function accountIn(credentials: Record<string, unknown>, protocol: 'smtp' | 'imap'): SmtpAccount | null {
  const host = textField(credentials, `${protocol}Host`);
  const port = Number(credentials[`${protocol}Port`]);
  if (host === null || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return {
    host,
    port,
    username: textField(credentials, `${protocol}Username`),
    password: textField(credentials, `${protocol}Password`),
  };
}
