import twilio, { type Twilio } from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import { config, jane, number, omar, secrets } from './support/settings';
import { openWorld, startOfRun, type TestWorld } from './support/world';

let open: TestWorld;

beforeEach(async () => {
  open = await openWorld(config());
});

afterEach(() => open.world.close());

/** Twilio's own client, sent to the simulator. */
function client(token = secrets.twilioAuthToken): Twilio {
  const httpClient = new RequestClient();
  const send = httpClient.request.bind(httpClient);
  httpClient.request = (options) =>
    send({ ...options, uri: options.uri.replace('https://api.twilio.com', open.httpUrl) });
  return twilio(secrets.twilioAccountSid, token, { httpClient });
}

const call = {
  to: jane.mobile,
  from: number,
  url: 'https://engine.example/webhooks/twilio/voice/twiml?touchId=touch-2',
  statusCallback: 'https://engine.example/webhooks/twilio/voice/status?touchId=touch-2',
  statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
  timeLimit: 120,
  timeout: 25,
};

test('a call is queued and written down with its touch and limits', async () => {
  const created = await client().calls.create(call);
  expect(created).toMatchObject({ status: 'queued', to: jane.mobile, from: number, startTime: null });
  expect(created.sid).toMatch(/^CA[0-9a-f]{32}$/);
  expect(created.dateCreated).toEqual(startOfRun);
  expect(open.outbox()).toEqual([
    expect.objectContaining({
      provider: 'twilio',
      operation: 'call',
      resource: number,
      recipient: jane.mobile,
      touchId: 'touch-2',
      outcome: 'accepted',
      detail: expect.objectContaining({ reference: created.sid, timeLimit: 120, timeout: 25 }) as object,
    }),
  ]);
});

test.each([
  ['a malformed number', { to: '+6149157' }, 21211],
  ['a foreign sender', { from: '+61255509999' }, 21210],
])("%s is refused with Twilio's code", async (_name, change, code) => {
  await expect(client().calls.create({ ...call, ...change })).rejects.toMatchObject({ status: 400, code });
  expect(open.outbox()).toEqual([
    expect.objectContaining({
      outcome: 'rejected',
      detail: expect.objectContaining({ error: String(code) }) as object,
    }),
  ]);
  expect(open.reactions).toEqual([]);
});

test('a wrong token is refused as Twilio does', async () => {
  await expect(client('wrong').calls.create(call)).rejects.toMatchObject({ status: 401, code: 20003 });
});

test('calls are listed for reconciling; a queued one has no start time and passes no filter by it', async () => {
  const { sid } = await client().calls.create(call);
  await client().calls.create({ ...call, to: omar.phone });
  const to = await client().calls.list({ to: jane.mobile, from: number });
  expect(to.map((found) => found.sid)).toEqual([sid]);
  const startTimeAfter = new Date(startOfRun.getTime() - 60_000);
  expect(await client().calls.list({ to: jane.mobile, startTimeAfter })).toEqual([]);
});

test('a call can be hung up once', async () => {
  const { sid } = await client().calls.create(call);
  const ended = await client().calls(sid).update({ status: 'completed' });
  expect(ended.status).toBe('completed');
  expect((await client().calls(sid).fetch()).status).toBe('completed');
  await expect(client().calls(sid).update({ status: 'completed' })).rejects.toMatchObject({ code: 21220 });
  await expect(client().calls('CA404').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
});

test('pages lead on to the next', async () => {
  for (let index = 0; index < 5; index++) await client().calls.create(call);
  expect(await client().calls.list({ to: jane.mobile, pageSize: 2 })).toHaveLength(5);
});
