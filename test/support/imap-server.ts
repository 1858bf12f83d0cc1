import hoodiecrow, { type ImapServer as Hoodiecrow } from 'hoodiecrow-imap';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { ImapAccount } from '../../providers/ports';

/** A real IMAP server with one user, whose mails and misfortunes the test decides. */
export interface ImapServer {
  account: ImapAccount;
  /** A mail arrives. @returns its UID */
  deliver(raw: string, options?: { folder?: string; receivedAt?: Date }): number;
  /** Somebody deletes a mail. */
  expunge(uid: number): void;
  /** The server numbers its mails anew: the same mails with other UIDs, under another UIDVALIDITY. */
  renumber(): void;
  /** UIDs of the inbox's mails that are marked as seen. */
  seen(): number[];
  /** All connections break. */
  drop(): void;
  /** How many connections are open now. */
  connections(): number;
  /** How many there were in all. */
  connectionsEver(): number;
  changePassword(password: string): void;
  close(): Promise<void>;
}

/** @param plugins what the server offers beside IMAP4rev1 */
export async function startImapServer(plugins = ['IDLE', 'SPECIAL-USE']): Promise<ImapServer> {
  const username = 'anna@growth.example';
  const users = { [username]: { password: 'a long password' } };
  const storage = {
    INBOX: { uidvalidity: 7 },
    '': { separator: '/', folders: { Gesendet: { 'special-use': '\\Sent' }, Drafts: {} } },
  };
  const server: Hoodiecrow = hoodiecrow({ plugins, users, storage });
  const sockets = new Set<Socket>();
  // Its IDLE keeps a timer of half an hour, which would keep the test's process.
  server.connectionHandlers.push((connection) =>
    connection.socket.on('close', () => connection.inputHandler && connection.inputHandler('DONE')),
  );
  let ever = 0;
  server.server.on('connection', (socket: Socket) => {
    ever += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const inbox = () => server.getMailbox('INBOX');
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    account: { host: '127.0.0.1', port, username, password: 'a long password', secure: false },
    deliver: (raw, { folder = 'INBOX', receivedAt = new Date() } = {}) =>
      server.appendMessage(folder, [], receivedAt, raw).message.uid,
    expunge(uid) {
      const folder = inbox();
      folder.messages = folder.messages.filter((mail) => mail.uid !== uid);
    },
    renumber() {
      const folder = inbox();
      folder.uidvalidity += 1;
      folder.messages.forEach((mail, index) => (mail.uid = index + 1));
      folder.uidnext = folder.messages.length + 1;
      drop();
    },
    seen: () =>
      inbox()
        .messages.filter(({ flags }) => flags.includes('\\Seen'))
        .map(({ uid }) => uid),
    drop,
    connections: () => sockets.size,
    connectionsEver: () => ever,
    changePassword: (password) => (server.users[username] = { password }),
    async close() {
      drop();
      await new Promise((resolve) => server.server.close(resolve));
    },
  };
}
