import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { createProviders } from '../../providers';
import { openOutside } from '../../providers/outside';
import type { EmailMessage } from '../../providers/ports';
import { isThisMachine } from '../../runtime/this-machine';
import { allowed, anywhere, localApi } from './local-api';

const here = openOutside({ publicBaseUrl: 'http://127.0.0.1:5', onlyThisMachine: true });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A mail host on this machine that notes who connects and what it takes. */
async function mailHost() {
  const seen = { connections: 0, mails: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_session, done) {
      seen.connections += 1;
      done();
    },
    onData(stream, _session, done) {
      seen.mails += 1;
      stream.resume().on('end', () => done());
    },
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (listener.address() as AddressInfo).port, seen };
}

const mailFrom = (account: EmailMessage['account']): EmailMessage => ({
  touchId: '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11',
  account,
  from: { address: 'anna@growth.example', name: null },
  to: 'jane@acme.example',
  subject: 'Hello',
  text: 'Hello',
  messageId: 'm@growth.example',
  references: [],
  unsubscribeUrl: 'https://engine.example/u/1',
});
const relayAt = (port: number) => ({ host: '127.0.0.1', port, username: null, password: null, secure: false });

describe('when nothing may leave this machine', () => {
  test("a mailbox's own host gets nothing, whatever its row says: the relay takes the mail", async () => {
    const [relay, own] = [await mailHost(), await mailHost()];
    const account = { host: '127.0.0.1', port: own.port, username: null, password: null };
    const send = async (outside = here) =>
      createProviders({ smtp: relayAt(relay.port) }, outside)
        .sender('email', 'smtp')
        .send(mailFrom(account), allowed);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect([relay.seen.mails, own.seen.connections]).toEqual([1, 0]);
    // The same mail in a run that may reach anything.
    expect(await send(anywhere())).toMatchObject({ kind: 'accepted' });
    expect([relay.seen.mails, own.seen.mails]).toEqual([1, 1]);
  });

  test('without a relay such a mailbox cannot send', async () => {
    const own = await mailHost();
    const account = { host: '127.0.0.1', port: own.port, username: null, password: null };
    const outcome = await createProviders({}, here).sender('email', 'smtp').send(mailFrom(account), allowed);
    expect(outcome).toEqual({ kind: 'rejected', retry: 'resource', error: 'not_configured' });
    expect(own.seen.connections).toBe(0);
  });

  test('a relay elsewhere is not connected to', async () => {
    const relay = { ...relayAt(25), host: 'mail.agency.example' };
    const outcome = await createProviders({ smtp: relay }, here).sender('email', 'smtp').send(mailFrom(null), allowed);
    expect(outcome).toEqual({ kind: 'rejected', retry: 'later', error: 'not_this_machine' });
  });

  test('an API elsewhere is certainly not asked, one here is', async () => {
    const api = await localApi(() => ({ status: 200, json: {} }));
    closers.push(api.close);
    const ask = (url: string) => here.exchange({ method: 'POST', url, timeoutMs: 2_000 });
    expect(await ask('https://api.twilio.example/')).toEqual({ kind: 'notConnected', error: 'not_this_machine' });
    expect(await ask(api.url)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('a redirect leads nowhere', async () => {
    const elsewhere = await localApi(() => ({ status: 200 }));
    const api = await localApi(() => ({ status: 307, headers: { location: elsewhere.url } }));
    closers.push(api.close, elsewhere.close);
    expect(await here.exchange({ method: 'POST', url: api.url, timeoutMs: 2_000 })).toMatchObject({ status: 307 });
    expect(elsewhere.seen).toHaveLength(0);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['127.0.0.1.agency.example', false],
  ['localhost.agency.example', false],
  ['128.0.0.1', false],
  ['', false],
])('%s is this machine: %s', (host, is) => {
  expect(isThisMachine(host)).toBe(is);
});
