import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { EmailMessage, SendOutcome } from '../../providers/ports';
import { smtpSender } from '../../providers/smtp/client';
import { startImapServer } from '../support/imap-server';
import { allowed, anywhere } from './local-api';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const message: EmailMessage = {
  touchId,
  account: null,
  from: { address: 'anna@growth.example', name: 'Anna Bell' },
  to: 'jane@acme.example',
  subject: 'Crew rosters at Acme — a thought',
  text: 'Hello Jane,\n\none line.\n.a line that starts with a dot\n',
  messageId: `${touchId}@growth.example`,
  references: [],
  unsubscribeUrl: 'https://engine.example/u/token-1',
  date: new Date('2026-03-02T22:14:09Z'),
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Sends through a real smtp-server with the given behaviour. */
async function sendTo(options: SMTPServerOptions, change: Partial<EmailMessage> = {}): Promise<SendOutcome> {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
  });
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return sendToPort(port, change);
}

function sendToPort(port: number, change: Partial<EmailMessage> = {}, bounds: object = {}): Promise<SendOutcome> {
  const settings = { host: '127.0.0.1', port, username: null, password: null, secure: false, ...bounds };
  return smtpSender(settings, anywhere()).send({ ...message, ...change }, allowed);
}

/** A server that answers each line by script: null says nothing for ever, 'close' drops the connection. */
type Reply = string | null | 'close';
async function scriptedServer(
  answer: (line: string, socket: Socket) => Reply,
  greeting: Reply = '220 hi',
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const say = (reply: Reply): void => {
      if (reply === 'close') socket.destroy();
      else if (reply !== null && reply !== '') socket.write(`${reply}\r\n`);
    };
    let pending = '';
    say(greeting);
    socket.on('data', (chunk) => {
      pending += chunk.toString();
      const lines = pending.split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) say(answer(line, socket));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Polite until the named command, whose reply is given. 'END' is the reply to the message itself. */
function politeUntil(
  command: 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'END' | 'BODY',
  reply: Reply,
  features: string[] = [],
) {
  let inData = false;
  return (line: string): Reply => {
    if (inData) {
      if (command === 'BODY') return reply;
      if (line !== '.') return '';
      return command === 'END' ? reply : '250 queued';
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === command) return reply;
    if (verb === 'EHLO')
      return ['250-mx.example', ...features.map((feature) => `250-${feature}`), '250 8BITMIME'].join('\r\n');
    if (verb === 'DATA') {
      inData = true;
      return '354 go on';
    }
    return '250 fine';
  };
}

const smtpFailure = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

describe('a mail that is accepted', () => {
  it('carries its Message-ID, its RFC 8058 headers, its Date and one text part', async () => {
    let received = '';
    const outcome = await sendTo({
      onData(stream, _session, done) {
        stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
        stream.on('end', () => done());
      },
    });
    expect(outcome).toEqual({ kind: 'accepted', reference: `${touchId}@growth.example` });
    const mail: ParsedMail = await simpleParser(received);
    expect(mail.messageId).toBe(`<${touchId}@growth.example>`);
    expect(mail.subject).toBe(message.subject);
    expect(mail.date).toEqual(message.date);
    expect(mail.from?.value[0]).toEqual({ address: 'anna@growth.example', name: 'Anna Bell' });
    expect(mail.text?.trim()).toBe(message.text.trim());
    expect(mail.html).toBe(false);
    expect(mail.inReplyTo).toBeUndefined();
    expect(received).toContain('List-Unsubscribe: <https://engine.example/u/token-1>\r\n');
    expect(received).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  });

  it('answers in its thread (SEQ-9)', async () => {
    let received = '';
    await sendTo(
      {
        onData(stream, _session, done) {
          stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
          stream.on('end', () => done());
        },
      },
      { references: ['first@growth.example', 'second@growth.example'], subject: 'Re: Crew rosters' },
    );
    const mail = await simpleParser(received);
    expect(mail.inReplyTo).toBe('<second@growth.example>');
    expect(mail.references).toEqual(['<first@growth.example>', '<second@growth.example>']);
  });

  it('logs in with the account of its mailbox', async () => {
    const seen: unknown[] = [];
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        seen.push(auth.username, auth.password);
        done(null, { user: String(auth.username) });
      },
    });
    const port = await new Promise<number>((resolve) => {
      const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
    });
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const account = { host: '127.0.0.1', port, username: 'anna@growth.example', password: 'a-password' };
    const outcome = await smtpSender(null, anywhere()).send({ ...message, account }, allowed);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(seen).toEqual(['anna@growth.example', 'a-password']);
  });
});

