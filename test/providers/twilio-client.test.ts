import type { SendOutcome } from '../../providers/ports';
import { twilioCaller } from '../../providers/twilio/client';
import type { Answer, LocalApi } from './local-api';
import { allowed, anywhere, localApi, nobodyThere } from './local-api';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const request = { touchId, from: '+61255501234', to: '+61491570156', timeLimitSeconds: 120, ringSeconds: 25 };
const accountSid = `AC${'0'.repeat(32)}`;

let api: LocalApi;
afterEach(() => api.close());

async function callWith(answer: Answer, timeoutMs = 5_000): Promise<SendOutcome> {
  api = await localApi(() => answer);
  return caller(api.url, timeoutMs).send(request, allowed);
}
const caller = (baseUrl: string, timeoutMs = 5_000) =>
  twilioCaller({ baseUrl, accountSid, authToken: 'a-token', timeoutMs }, anywhere('https://engine.example/'));

it('places a call with the two-minute limit and the touch in its callbacks', async () => {
  const outcome = await callWith({ status: 201, json: { sid: 'CA123', status: 'queued' } });
  expect(outcome).toEqual({ kind: 'accepted', reference: 'CA123' });
  const [seen] = api.seen;
  expect(seen?.method).toBe('POST');
  expect(seen?.path).toBe(`/2010-04-01/Accounts/${accountSid}/Calls.json`);
  expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:a-token`).toString('base64')}`);
  expect(Object.fromEntries(seen?.form ?? [])).toMatchObject({
    To: '+61491570156',
    From: '+61255501234',
    TimeLimit: '120',
    Timeout: '25',
    Url: `https://engine.example/webhooks/twilio/voice/twiml?touchId=${touchId}`,
    StatusCallback: `https://engine.example/webhooks/twilio/voice/status?touchId=${touchId}`,
  });
  expect(seen?.form.getAll('StatusCallbackEvent')).toEqual(['initiated', 'ringing', 'answered', 'completed']);
});

describe('what an answer proves', () => {
  it.each([
    [400, 21211, 'never', 'invalid_recipient'],
    [400, 21214, 'never', 'invalid_recipient'],
    [400, 21215, 'never', 'recipient_not_permitted'],
    [400, 21216, 'never', 'recipient_blocked'],
    [400, 21217, 'never', 'invalid_recipient'],
    [400, 21212, 'resource', 'invalid_number'],
    [400, 99999, 'never', 'refused'],
    [401, 20003, 'resource', 'authentication_failed'],
    [401, 0, 'resource', 'authentication_failed'],
    [429, 20429, 'later', 'rate_limited'],
    [429, 0, 'later', 'rate_limited'],
  ])('%i with code %i: %s', async (status, code, retry, error) => {
    const outcome = await callWith({ status, json: { code, message: 'no', status } });
    expect(outcome).toMatchObject({ kind: 'rejected', retry, error });
  });

  it('waits as long as Retry-After says', async () => {
    const outcome = await callWith({ status: 429, json: { code: 20429 }, headers: { 'retry-after': '17' } });
    expect(outcome).toMatchObject({ retry: 'later', retryAfterSeconds: 17 });
  });

  it('asks once only, also after 429', async () => {
    await callWith({ status: 429, json: { code: 20429 } });
    expect(api.seen).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['500', { status: 500, json: { code: 20500 } }],
    ['503', { status: 503, text: '<html>busy</html>' }],
    ['408', { status: 408 }],
    ['a reset connection', 'reset'],
    ['an answer that is cut short', 'cutShort'],
    ['a success that is no JSON', { status: 201, text: 'created' }],
  ])('%s: unknown', async (_name, answer) => {
    expect(await callWith(answer)).toMatchObject({ kind: 'unknown' });
  });

  it('silence: unknown, within the bound', async () => {
    const before = performance.now();
    expect(await callWith('hang', 200)).toEqual({ kind: 'unknown', error: 'timed_out' });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('a refused connection: certainly not sent', async () => {
    api = await localApi(() => 'hang');
    expect(await caller(await nobodyThere()).send(request, allowed)).toEqual({
      kind: 'rejected',
      retry: 'later',
      error: 'connection_refused',
      down: true,
    });
  });
});

describe('finding a call', () => {
  const since = new Date('2026-03-02T22:00:00Z');
  const call = (change: object = {}) => ({
    sid: 'CA1',
    to: request.to,
    from: request.from,
    direction: 'outbound-api',
    date_created: 'Mon, 02 Mar 2026 22:00:05 +0000',
    ...change,
  });
  const createdAt = (seconds: number) => ({ date_created: new Date(since.getTime() + seconds * 1000).toUTCString() });
  type Page = Answer | ((page: string | null) => Answer);
  const find = async (calls: object[] | Page) => {
    const list = (all: object[]): Answer => ({ status: 200, json: { calls: all, next_page_uri: null } });
    api = await localApi(({ query }) =>
      Array.isArray(calls) ? list(calls) : typeof calls === 'function' ? calls(query.get('Page')) : calls,
    );
    return caller(api.url, 500).find(request, since);
  };

  it('asks for every call to that person, also those that have not started', async () => {
    expect(await find([call()])).toBe('found');
    expect(Object.fromEntries(api.seen[0]?.query ?? [])).toEqual({
      To: '+61491570156',
      From: '+61255501234',
      PageSize: '1000',
    });
  });
  it.each<[string, object[], string]>([
    ['none', [], 'absent'],
    ['one that waits in the queue', [call({ start_time: null, status: 'queued' })], 'found'],
    ['one as far as clocks may differ', [call(createdAt(-60))], 'found'],
    ['one of an earlier touch', [call(createdAt(-121))], 'absent'],
    ['one of the next touch', [call(createdAt(120))], 'absent'],
    ['one without a date of creation', [call({ date_created: null, start_time: createdAt(9).date_created })], 'found'],
    ['one without any date', [call({ date_created: null })], 'unknown'],
    ['one that they made', [call({ direction: 'inbound' })], 'absent'],
    ['one to somebody else', [call({ to: '+61491570157' })], 'absent'],
  ])('%s: %s', async (_name, calls, outcome) => {
    expect(await find(calls)).toBe(outcome);
  });

  const page = (calls: object[], next: string | null): Answer => ({
    status: 200,
    json: { calls, next_page_uri: next },
  });
  it('on a later page', async () => {
    const second = '/2010-04-01/Accounts/AC0/Calls.json?Page=1';
    expect(await find((at) => (at === '1' ? page([call()], null) : page([call(createdAt(-9_999))], second)))).toBe(
      'found',
    );
  });
  it.each<[string, Page]>([
    ['no answer', 'reset'],
    ['an error', { status: 500 }],
    ['HTML', { status: 200, text: '<html></html>' }],
    ['a list without calls', { status: 200, json: {} }],
    ['a second page that fails', (at) => (at === '1' ? 'reset' : page([], '/x?Page=1'))],
    ['a list that never ends', () => page([], '/x?Page=1')],
    ['a next page elsewhere', () => page([], 'https://elsewhere.example/x')],
  ])('%s: unknown', async (_name, answer) => {
    expect(await find(answer)).toBe('unknown');
  });
});
