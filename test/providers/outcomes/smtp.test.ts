import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { EmailMessage, SendOutcome } from '../../../providers/ports';
import { smtpSender, type SmtpSettings } from '../../../providers/smtp/client';
import { anywhere } from '../local-api';
import { down, later, refusedBy, unknown } from './misbehaving';

const message: EmailMessage = {
  touchId: 't',
  account: null,
  from: { address: 'anna@growth.example', name: 'Anna' },
  to: 'jane@acme.example',
  subject: 'Hello',
  text: 'Hello Jane',
  messageId: 't@growth.example',
  references: [],
  unsubscribeUrl: 'https://engine.example/u/1',
};
const bounds = { connectionTimeoutMs: 300, greetingTimeoutMs: 300, socketTimeoutMs: 300, totalTimeoutMs: 400 };

let permits = 0;
let close: () => Promise<void> = () => Promise.resolve();
beforeEach(() => void (permits = 0));
afterEach(() => close());

function sendTo(place: Partial<SmtpSettings>): Promise<SendOutcome> {
  const settings = { host: '127.0.0.1', port: 1, username: null, password: null, secure: false, ...bounds, ...place };
  return smtpSender(settings, anywhere()).send(message, () => Promise.resolve((permits += 1) > 0));
}

/** silence: says nothing any more. reset: the connection dies. flood: a line of 10 MB that never ends. */
type Reply = 'silence' | 'reset' | 'flood' | (string & {});
type Phase = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'the mail' | 'the end of the mail';

/** A host that is polite but for one phase. */
async function hostThat(phase: Phase, reply: Reply): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let [inMail, pending] = [false, ''];
    const say = (at: Phase, polite: string): void => {
      const said = at === phase ? reply : polite;
      if (said === 'silence' || said === '') return;
      if (said === 'reset') return void socket.resetAndDestroy();
      socket.write(said === 'flood' ? '2'.repeat(10 * 1024 * 1024) : `${said}\r\n`);
    };
    const hear = (line: string): void => {
      if (inMail) return line === '.' ? say('the end of the mail', '250 queued') : say('the mail', '');
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return say('EHLO', '250-mx.example\r\n250 AUTH PLAIN');
      if (verb === 'HELO') return say('EHLO', '250 mx.example');
      if (verb === 'DATA') {
        inMail = true;
        return say('DATA', '354 go on');
      }
      return say(verb as Phase, verb === 'AUTH' ? '235 welcome' : '250 fine');
    };
    say('greeting', '220 mx.example');
    socket.on('data', (chunk) => {
      const lines = (pending + chunk.toString()).split('\r\n');
      pending = lines.pop() ?? '';
      lines.forEach(hear);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return (server.address() as AddressInfo).port;
}

const login = { username: 'anna', password: 'secret' };
const about = { kind: 'rejected', retry: 'later', error: 'deferred', aboutTouch: true } as const;
const unknownRecipient = { kind: 'rejected', retry: 'never', error: 'unknown_recipient', hardBounce: true } as const;

describe('before the mail: nothing is unknown, and nothing has left', () => {
  test.each<[Phase, Reply, SendOutcome]>([
    ['greeting', 'silence', down('timed_out')],
    ['greeting', 'reset', down('connection_lost')],
    ['greeting', 'flood', down('no_smtp')],
    ['greeting', 'HTTP/1.1 400 Bad Request', down('no_smtp')],
    ['greeting', '421 come back', down('service_unavailable')],
    ['greeting', '554 no', down('service_unavailable')],
    ['EHLO', 'silence', down('timed_out')],
    ['EHLO', 'reset', down('connection_lost')],
    ['AUTH', '535 5.7.8 no', refusedBy('resource', 'authentication_failed')],
    ['AUTH', '454 4.7.0 later', later('deferred')],
    ['MAIL', '421 4.7.0 too many', down('service_unavailable')],
    ['MAIL', '451 4.3.0 later', later('deferred')],
    ['MAIL', '550 5.7.1 no', refusedBy('resource', 'sender_refused')],
    ['MAIL', 'silence', down('timed_out')],
    ['RCPT', '450 4.2.0 greylisted', about],
    ['RCPT', '550 5.1.1 no such user', unknownRecipient],
    ['RCPT', '550 5.7.1 policy', refusedBy('never', 'recipient_refused')],
    ['RCPT', 'reset', down('connection_lost')],
    ['DATA', '451 4.3.0 later', about],
    ['DATA', '554 5.7.1 spam', refusedBy('never', 'message_refused')],
    ['DATA', 'silence', down('timed_out')],
    ['DATA', 'reset', down('connection_lost')],
  ])('%s: %s', async (phase, reply, expected) => {
    const port = await hostThat(phase, reply);
    expect(await sendTo({ port, ...(phase === 'AUTH' ? login : {}) })).toEqual(expected);
    expect(permits).toBe(0);
  });
});

describe('from the mail on only a reply tells', () => {
  test.each<[Phase, Reply, SendOutcome]>([
    ['the end of the mail', '250 queued', { kind: 'accepted', reference: 't@growth.example' }],
    ['the mail', 'reset', unknown('connection_lost')],
    ['the mail', 'flood', unknown('no_smtp')],
    ['the end of the mail', 'silence', unknown('timed_out')],
    ['the end of the mail', 'reset', unknown('connection_lost')],
    ['the end of the mail', 'flood', unknown('no_smtp')],
    ['the end of the mail', '<html>', unknown('connection_lost')],
    ['the end of the mail', '421 4.3.0 going down', down('service_unavailable')],
    ['the end of the mail', '452 4.3.1 full', about],
    ['the end of the mail', '550 5.1.1 no such user', unknownRecipient],
    ['the end of the mail', '554 5.7.1 spam', refusedBy('never', 'message_refused')],
  ])('%s: %s', async (phase, reply, expected) => {
    expect(await sendTo({ port: await hostThat(phase, reply) })).toEqual(expected);
    expect(permits).toBe(1);
  });
});

describe('nobody there', () => {
  test('refused connection', async () => {
    const port = await hostThat('greeting', 'silence');
    await close();
    close = () => Promise.resolve();
    expect(await sendTo({ port })).toEqual(down('connection_refused'));
  });
  test('no such name', async () => {
    expect(await sendTo({ host: 'nobody.invalid' })).toEqual(down('host_not_found'));
  });
  test('no TLS where there should be', async () => {
    expect(await sendTo({ port: await hostThat('greeting', '220 plain'), secure: true })).toEqual(down('tls_failed'));
  });
  test.each([true, false])('a certificate that nobody signed, from the first byte: %s', async (secure) => {
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const server = new SMTPServer({ secure, authOptional: true });
    quiet.mockRestore();
    server.on('error', () => undefined);
    const port = await new Promise<number>((resolve) => {
      const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
    });
    close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    expect(await sendTo({ port, secure })).toEqual(down('tls_failed'));
    expect(permits).toBe(0);
  });
});