describe('a refusal by reply code is definite', () => {
  const atRcpt = (code: number, text: string): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(smtpFailure(code, text)),
  });
  const atMail = (code: number, text: string): SMTPServerOptions => ({
    onMailFrom: (_address, _session, done) => done(smtpFailure(code, text)),
  });
  const atData = (code: number, text: string): SMTPServerOptions => ({
    onData(stream, _session, done) {
      stream.resume();
      stream.on('end', () => done(smtpFailure(code, text)));
    },
  });

  it.each([
    ['RCPT 550 5.1.1', atRcpt(550, '5.1.1 no mailbox here'), 'never', 'unknown_recipient', true],
    ['RCPT 550 user unknown', atRcpt(550, 'User unknown'), 'never', 'unknown_recipient', true],
    ['RCPT 551 no such user', atRcpt(551, 'No such user here'), 'never', 'unknown_recipient', true],
    ['RCPT 550 5.7.1 policy', atRcpt(550, '5.7.1 blocked by policy'), 'never', 'recipient_refused', undefined],
    ['RCPT 550 relaying denied', atRcpt(550, 'Relaying denied'), 'never', 'recipient_refused', undefined],
    [
      'RCPT 550 5.1.8 bad sender',
      atRcpt(550, '5.1.8 sender address rejected'),
      'never',
      'recipient_refused',
      undefined,
    ],
    ['RCPT 552 5.2.2 full', atRcpt(552, '5.2.2 mailbox full'), 'never', 'recipient_refused', undefined],
    ['RCPT 450 greylisted', atRcpt(450, '4.7.1 try again'), 'later', 'deferred', undefined],
    ['RCPT 421 closing', atRcpt(421, '4.3.2 going down'), 'later', 'service_unavailable', undefined],
    ['MAIL 550 sender', atMail(550, '5.7.1 sender suspended'), 'resource', 'sender_refused', undefined],
    [
      'MAIL 530 login first',
      atMail(530, '5.7.0 authentication required'),
      'resource',
      'authentication_failed',
      undefined,
    ],
    ['MAIL 451', atMail(451, '4.3.0 later'), 'later', 'deferred', undefined],
    ['DATA 554 spam', atData(554, '5.7.1 looks like spam'), 'never', 'message_refused', undefined],
    ['DATA 550 5.1.1', atData(550, '5.1.1 user unknown'), 'never', 'unknown_recipient', true],
    ['DATA 451', atData(451, '4.3.0 try again'), 'later', 'deferred', undefined],
  ])('%s', async (name, options, retry, error, hardBounce) => {
    const isAboutTouch = ['RCPT 450 greylisted', 'DATA 451'].includes(name);
    expect(await sendTo(options)).toEqual({
      kind: 'rejected',
      retry,
      error,
      ...(hardBounce ? { hardBounce } : {}),
      ...(isAboutTouch ? { aboutTouch: true } : {}),
      ...(error === 'service_unavailable' ? { down: true } : {}),
    });
  });

  it.each([
    [535, '5.7.8 wrong password', 'resource', 'authentication_failed'],
    [454, '4.7.0 temporary authentication failure', 'later', 'deferred'],
  ])('AUTH %i', async (code, text, retry, error) => {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(smtpFailure(code, text)),
    });
    const port = await new Promise<number>((resolve) => {
      const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
    });
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const account = { host: '127.0.0.1', port, username: 'anna', password: 'wrong' };
    expect(await smtpSender(null, anywhere()).send({ ...message, account }, allowed)).toEqual({
      kind: 'rejected',
      retry,
      error,
    });
  });

  it('a pipelining server that refuses the recipient', async () => {
    const port = await scriptedServer(politeUntil('RCPT', '550 5.1.1 unknown', ['PIPELINING']));
    expect(await sendToPort(port)).toMatchObject({ kind: 'rejected', retry: 'never', hardBounce: true });
  });
});

