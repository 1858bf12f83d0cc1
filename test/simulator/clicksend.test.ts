import { config, jane, number, only, secrets } from './support/settings';
import { openEngineSink, type EngineSink } from './support/engine-sink';
import { openWorld, startOfRun, type TestWorld } from './support/world';

let open: TestWorld;
let engine: EngineSink;

beforeEach(async () => {
  engine = await openEngineSink();
  open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(jane.email, 'smsStop') }));
});

afterEach(async () => {
  await open.world.close();
  await engine.close();
});

const message = {
  to: jane.mobile,
  from: number,
  body: 'Hi Jane',
  source: 'sdk',
  custom_string: 'touch-5',
  country: 'AU',
};

interface Answer {
  http_code: number;
  response_code: string;
  data: { messages: Record<string, unknown>[]; data: Record<string, unknown>[]; total: number } | null;
}

async function ask(path: string, body?: object, key = secrets.clicksendApiKey): Promise<Answer> {
  const response = await fetch(`${open.httpUrl}/v3${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Basic ${Buffer.from(`${secrets.clicksendUsername}:${key}`).toString('base64')}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = (await response.json()) as Answer;
  expect(response.status).toBe(answer.http_code);
  return answer;
}

test('a text is taken, written down and found again in the history by its custom string', async () => {
  const { data } = await ask('/sms/send', { messages: [message] });
  expect(data?.messages).toEqual([expect.objectContaining({ status: 'SUCCESS', custom_string: 'touch-5' })]);
  expect(open.outbox()).toEqual([
    expect.objectContaining({
      provider: 'clicksend',
      operation: 'sms',
      resource: number,
      recipient: jane.mobile,
      touchId: 'touch-5',
      detail: { reference: data?.messages[0]?.['message_id'], text: 'Hi Jane' },
    }),
  ]);
  const from = Math.floor(startOfRun.getTime() / 1_000);
  const found = await ask(`/sms/history?date_from=${from}&date_to=${from + 60}`);
  expect(found.data?.data).toEqual([expect.objectContaining({ custom_string: 'touch-5', status: 'SUCCESS' })]);
  expect((await ask(`/sms/history?date_from=${from + 1}&date_to=${from + 60}`)).data?.total).toBe(0);
});

test.each([
  ['INVALID_RECIPIENT', { to: '+6149157' }],
  ['INVALID_SENDER_ID', { from: '+61255509999' }],
  ['EMPTY_MESSAGE', { body: '' }],
])('%s hides in a 200', async (status, change) => {
  const {
    http_code: httpCode,
    response_code: code,
    data,
  } = await ask('/sms/send', { messages: [{ ...message, ...change }] });
  expect([httpCode, code]).toEqual([200, 'SUCCESS']);
  expect(data?.messages).toEqual([expect.objectContaining({ status })]);
  expect(open.outbox()).toEqual([
    expect.objectContaining({ outcome: 'rejected', detail: expect.objectContaining({ error: status }) as object }),
  ]);
  expect(open.reactions).toEqual([]);
});

test('a wrong key is refused with 401, a body without messages with 400', async () => {
  expect(await ask('/sms/send', { messages: [message] }, 'wrong')).toMatchObject({ http_code: 401, data: null });
  expect(await ask('/sms/send', {})).toMatchObject({ http_code: 400, response_code: 'BAD_REQUEST' });
});

test('receipt and STOP come back with the custom string', async () => {
  const { data } = await ask('/sms/send', { messages: [message] });
  await open.happen('delivered');
  await open.happen('smsStop');
  const [receipt, stop] = engine.received.map(({ path, body }) => ({ path, ...(JSON.parse(body) as object) }));
  const messageId = data?.messages[0]?.['message_id'];
  expect(receipt).toMatchObject({
    path: `/webhooks/clicksend/${secrets.clicksendWebhook}/receipts`,
    message_id: messageId,
    status_code: '201',
    custom_string: 'touch-5',
  });
  expect(stop).toMatchObject({
    path: `/webhooks/clicksend/${secrets.clicksendWebhook}/inbound`,
    from: jane.mobile,
    to: number,
    body: 'STOP',
    original_message_id: messageId,
    custom_string: 'touch-5',
  });
  expect(open.inbox().map(({ event, answeredStatus }) => [event, answeredStatus])).toEqual([
    ['delivered', 200],
    ['smsStop', 200],
  ]);
});
