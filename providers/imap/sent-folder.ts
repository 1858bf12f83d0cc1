import type { ImapFlow } from 'imapflow';
import type { Outside } from '../outside';
import type { FindOutcome, ImapAccount } from '../ports';
import { touchIdInMessageId } from '../webhook';
import { connect, imapTimes, type ImapTimes } from './connection';

/** The longest that a look into a Sent folder may take, in milliseconds. */
const lookMs = 20_000;

/** How many of our latest mails there are looked at to learn whether the host files what is sent by SMTP. */
const enough = 20;

/**
 * Looks for a mail of ours in its mailbox's Sent folder, by its Message-ID. Never throws.
 *
 * Whether a host files there what it is handed by SMTP differs from host to host. So `absent` is only said of one that
 * has filed other mails of ours since that time; everything else is `unknown`.
 * @param since when the mail may have been sent
 */
export async function findInSent(
  account: ImapAccount,
  mail: { messageId: string; since: Date },
  outside: Pick<Outside, 'mayReach'>,
  times: ImapTimes = imapTimes,
): Promise<FindOutcome> {
  let client: ImapFlow | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<FindOutcome> => {
    client = await connect(account, outside, times);
    return lookInto(client, mail);
  };
  const tooLong = new Promise<FindOutcome>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), lookMs);
  });
  try {
    const looking = look();
    // One that answers after the time is over has nobody to tell it to.
    looking.then(
      () => client?.close(),
      () => client?.close(),
    );
    return await Promise.race([looking, tooLong]);
  } catch {
    return 'unknown';
  } finally {
    clearTimeout(timer);
    client?.close();
  }
}

async function lookInto(client: ImapFlow, { messageId, since }: { messageId: string; since: Date }) {
  // By its special use (RFC 6154), else by the names that hosts give it.
  const folder = (await client.list()).find(({ specialUse }) => specialUse === '\\Sent');
  if (folder === undefined) return 'unknown';
  await client.mailboxOpen(folder.path, { readOnly: true });
  const found = await client.search({ header: { 'Message-ID': messageId } }, { uid: true });
  if (!Array.isArray(found)) return 'unknown';
  if (found.length > 0) return 'found';
  return (await filesOurs(client, { domain: messageId.split('@')[1] ?? '', since })) ? 'absent' : 'unknown';
}

/** Are there mails of ours from then on? Only this engine names mails by touches. */
async function filesOurs(client: ImapFlow, { domain, since }: { domain: string; since: Date }): Promise<boolean> {
  const uids = await client.search({ header: { 'Message-ID': `@${domain}` }, since }, { uid: true });
  if (!Array.isArray(uids) || uids.length === 0) return false;
  const latest = uids.sort((a, b) => a - b).slice(-enough);
  const mails = await client.fetchAll(latest, { envelope: true, internalDate: true }, { uid: true });
  return mails.some(
    ({ envelope, internalDate }) =>
      touchIdInMessageId(envelope?.messageId) !== null && new Date(internalDate ?? NaN) >= since,
  );
}
