import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFrom } from '../../activities/inbox';
import { acceptable } from '../../providers/acceptable';
import { openInbox, type InboxSession } from '../../providers/imap/inbox';
import { mailEvents } from '../../providers/mail/webhook';
import type { ImapAccount } from '../../providers/ports';
import { systemClock } from '../../runtime/clock';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { recordMail } from '../../store/events/record-mail';
import { beginCursor, keepInboxes, leaseInboxes, writeInbox } from '../../store/senders/inboxes';
import { isSendingMailbox } from '../../store/senders/senders';
import { startInboxes, type Inboxes } from '../../workers/inbox';
import { monday, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { startImapServer, type ImapServer } from '../support/imap-server';
import { eventOf } from '../events/provider-events';
import { silentLog } from '../workflows/silent-log';
import { engineByHand, oneLead } from './engine-by-hand';

const anywhere = { mayReach: () => true };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let database: Database;
let drop: () => Promise<void>;
let server: ImapServer;
let running: Inboxes[];
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(async () => {
  server = await startImapServer();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((inboxes) => inboxes.stop()));
  await server.close();
  // The next test's processes read its own mailbox alone.
  await database.inbox.deleteMany({});
});

interface Mailbox {
  clientId: string;
  senderId: string;
  enrollmentId: string;
  leadId: string;
  /** The lead's address. */
  email: string;
  /** The mailbox's. */
  address: string;
}

/** A mailbox with an IMAP account, and a lead of its client. */
async function mailbox(account: ImapAccount = server.account): Promise<Mailbox> {
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const { clientId } = agency;
  const senderId = agency.mailboxIds[0] ?? '';
  await database.$transaction((tx) => writeInbox(tx, { clientId, senderId }, account));
  const { email } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
  const { address } = await database.sender.findUniqueOrThrow({ where: { id: senderId } });
  return { clientId, senderId, enrollmentId, leadId, email, address };
}

/** A worker's process, as far as it reads inboxes. */
function start(open = (account: ImapAccount) => openInbox(account, anywhere), atOnce = 10): Inboxes {
  const deliverOutbox = () => Promise.resolve({ delivered: 0, failed: 0 });
  const deps = { database, clock: systemClock, secretKey, deliverOutbox };
  const inboxes = startInboxes(deps, { open, atOnce }, silentLog);
  running.push(inboxes);
  return inboxes;
}

interface Letter {
  id?: string;
  from: string;
  to: string;
  headers?: string[];
  body?: string;
}
const letter = ({ id = randomUUID(), from, to, headers = [], body = 'Tell me more.' }: Letter): string =>
  [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Re: Crew rosters',
    `Message-ID: <${id}@acme.example>`,
    ...headers,
    '',
    body,
    '',
  ].join('\r\n');

const eventsIn = async (address: string) => {
  const events = await database.inboundEvent.findMany({ orderBy: { receivedAt: 'asc' } });
  return events.filter(({ payload }) => JSON.stringify(payload).includes(address));
};
const inboxRow = (senderId: string) => database.inbox.findUniqueOrThrow({ where: { senderId } });
const enrollment = (id: string) => database.enrollment.findUniqueOrThrow({ where: { id } });

/** Waits until it is so. */
async function until(what: () => Promise<unknown>, withinMs = 25_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await what());) {
    if (Date.now() > end) throw new Error(`it did not come about: ${what.toString()}`);
    await sleep(50);
  }
}
const isRead =
  ({ senderId }: Mailbox, uid: number) =>
  async () =>
    (await inboxRow(senderId)).lastUid === BigInt(uid);
const isSeen =
  ({ senderId }: Mailbox) =>
  async () =>
    (await inboxRow(senderId)).lastSeenAt !== null;

test('SEQ-3: a reply to a mail of ours stops the sequence, whatever address it comes from', async () => {
  const box = await mailbox();
  const engine = engineByHand(database);
  const touch = await engine.prepare(box.enrollmentId);
  await engine.deliver(box.enrollmentId, touch);
  start();
  await until(isSeen(box));
  const ours = `<${touch.touchId}@${box.address.split('@')[1]}>`;
  server.deliver(letter({ from: 'j.doe@private.example', to: box.address, headers: [`In-Reply-To: ${ours}`] }));
  await until(async () => (await enrollment(box.enrollmentId)).status === 'stopped');
  expect(await database.outbox.count({ where: { subjectId: box.enrollmentId } })).toBe(1);
  const [event] = await eventsIn('j.doe@private.example');
  expect(event).toMatchObject({ provider: 'mail', kind: 'reply' });
  expect(await database.eventSubject.findMany({ where: { eventId: event?.id } })).toMatchObject([
    { leadId: box.leadId, touchId: touch.touchId },
  ]);
  expect((await inboxRow(box.senderId)).state).toBe('reading');
});

