import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { longestMail } from '../../providers/imap/connection';
import { openInbox, type InboxSession } from '../../providers/imap/inbox';
import { findInSent } from '../../providers/imap/sent-folder';
import type { ImapAccount } from '../../providers/ports';
import { startImapServer, type ImapServer } from '../support/imap-server';

const anywhere = { mayReach: () => true };
const quick = { connectMs: 1_000, silenceMs: 1_000, answerMs: 3_000, idleMs: 500 };

let server: ImapServer;
let sessions: InboxSession[];
beforeEach(async () => {
  server = await startImapServer();
  sessions = [];
});
afterEach(async () => {
  for (const session of sessions) session.close();
  await server.close();
});

async function opened(account: ImapAccount = server.account): Promise<InboxSession> {
  const session = await openInbox(account, anywhere, quick);
  sessions.push(session);
  return session;
}
const mail = (id: string, body = 'Hello') => `From: jane@acme.example\r\nMessage-ID: <${id}>\r\n\r\n${body}\r\n`;

describe('an inbox', () => {
  test('shows what is new, ascending, and marks nothing as seen', async () => {
    const uids = ['a', 'b', 'c'].map((id) => server.deliver(mail(id)));
    const inbox = await opened();
    expect(inbox.uidValidity).toBe(7);
    expect(await inbox.above(0)).toEqual(uids);
    expect(await inbox.above(uids[1] ?? 0)).toEqual([uids[2]]);
    expect(await inbox.above(uids[2] ?? 0)).toEqual([]);
    const read = await inbox.fetch(uids[1] ?? 0);
    expect(read?.source.toString()).toBe(mail('b'));
    expect(Math.abs((read?.receivedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(server.seen()).toEqual([]);
  });

  test('that is empty has nothing new', async () => {
    const inbox = await opened();
    expect(await inbox.above(0)).toEqual([]);
    expect(await inbox.since(new Date(0))).toEqual([]);
    expect(inbox.uidNext).toBe(1);
  });

  test('is read from a date on', async () => {
    server.deliver(mail('old'), { receivedAt: new Date(Date.now() - 40 * 86_400_000) });
    const uid = server.deliver(mail('new'));
    expect(await (await opened()).since(new Date(Date.now() - 86_400_000))).toEqual([uid]);
  });

  test('no longer has a mail that was moved away', async () => {
    const uid = server.deliver(mail('a'));
    server.deliver(mail('b'));
    server.expunge(uid);
    expect(await (await opened()).fetch(uid)).toBeNull();
  });

  test('gives the beginning of a mail of 30 MB', async () => {
    const uid = server.deliver(mail('huge', 'x'.repeat(30 * 1024 * 1024)));
    const inbox = await openInbox(server.account, anywhere);
    sessions.push(inbox);
    const read = await inbox.fetch(uid);
    expect(read?.source.length).toBe(longestMail);
    expect(read?.source.subarray(0, 24).toString()).toBe('From: jane@acme.example\r');
  });

  test.each([[['IDLE']], [[]]])('wakes whoever waits when a mail arrives (%j)', async (plugins) => {
    await server.close();
    server = await startImapServer(plugins);
    const inbox = await opened();
    await inbox.above(0);
    const began = Date.now();
    const waiting = inbox.wait(30_000);
    setTimeout(() => server.deliver(mail('late')), 100);
    await waiting;
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await inbox.above(0)).toHaveLength(1);
  });

  test('does not let anybody wait who has not heard of a mail yet', async () => {
    const inbox = await opened();
    await inbox.above(0);
    server.deliver(mail('between'));
    await inbox.fetch(1);
    const began = Date.now();
    await inbox.wait(30_000);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('wakes after the time that was given, and stays open over several signs of life', async () => {
    const inbox = await opened();
    await inbox.above(0);
    await inbox.wait(1_200);
    server.deliver(mail('a'));
    expect(await inbox.above(0)).toHaveLength(1);
    expect(server.connectionsEver()).toBe(1);
  });

  test('tells whoever waits that its connection broke', async () => {
    const inbox = await opened();
    await inbox.above(0);
    setTimeout(() => server.drop(), 100);
    await expect(inbox.wait(30_000)).rejects.toMatchObject({ reason: 'connection_lost', refused: false });
    await expect(inbox.above(0)).rejects.toMatchObject({ reason: 'connection_lost' });
  });
});

describe('an inbox that cannot be opened', () => {
  test('because the login is refused', async () => {
    const account = { ...server.account, password: 'wrong' };
    await expect(opened(account)).rejects.toMatchObject({ reason: 'authentication_failed', refused: true });
  });

  test('because it is not on this machine, and nothing may leave it', async () => {
    const nowhere = { mayReach: () => false };
    await expect(openInbox(server.account, nowhere)).rejects.toMatchObject({ reason: 'not_this_machine' });
    expect(server.connectionsEver()).toBe(0);
  });

  test('because nobody listens', async () => {
    const { account } = server;
    await server.close();
    server = await startImapServer();
    await expect(opened(account)).rejects.toMatchObject({ reason: 'connection_refused', refused: false });
  });

  test('because it offers no TLS, and the password would travel in clear', async () => {
    // The same server by a name that is not known to be this machine.
    const account = { ...server.account, host: 'localhost.localdomain' };
    const error = await opened(account).catch((failure: unknown) => failure);
    expect(['tls_failed', 'host_not_found']).toContain((error as { reason: string }).reason);
  });

  describe('against a server that is none', () => {
    let rogue: Server;
    const closers: (() => void)[] = [];
    const listen = async (greet: (write: (text: string) => void) => void): Promise<ImapAccount> => {
      rogue = createServer((socket) => {
        socket.on('error', () => undefined);
        closers.push(() => socket.destroy());
        greet((text) => socket.write(text));
      });
      await new Promise<void>((resolve) => rogue.listen(0, '127.0.0.1', resolve));
      return { ...server.account, port: (rogue.address() as AddressInfo).port };
    };
    afterEach(() => {
      for (const close of closers.splice(0)) close();
      return new Promise((resolve) => rogue.close(resolve));
    });

    test('because it says nothing', async () => {
      const account = await listen(() => undefined);
      await expect(opened(account)).rejects.toMatchObject({ reason: 'timed_out' });
    });

    test('because it speaks something else', async () => {
      const account = await listen((write) => write('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await expect(opened(account)).rejects.toMatchObject({ name: 'ImapUnavailable', refused: false });
    });

    test('because it drips, and never comes to an end', async () => {
      const account = await listen((write) => {
        write('* OK hello\r\n');
        const timer = setInterval(() => write('* OK still here\r\n'), 200);
        closers.push(() => clearInterval(timer));
      });
      const began = Date.now();
      await expect(opened(account)).rejects.toMatchObject({ reason: 'timed_out' });
      expect(Date.now() - began).toBeLessThan(6_000);
    });

    test('because it announces a terabyte', async () => {
      const account = await listen((write) => write('* OK {1099511627776}\r\n'));
      await expect(opened(account)).rejects.toMatchObject({ name: 'ImapUnavailable', refused: false });
    });
  });
});

describe('the Sent folder', () => {
  const ours = () => `${randomUUID()}@growth.example`;
  const find = (messageId: string, since = new Date(Date.now() - 60_000)) =>
    findInSent(server.account, { messageId, since }, anywhere, quick);
  const file = (messageId: string, receivedAt = new Date()) =>
    server.deliver(`From: anna@growth.example\r\nMessage-ID: <${messageId}>\r\n\r\nHi\r\n`, {
      folder: 'Gesendet',
      receivedAt,
    });

  test('has a mail that was filed', async () => {
    const id = ours();
    file(id);
    expect(await find(id)).toBe('found');
  });

  test('says nothing where nothing of ours is filed', async () => {
    expect(await find(ours())).toBe('unknown');
    file('a-draft-of-annas@growth.example');
    expect(await find(ours())).toBe('unknown');
  });

  test('says nothing where only older mails of ours are filed', async () => {
    file(ours(), new Date(Date.now() - 3 * 86_400_000));
    expect(await find(ours())).toBe('unknown');
  });

  test('does not have a mail where others of ours have been filed since', async () => {
    file(ours());
    expect(await find(ours())).toBe('absent');
  });

  test('says nothing when it cannot be asked', async () => {
    server.changePassword('another one');
    expect(await find(ours())).toBe('unknown');
    await server.close();
    expect(await find(ours())).toBe('unknown');
    server = await startImapServer([]);
  });

  test('says nothing where there is none', async () => {
    await server.close();
    server = await startImapServer(['IDLE']);
    expect(await find(ours())).toBe('unknown');
  });
});