describe('no reply code', () => {
  it.each(['EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
    'connection dropped at %s: certainly not sent',
    async (command) => {
      const port = await scriptedServer(politeUntil(command, 'close'));
      expect(await sendToPort(port)).toMatchObject({ kind: 'rejected', error: 'connection_lost', down: true });
    },
  );

  it.each(['EHLO', 'MAIL', 'RCPT', 'DATA'] as const)('silence at %s: certainly not sent', async (command) => {
    const port = await scriptedServer(politeUntil(command, null));
    expect(await sendToPort(port, {}, { totalTimeoutMs: 150 })).toEqual({
      kind: 'rejected',
      retry: 'later',
      error: 'timed_out',
      down: true,
    });
  });

  it('silence instead of a greeting: certainly not sent', async () => {
    const port = await scriptedServer(() => null, null);
    expect(await sendToPort(port, {}, { greetingTimeoutMs: 100 })).toMatchObject({
      kind: 'rejected',
      retry: 'later',
    });
  });

  it.each(['BODY', 'END'] as const)('connection dropped at %s of the message: unknown', async (phase) => {
    const port = await scriptedServer(politeUntil(phase, 'close'));
    expect(await sendToPort(port)).toEqual({ kind: 'unknown', error: 'connection_lost' });
  });

  it('a pipelining server that drops the connection after the message: unknown', async () => {
    const port = await scriptedServer(politeUntil('END', 'close', ['PIPELINING']));
    expect(await sendToPort(port)).toEqual({ kind: 'unknown', error: 'connection_lost' });
  });

  it.each([
    ['the total bound', { totalTimeoutMs: 200 }],
    ['the socket time-out', { socketTimeoutMs: 200 }],
  ])('silence after the message, ended by %s: unknown', async (_name, bounds) => {
    const port = await scriptedServer(politeUntil('END', null));
    expect(await sendToPort(port, {}, bounds)).toEqual({ kind: 'unknown', error: 'timed_out' });
  });

  it('a server that drips keeps nobody longer than the total bound', async () => {
    const port = await scriptedServer((line, socket) => {
      if (line.startsWith('EHLO')) setInterval(() => socket.writable && socket.write('250-still here\r\n'), 20).unref();
      return null;
    });
    const before = performance.now();
    expect(await sendToPort(port, {}, { totalTimeoutMs: 300 })).toMatchObject({ kind: 'rejected', retry: 'later' });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('a refused connection: certainly not sent', async () => {
    const port = await scriptedServer(() => null);
    await closers.pop()?.();
    expect(await sendToPort(port)).toMatchObject({ kind: 'rejected', retry: 'later' });
  });

  it('an unknown host: certainly not sent', async () => {
    const account = { host: 'mail.nowhere.invalid', port: 25, username: null, password: null };
    expect(await smtpSender(null, anywhere()).send({ ...message, account }, allowed)).toEqual({
      kind: 'rejected',
      retry: 'later',
      error: 'host_not_found',
      down: true,
    });
  });
});

it('a mailbox without an account and without a relay is not configured', async () => {
  expect(await smtpSender(null, anywhere()).send(message, allowed)).toEqual({
    kind: 'rejected',
    retry: 'resource',
    error: 'not_configured',
  });
});

it('an address that would break the protocol never reaches a server', async () => {
  const outcome = await sendTo({}, { to: 'jane@acme.example>\r\nRCPT TO:<other@acme.example' });
  expect(outcome).toMatchObject({ kind: 'rejected', retry: 'never' });
});

describe('whether a mail was sent', () => {
  const find = (imap: EmailMessage['imap'], outside = anywhere()) =>
    smtpSender(null, outside).find({ ...message, imap }, new Date());

  test('nobody can tell without an IMAP account', async () => {
    expect(await find(null)).toBe('unknown');
    expect(await find(undefined)).toBe('unknown');
  });

  test('the mailbox’s Sent folder tells, on this machine alone when nothing may leave it', async () => {
    const server = await startImapServer();
    closers.push(() => server.close());
    server.deliver(`Message-ID: <${message.messageId}>\r\n\r\nHi\r\n`, { folder: 'Gesendet' });
    expect(await find(server.account)).toBe('found');
    expect(await find(server.account, { ...anywhere(), mayReach: () => false })).toBe('unknown');
  });
});