test('what arrived while nobody read is read; a restart in the middle loses nothing and repeats nothing', async () => {
  const box = await mailbox();
  const uids = Array.from({ length: 5 }, () => server.deliver(letter({ from: box.email, to: box.address })));
  const breaksAt = async (account: ImapAccount): Promise<InboxSession> => {
    const session = await openInbox(account, anywhere);
    return {
      ...session,
      fetch: (uid) => {
        if (uid === uids[2]) server.drop();
        return session.fetch(uid);
      },
    };
  };
  const first = start(breaksAt);
  await until(async () => (await inboxRow(box.senderId)).state === 'unreachable');
  await first.stop();
  expect(await eventsIn(box.address)).toHaveLength(2);
  expect(await inboxRow(box.senderId)).toMatchObject({ lastUid: BigInt(uids[1] ?? 0), error: 'connection_lost' });
  await database.inbox.updateMany({ data: { dueAt: new Date(0) } });
  start();
  await until(isRead(box, uids[4] ?? 0));
  expect(await eventsIn(box.address)).toHaveLength(5);
  await until(async () => (await inboxRow(box.senderId)).state === 'reading');
});

test('a connection that breaks while it is idle is made again, and what came meanwhile is read', async () => {
  const box = await mailbox();
  start();
  await until(isSeen(box));
  await sleep(300);
  server.drop();
  const uid = server.deliver(letter({ from: box.email, to: box.address }));
  await until(isRead(box, uid));
  expect(server.connectionsEver()).toBe(2);
  expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'stopped' });
});

test('TRUTH-5: the same mail by webhook and by IMAP counts once, in either order', async () => {
  const box = await mailbox();
  const byWebhook = async (raw: string) => {
    const request = {
      secret: 's',
      headers: {},
      rawBody: Buffer.from(raw.replace(/\r\n/g, '\n')),
      receivedAt: new Date(),
    };
    const isOurMailbox = (address: string) => isSendingMailbox(database, address);
    for (const event of await mailEvents(request, { secret: 's', isOurMailbox })) {
      await recordEvent(database, acceptable(event, new Date()), secretKey, new Date());
    }
  };
  const first = letter({ from: box.email, to: box.address });
  const nameless = letter({ from: box.email, to: `Anna <${box.address}>` }).replace(/Message-ID.*\r\n/, '');
  await byWebhook(first);
  server.deliver(first);
  const uid = server.deliver(nameless);
  start();
  await until(isRead(box, uid));
  await byWebhook(nameless);
  expect(await eventsIn(box.address)).toHaveLength(2);
});

test('OWN-2: one mail in the mailboxes of two clients stops the leads of both', async () => {
  const mine = await mailbox();
  const other = await startImapServer();
  const theirs = await mailbox(other.account);
  await database.lead.update({ where: { id: theirs.leadId }, data: { email: mine.email } });
  const raw = letter({ from: mine.email, to: `${mine.address}, ${theirs.address}` });
  server.deliver(raw);
  other.deliver(raw);
  start();
  await until(async () => (await enrollment(mine.enrollmentId)).status === 'stopped');
  await until(async () => (await enrollment(theirs.enrollmentId)).status === 'stopped');
  await running[0]?.stop();
  await other.close();
});

test('a mail that names another client’s mailbox is its own mailbox’s all the same (OWN-2)', async () => {
  const mine = await mailbox();
  const theirs = await mailbox();
  await database.inbox.delete({ where: { senderId: theirs.senderId } });
  const uid = server.deliver(letter({ from: theirs.email, to: theirs.address }));
  start();
  await until(isRead(mine, uid));
  expect(await enrollment(theirs.enrollmentId)).toMatchObject({ status: 'active' });
});

