import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { sendTimes } from '../../domain/send-times';
import { clickSendSender } from '../../providers/clicksend/client';
import { sendTimeoutMs } from '../../providers/http-exchange';
import type { Permit, SendOutcome } from '../../providers/ports';
import { smtpSender } from '../../providers/smtp/client';
import { twilioCaller } from '../../providers/twilio/client';
import { unipileNetworker } from '../../providers/unipile/client';
import { permitForBoth } from '../../providers/unipile/exchange';
import { allowed, anywhere, localApi, nobodyThere, refused, type LocalApi } from './local-api';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const call = { touchId, from: '+61255501234', to: '+61491570006', timeLimitSeconds: 120, ringSeconds: 30 };
const sms = { touchId, from: '+61255501234', to: '+61491570006', text: 'Hello', country: 'AU' };
const linkedin = { touchId, accountId: 'seat-1', profileUrl: 'https://www.linkedin.com/in/jane-doe' };
const invitation = { form: 'invitation', note: 'Hello', ...linkedin } as const;
const mail = {
  touchId,
  account: null,
  from: { address: 'anna@growth.example', name: 'Anna' },
  to: 'jane@acme.example',
  subject: 'A question',
  text: 'Hello Jane',
  messageId: `${touchId}@growth.example`,
  references: [],
  unsubscribeUrl: 'https://engine.example/u/token',
};
const leaseOver = { kind: 'rejected', retry: 'later', error: 'lease_over' };

/** What a client does with a permit, at a provider on this machine. */
type Send = (url: string, permit: Permit) => Promise<SendOutcome>;
const twilio: Send = (baseUrl, permit) =>
  twilioCaller({ baseUrl, accountSid: 'AC1', authToken: 't', timeoutMs: 400 }, anywhere()).send(call, permit);
const clickSend: Send = (baseUrl, permit) =>
  clickSendSender({ baseUrl, username: 'u', apiKey: 'k', timeoutMs: 400 }, anywhere()).send(sms, permit);
const unipile =
  (look: boolean): Send =>
  (baseUrl, permit) =>
    unipileNetworker({ baseUrl, apiKey: 'k', lookupTimeoutMs: 400, inviteTimeoutMs: 400 }, anywhere()).send(
      { ...invitation, look },
      permit,
    );
const overHttp: [string, Send][] = [
  ['Twilio', twilio],
  ['ClickSend', clickSend],
  ['Unipile, unseen', unipile(false)],
  ['Unipile, with a look', unipile(true)],
];

let api: LocalApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

/** Accepts everything; a profile is a stranger's. */
async function acceptingApi(): Promise<LocalApi> {
  api = await localApi(({ method }) =>
    method === 'GET'
      ? { status: 200, json: { provider_id: 'ACo1', network_distance: 'SECOND_DEGREE' } }
      : { status: 200, json: { sid: 'CA1', data: { messages: [{ status: 'SUCCESS', message_id: 'm' }] } } },
  );
  return api;
}

/** What the person would see: everything but a look-up that they do not notice. */
const visible = ({ seen }: LocalApi) => seen.filter(({ method, query }) => method === 'POST' || query.has('notify'));

