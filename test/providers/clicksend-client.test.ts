import { clickSendSender } from '../../providers/clicksend/client';
import type { Answer, LocalApi } from './local-api';
import { allowed, anywhere, localApi, nobodyThere } from './local-api';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const request = { touchId, from: '+61255501234', to: '+61491570156', text: 'Hello', country: 'AU' };

let api: LocalApi;
afterEach(() => api.close());

async function sender(answer: Answer | ((page: string) => Answer)) {
  api = await localApi((seen) => (typeof answer === 'function' ? answer(seen.query.get('page') ?? '') : answer));
  return clickSendSender({ baseUrl: api.url, username: 'user', apiKey: 'a-key', timeoutMs: 300 }, anywhere());
}
const withStatus = (status: string): Answer => ({
  status: 200,
  json: { http_code: 200, response_code: 'SUCCESS', data: { messages: [{ message_id: 'M-1', status }] } },
});

it('sends one message that carries the touch', async () => {
  expect(await (await sender(withStatus('SUCCESS'))).send(request, allowed)).toEqual({
    kind: 'accepted',
    reference: 'M-1',
  });
  const [seen] = api.seen;
  expect(seen?.path).toBe('/v3/sms/send');
  expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from('user:a-key').toString('base64')}`);
  expect(JSON.parse(seen?.body ?? '')).toEqual({
    messages: [
      { to: request.to, from: request.from, body: 'Hello', source: 'sdk', custom_string: touchId, country: 'AU' },
    ],
  });
});

it.each([
  ['INVALID_RECIPIENT', 'never'],
  ['COUNTRY_NOT_ENABLED', 'never'],
  ['INSUFFICIENT_CREDIT', 'resource'],
  ['INVALID_SENDER_ID', 'resource'],
])('HTTP 200 that hides %s', async (status, retry) => {
  expect(await (await sender(withStatus(status))).send(request, allowed)).toEqual({
    kind: 'rejected',
    retry,
    error: status.toLowerCase(),
  });
});

it.each<[string, Answer, object]>([
  ['401', { status: 401 }, { kind: 'rejected', retry: 'resource' }],
  ['400', { status: 400 }, { kind: 'rejected', retry: 'never' }],
  ['429', { status: 429, headers: { 'retry-after': '5' } }, { kind: 'rejected', retry: 'later', retryAfterSeconds: 5 }],
  ['500', { status: 500 }, { kind: 'unknown' }],
  ['200 without messages', { status: 200, json: { data: {} } }, { kind: 'unknown' }],
  ['200 that is no JSON', { status: 200, text: 'fine' }, { kind: 'unknown' }],
  ['reset', 'reset', { kind: 'unknown' }],
  ['silence', 'hang', { kind: 'unknown', error: 'timed_out' }],
  ['cut short', 'cutShort', { kind: 'unknown' }],
])('%s', async (_name, answer, expected) => {
  expect(await (await sender(answer)).send(request, allowed)).toMatchObject(expected);
});

it('nobody listens: certainly not sent', async () => {
  await sender('hang');
  const lonely = clickSendSender({ baseUrl: await nobodyThere(), username: 'user', apiKey: 'a-key' }, anywhere());
  expect(await lonely.send(request, allowed)).toEqual({
    kind: 'rejected',
    retry: 'later',
    error: 'connection_refused',
    down: true,
  });
});

describe('finding a message in the history', () => {
  const history = (customStrings: string[], last = 1): Answer => ({
    status: 200,
    json: { data: { last_page: last, data: customStrings.map((custom_string) => ({ custom_string })) } },
  });
  const since = new Date('2026-03-02T22:00:00Z');

  it('by custom_string, on a later page', async () => {
    const one = await sender((page) => (page === '2' ? history(['other', touchId], 2) : history(['other'], 2)));
    expect(await one.find(request, since)).toBe('found');
    expect(Number(api.seen[0]?.query.get('date_from'))).toBeLessThanOrEqual(since.getTime() / 1000);
    expect(Number(api.seen[0]?.query.get('date_to'))).toBeGreaterThan(since.getTime() / 1000);
  });
  it('nowhere: absent', async () => {
    expect(await (await sender(history(['other']))).find(request, since)).toBe('absent');
  });
  const page = (data: object[], rest: object = { last_page: 1 }): Answer => ({
    status: 200,
    json: { data: { ...rest, data } },
  });
  it.each<[string, Answer | ((page: string) => Answer), string]>([
    ['an error', { status: 500 }, 'unknown'],
    ['a second page that fails', (at) => (at === '1' ? history(['other'], 2) : 'reset'), 'unknown'],
    ['HTML', { status: 200, text: '<html></html>' }, 'unknown'],
    ['a history that never ends', history(['other'], 9_999), 'unknown'],
    ['a page that does not say whether it is the last', page([{ custom_string: 'other' }], {}), 'absent'],
    ['and one that is full', page(Array<object>(100).fill({ custom_string: 'other' }), {}), 'unknown'],
    ['one to this person without a string', page([{ to: request.to, custom_string: '' }]), 'unknown'],
    ['one to somebody else without a string', page([{ to: '+61491570157' }]), 'absent'],
  ])('%s: %s', async (_name, answer, outcome) => {
    expect(await (await sender(answer)).find(request, since)).toBe(outcome);
  });
});