test('a new UIDVALIDITY: the mails are read again, count once, and none is missed', async () => {
  const box = await mailbox();
  ['a', 'b', 'c'].forEach((id) =>
    server.deliver(letter({ id: `${id}${box.senderId}`, from: box.email, to: box.address })),
  );
  start();
  await until(isRead(box, 3));
  server.expunge(1);
  server.deliver(letter({ id: `d${box.senderId}`, from: box.email, to: box.address }));
  server.renumber();
  await until(async () => (await inboxRow(box.senderId)).uidValidity === 8n);
  await until(isRead(box, 3));
  expect(await eventsIn(box.address)).toHaveLength(4);
});

test('a first connection reads neither years of mail nor an old mail that somebody moves into the inbox', async () => {
  const box = await mailbox();
  const old = new Date(Date.now() - 400 * dayMs);
  for (let i = 0; i < 20; i += 1) server.deliver(letter({ from: box.email, to: box.address }), { receivedAt: old });
  let fetched = 0;
  start(async (account) => {
    const session = await openInbox(account, anywhere);
    return { ...session, fetch: (uid) => ((fetched += 1), session.fetch(uid)) };
  });
  await until(isRead(box, 20));
  const uid = server.deliver(letter({ from: box.email, to: box.address }), { receivedAt: old });
  await until(isRead(box, uid));
  expect([fetched, (await eventsIn(box.address)).length]).toEqual([1, 0]);
  // One with a wrong date that names a mail of ours is no old mail.
  const ours = `<${randomUUID()}@growth.example>`;
  const answer = letter({ from: box.email, to: box.address, headers: [`In-Reply-To: ${ours}`] });
  await until(isRead(box, server.deliver(answer, { receivedAt: old })));
  expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'stopped' });
});

test.each<[string, Parameters<typeof readFrom>[0], number]>([
  ['new: from its registration', { registeredAt: new Date(-hourMs), lastSeenAt: null }, -hourMs - dayMs],
  ['new, of an old mailbox: 30 days', { registeredAt: new Date(-90 * dayMs), lastSeenAt: null }, -30 * dayMs],
  [
    'read before: from the last look',
    { registeredAt: new Date(-90 * dayMs), lastSeenAt: new Date(-40 * dayMs) },
    -42 * dayMs,
  ],
])('where the reading of an inbox begins: %s', (_what, inbox, at) => {
  expect(readFrom(inbox, new Date(0))).toEqual(new Date(at));
});

describe('a mail that cannot be read is stored as such, a person is told, and the next one is read', () => {
  const alerts = ({ clientId }: Mailbox) => database.alert.findMany({ where: { clientId, kind: 'mail_unreadable' } });

  test.each([
    ['no mail at all', '\r\n\r\n\x00\x01\x02'],
    ['nothing', ''],
  ])('%s', async (_what, raw) => {
    const box = await mailbox();
    const bad = server.deliver(raw);
    const uid = server.deliver(letter({ from: box.email, to: box.address }));
    start();
    await until(isRead(box, uid));
    const events = await database.inboundEvent.findMany({
      where: { providerEventId: `unread:${box.senderId}:7:${bad}` },
    });
    expect(events).toMatchObject([{ kind: 'unknown', payload: { facts: { unreadable: 'not_a_mail' } } }]);
    expect(await alerts(box)).toMatchObject([{ resourceId: box.senderId }]);
    expect((await alerts(box))[0]?.message).not.toContain('@');
    expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'stopped' });
  });

  test('one at which the connection breaks every time', async () => {
    const box = await mailbox();
    const bad = server.deliver(letter({ from: 'x@y.example', to: box.address }));
    const uid = server.deliver(letter({ from: box.email, to: box.address }));
    const breaks = async (account: ImapAccount): Promise<InboxSession> => {
      const session = await openInbox(account, anywhere);
      return {
        ...session,
        fetch: (one) => {
          if (one === bad) server.drop();
          return session.fetch(one);
        },
      };
    };
    start(breaks);
    await until(async () => {
      await database.inbox.updateMany({ where: { holder: null }, data: { dueAt: new Date(0) } });
      return isRead(box, uid)();
    }, 40_000);
    expect(await alerts(box)).toHaveLength(1);
    expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'stopped' });
  });

  test('one of 30 MB, whose beginning is read', async () => {
    const box = await mailbox();
    const attachment = ['--b', 'Content-Type: application/pdf', '', 'x'.repeat(30 * 1024 * 1024), '--b--', ''].join(
      '\r\n',
    );
    const raw = letter({
      from: box.email,
      to: box.address,
      headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"'],
      body: ['--b', 'Content-Type: text/plain', '', 'Please unsubscribe me', attachment].join('\r\n'),
    });
    const uid = server.deliver(raw);
    start();
    await until(isRead(box, uid));
    expect(await eventsIn(box.address)).toMatchObject([{ kind: 'unsubscribe' }]);
    expect(await alerts(box)).toEqual([]);
  });

  test('characters that PostgreSQL refuses, and a Message-ID of 100,000', async () => {
    const box = await mailbox();
    const uid = server.deliver(letter({ id: 'i'.repeat(100_000), from: box.email, to: box.address, body: 'a\x00b' }));
    start();
    await until(isRead(box, uid));
    expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'stopped' });
  });
});