describe.each(overHttp)('%s', (_, send) => {
  it('without its permit sends nothing, and says that nothing was sent', async () => {
    const { url } = await acceptingApi();
    expect(await send(url, refused)).toEqual(leaseOver);
    expect(visible(api!)).toEqual([]);
  });

  it('asks once, when all before it has gone well and nothing has left', async () => {
    const { url } = await acceptingApi();
    const visibleWhenAsked: number[] = [];
    const outcome = await send(url, () => {
      visibleWhenAsked.push(visible(api!).length);
      return allowed();
    });
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(visibleWhenAsked).toEqual([0]);
  });

  it('does not ask when nobody listens', async () => {
    const permit = jest.fn(allowed);
    expect(await send(await nobodyThere(), permit)).toMatchObject({ kind: 'rejected', error: 'connection_refused' });
    expect(permit).not.toHaveBeenCalled();
  });

  it('takes a permit that fails for one that was refused', async () => {
    const { url } = await acceptingApi();
    expect(await send(url, () => Promise.reject(new Error('no database')))).toEqual(leaseOver);
    expect(visible(api!)).toEqual([]);
  });

  it('sends nothing with a permit that comes when its bound is over', async () => {
    const { url } = await acceptingApi();
    let answer = (_: boolean): void => undefined;
    const late = new Promise<boolean>((resolve) => (answer = resolve));
    expect(await send(url, () => late)).toMatchObject({ kind: 'rejected', retry: 'later', error: 'timed_out' });
    answer(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(visible(api!)).toEqual([]);
  });

  it('gives its provider the whole bound from the permit on', async () => {
    api = await localApi(({ method, query }) => {
      if (method === 'POST' || query.has('notify')) return 'hang';
      return { status: 200, json: { provider_id: 'ACo1', network_distance: 'SECOND_DEGREE' } };
    });
    let askedAt = 0;
    await send(api.url, async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      askedAt = performance.now();
      return true;
    });
    expect(performance.now() - askedAt).toBeGreaterThan(390);
  });
});

describe('a look and an invitation', () => {
  it('have one mark', async () => {
    const { url } = await acceptingApi();
    const permit = jest.fn(allowed);
    expect(await unipile(true)(url, permit)).toMatchObject({ kind: 'accepted' });
    expect(permit).toHaveBeenCalledTimes(1);
    expect(visible(api!)).toHaveLength(2);
  });

  it('a second request that would come too long after the mark does not leave', async () => {
    const later = jest.spyOn(performance, 'now');
    const permit = permitForBoth(allowed);
    later.mockReturnValue(1_000);
    expect(await permit()).toBe(true);
    later.mockReturnValue(9_000);
    expect(await permit()).toBe(true);
    later.mockReturnValue(9_001);
    expect(await permit()).toBe(false);
    later.mockRestore();
  });
});

describe('SMTP', () => {
  const received: string[] = [];
  let server: SMTPServer;
  let port: number;
  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          received.push(text);
          done();
        });
      },
    });
    server.on('error', () => undefined);
    port = await new Promise((resolve) => {
      const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
    });
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  beforeEach(() => void received.splice(0));

  const relay = () => ({ host: '127.0.0.1', port, username: null, password: null, secure: false });
  const send = (permit: Permit, bounds: object = {}, to = mail.to) =>
    smtpSender({ ...relay(), ...bounds }, anywhere()).send({ ...mail, to }, permit);
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 100));

  it('without its permit not a byte of the mail leaves, and no empty mail either', async () => {
    expect(await send(refused)).toEqual(leaseOver);
    await aMoment();
    expect(received).toEqual([]);
  });

  it('asks when the server has said 354: once, and never for a recipient that is refused', async () => {
    const permit = jest.fn(allowed);
    expect(await send(permit)).toMatchObject({ kind: 'accepted' });
    expect(permit).toHaveBeenCalledTimes(1);
    expect(received).toHaveLength(1);
    expect(await send(permit, {}, 'not an address')).toMatchObject({ kind: 'rejected', retry: 'never' });
    expect(permit).toHaveBeenCalledTimes(1);
  });

  it('a permit that comes when the bound is over sends nothing; one that fails is refused', async () => {
    let answer = (_: boolean): void => undefined;
    const late = new Promise<boolean>((resolve) => (answer = resolve));
    expect(await send(() => late, { totalTimeoutMs: 300 })).toMatchObject({ kind: 'rejected', error: 'timed_out' });
    answer(true);
    expect(await send(() => Promise.reject(new Error('no database')))).toEqual(leaseOver);
    await aMoment();
    expect(received).toEqual([]);
  });
});

it('no client takes longer from its permit on than a lease allows', () => {
  expect(sendTimeoutMs).toBeLessThanOrEqual(sendTimes.answerMs);
});