describe('who reads', () => {
  test('one process each, however many there are; each takes no more than it may', async () => {
    const box = await mailbox();
    const second = await mailbox();
    const one = start(undefined, 1);
    start(undefined, 1);
    await until(isSeen(box));
    await until(isSeen(second));
    const [a, b] = [await inboxRow(box.senderId), await inboxRow(second.senderId)];
    expect(a.holder).not.toBe(b.holder);
    expect(server.connections()).toBe(2);
    await one.stop();
    expect(await database.inbox.count({ where: { holder: null } })).toBe(1);
  });

  test('takes over what a process held that died, and that one can store nothing more', async () => {
    const box = await mailbox();
    const [dead] = await leaseInboxes(database.sql, randomUUID(), 1);
    if (dead === undefined) throw new Error('nothing was leased');
    await beginCursor(database.sql, dead, { uidValidity: 7, lastUid: 0 });
    start();
    await sleep(2_500);
    expect(server.connectionsEver()).toBe(0);
    await database.inbox.updateMany({ data: { dueAt: new Date() } });
    await until(isSeen(box));
    const late = {
      inbox: dead,
      uid: 9,
      events: [eventOf('reply', { occurredAt: monday, person: { email: box.email } })],
    };
    await expect(recordMail(database, late, secretKey, monday)).rejects.toThrow('somebody else');
    expect(await enrollment(box.enrollmentId)).toMatchObject({ status: 'active' });
    expect(await keepInboxes(database.sql, dead.holder, [box.senderId])).toEqual(new Set());
  });

  test('a mail that is stored already moves no cursor back', async () => {
    await mailbox();
    const [lease] = await leaseInboxes(database.sql, randomUUID(), 1);
    if (lease === undefined) throw new Error('nothing was leased');
    await beginCursor(database.sql, lease, { uidValidity: 7, lastUid: 5 });
    await expect(recordMail(database, { inbox: lease, uid: 5, events: [] }, secretKey, monday)).rejects.toThrow();
    await recordMail(database, { inbox: lease, uid: 6, events: [] }, secretKey, monday);
    expect((await inboxRow(lease.senderId)).lastUid).toBe(6n);
  });

  test('nobody for a while, when the login is refused: the mailbox says so, and a person is told; a new password ends it', async () => {
    const box = await mailbox({ ...server.account, password: 'wrong' });
    start();
    await until(async () => (await inboxRow(box.senderId)).state === 'refused');
    const row = await inboxRow(box.senderId);
    expect(row).toMatchObject({ error: 'authentication_failed', holder: null, failures: 1 });
    expect(row.dueAt.getTime()).toBeGreaterThan(Date.now() + 200_000);
    const open = () => database.alert.count({ where: { clientId: box.clientId, kind: 'inbox_out', resolvedAt: null } });
    expect(await open()).toBe(1);
    const { clientId, senderId } = box;
    await database.$transaction((tx) => writeInbox(tx, { clientId, senderId }, server.account));
    await until(isSeen(box));
    expect(await inboxRow(senderId)).toMatchObject({ state: 'reading', error: null });
    expect(await open()).toBe(0);
  });

  test('a server that is away is asked ever more rarely', async () => {
    const box = await mailbox({ ...server.account, port: 1 });
    const waits: number[] = [];
    start();
    for (let nr = 1; nr <= 4; nr += 1) {
      await until(async () => (await inboxRow(box.senderId)).failures === nr);
      waits.push((await inboxRow(box.senderId)).dueAt.getTime() - Date.now());
      await database.inbox.updateMany({ data: { dueAt: new Date(0) } });
    }
    expect(waits[3]).toBeGreaterThan(25_000);
    expect(waits[0]).toBeLessThan(7_000);
  });
});
