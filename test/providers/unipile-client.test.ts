import { unipileNetworker } from '../../providers/unipile/client';
import { profileSlug } from '../../providers/unipile/profile';
import type { Answer, LocalApi, SeenRequest } from './local-api';
import { allowed, anywhere, localApi, nobodyThere } from './local-api';

const since = new Date('2026-03-02T22:00:00Z');
const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const request = {
  form: 'invitation' as const,
  look: true,
  touchId,
  accountId: 'seat-1',
  profileUrl: 'https://www.linkedin.com/in/jane-doe/?trk=x',
  note: 'Hello Jane',
};
const profile = { object: 'UserProfile', provider_id: 'ACoAAA1', network_distance: 'SECOND_DEGREE' };
const found: Answer = { status: 200, json: profile };
const refusedWith = (status: number, type: string): Exclude<Answer, string> => ({
  status,
  json: { status, type, title: 'no' },
});

let api: LocalApi;
afterEach(() => api.close());

async function apiThat(answers: {
  lookup?: Answer;
  invite?: Answer;
  chat?: Answer;
  sent?: (seen: SeenRequest) => Answer;
  messages?: (seen: SeenRequest) => Answer;
}) {
  api = await localApi((seen) => {
    if (seen.path === '/api/v1/users/invite') return answers.invite ?? { status: 201, json: { invitation_id: 'i-1' } };
    if (seen.path === '/api/v1/users/invite/sent') return answers.sent?.(seen) ?? { status: 200, json: { items: [] } };
    if (seen.path === '/api/v1/chats') return answers.chat ?? { status: 201, json: { message_id: 'm-1' } };
    if (seen.path.endsWith('/messages')) return answers.messages?.(seen) ?? { status: 200, json: { items: [] } };
    return answers.lookup ?? found;
  });
  return unipileNetworker(
    { baseUrl: api.url, apiKey: 'a-key', lookupTimeoutMs: 300, inviteTimeoutMs: 300 },
    anywhere(),
  );
}
const posts = () => api.seen.filter((seen) => seen.method === 'POST');

it('looks the person up and invites them, with seat and person as reference', async () => {
  const networker = await apiThat({});
  expect(await networker.send(request, allowed)).toEqual({ kind: 'accepted', reference: 'seat-1:ACoAAA1' });
  const [lookup, invite] = api.seen;
  expect(lookup?.path).toBe('/api/v1/users/jane-doe');
  expect(lookup?.query.get('account_id')).toBe('seat-1');
  expect(lookup?.query.get('notify')).toBe('true');
  expect(invite?.headers['x-api-key']).toBe('a-key');
  expect(invite?.headers['x-touch-id']).toBe(touchId);
  expect(JSON.parse(invite?.body ?? '')).toEqual({
    account_id: 'seat-1',
    provider_id: 'ACoAAA1',
    message: 'Hello Jane',
  });
});

it('does not look again at a profile that was looked at before', async () => {
  const networker = await apiThat({});
  await networker.send({ ...request, look: false }, allowed);
  expect(api.seen[0]?.query.has('notify')).toBe(false);
});

describe('a throttled seat rests as long as the provider says', () => {
  it.each<[string, Answer, number | undefined]>([
    ['Retry-After', { ...refusedWith(422, 'errors/limit_exceeded'), headers: { 'retry-after': '7200' } }, 7_200],
    ['a day where it says nothing', refusedWith(422, 'errors/cannot_resend_yet'), 86_400],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '600' } }, 600],
    [
      'until a person has looked',
      { ...refusedWith(403, 'errors/account_restricted'), headers: { 'retry-after': '60' } },
      undefined,
    ],
  ])('%s', async (_name, invite, retryAfterSeconds) => {
    const networker = await apiThat({ invite });
    const outcome = await networker.send(request, allowed);
    // The profile was looked at before the seat was stopped.
    expect(outcome).toMatchObject({ kind: 'rejected', retry: 'rest', looked: true });
    expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(retryAfterSeconds);
  });
});

describe('a profile view is counted when it may have been made', () => {
  it.each<[string, Answer, boolean]>([
    ['connected', { status: 200, json: { ...profile, network_distance: 'FIRST_DEGREE' } }, true],
    ['silence', 'hang', true],
    ['500', { status: 500 }, true],
    ['404', { status: 404 }, false],
    ['a throttled look', { status: 429, headers: { 'retry-after': '60' } }, false],
  ])('%s: %s', async (_name, lookup, looked) => {
    const outcome = await (await apiThat({ lookup })).send(request, allowed);
    expect(outcome.kind === 'rejected' && outcome.looked === true).toBe(looked);
    await api.close();
    const unseen = await (await apiThat({ lookup })).send({ ...request, look: false }, allowed);
    expect(unseen.kind === 'rejected' && unseen.looked === true).toBe(false);
  });
});

describe('a message to a connection', () => {
  const message = {
    form: 'message' as const,
    touchId,
    accountId: 'seat-1',
    profileUrl: 'jane-doe',
    text: 'Hello\nJane',
  };
  const connected: Answer = { status: 200, json: { ...profile, network_distance: 'FIRST_DEGREE' } };

  it('is a form of its own, after a look that nobody sees', async () => {
    const networker = await apiThat({ lookup: connected });
    expect(await networker.send(message, allowed)).toEqual({ kind: 'accepted', reference: 'seat-1:ACoAAA1' });
    const [lookup, chat] = api.seen;
    expect(lookup?.query.has('notify')).toBe(false);
    expect(chat?.headers['content-type']).toMatch(/^multipart\/form-data/);
    for (const part of ['account_id', 'seat-1', 'attendees_ids', 'ACoAAA1', 'Hello']) {
      expect(chat?.body).toContain(part);
    }
  });

  it('is none to somebody who is no connection', async () => {
    const stranger = { kind: 'rejected', retry: 'later', error: 'not_connected', network: 'strangers' };
    expect(await (await apiThat({})).send(message, allowed)).toMatchObject(stranger);
    expect(posts()).toHaveLength(0);
    await api.close();
    const chat = refusedWith(422, 'errors/no_connection_with_recipient');
    expect(await (await apiThat({ lookup: connected, chat })).send(message, allowed)).toMatchObject(stranger);
  });

  it.each<[string, Answer, object]>([
    ['500', { status: 500 }, { kind: 'unknown' }],
    ['a reset connection', 'reset', { kind: 'unknown' }],
    ['silence', 'hang', { kind: 'unknown' }],
    ['the limit', refusedWith(422, 'errors/limit_exceeded'), { kind: 'rejected', retry: 'rest' }],
    ['an unknown person', refusedWith(422, 'errors/invalid_recipient'), { kind: 'rejected', retry: 'never' }],
  ])('%s', async (_name, chat, outcome) => {
    expect(await (await apiThat({ lookup: connected, chat })).send(message, allowed)).toMatchObject(outcome);
  });

  describe('is found in what the two have written', () => {
    const said = { is_sender: 1, text: 'Hello Jane ', timestamp: '2026-03-02T22:00:03Z' };
    it.each<[string, object[], string]>([
      ['by its words', [{ ...said, is_sender: 0 }, said], 'found'],
      ['not by theirs', [{ ...said, is_sender: 0 }], 'absent'],
      ['not by other words', [{ ...said, text: 'Hello Joe' }], 'absent'],
      ['not by an earlier one', [{ ...said, timestamp: '2026-03-01T22:00:03Z' }], 'absent'],
      ['nor by one without a time', [{ ...said, timestamp: null }], 'absent'],
    ])('%s', async (_name, items, answer) => {
      const networker = await apiThat({ lookup: connected, messages: () => ({ status: 200, json: { items } }) });
      expect(await networker.find(message, since)).toBe(answer);
      expect(api.seen.at(-1)?.path).toBe('/api/v1/chat_attendees/ACoAAA1/messages');
    });
    it('and unknown when the list does not answer', async () => {
      const networker = await apiThat({ lookup: connected, messages: () => ({ status: 404 }) });
      expect(await networker.find(message, since)).toBe('unknown');
    });
  });
});

describe('a refused invitation', () => {
  it.each([
    [401, 'errors/disconnected_account', 'resource', 'disconnected_account'],
    [403, 'errors/account_restricted', 'rest', 'account_restricted'],
    [422, 'errors/already_invited_recently', 'later', 'already_invited'],
    [422, 'errors/already_connected', 'later', 'already_connected'],
    [422, 'errors/cannot_resend_yet', 'rest', 'cannot_resend_yet'],
    [422, 'errors/limit_exceeded', 'rest', 'limit_exceeded'],
    [422, 'errors/invalid_recipient', 'never', 'invalid_recipient'],
    [422, 'errors/something_new', 'never', 'refused'],
    [429, 'errors/too_many_requests', 'later', 'too_many_requests'],
    [429, '', 'later', 'rate_limited'],
    [401, '', 'resource', 'authentication_failed'],
  ])('%i %s: %s', async (status, type, retry, error) => {
    const networker = await apiThat({ invite: refusedWith(status, type) });
    expect(await networker.send(request, allowed)).toMatchObject({ kind: 'rejected', retry, error });
  });

  it.each<[string, Answer]>([
    ['500', { status: 500 }],
    ['504', { status: 504, text: 'gateway' }],
    ['a reset connection', 'reset'],
    ['silence', 'hang'],
    ['an answer that is cut short', 'cutShort'],
  ])('%s: unknown', async (_name, invite) => {
    const networker = await apiThat({ invite });
    expect(await networker.send(request, allowed)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a failed look-up sends nothing, so nothing is unknown', () => {
  it.each<[string, Answer, string]>([
    ['404', { status: 404 }, 'never'],
    ['invalid recipient', refusedWith(422, 'errors/invalid_recipient'), 'never'],
    ['seat out', refusedWith(401, 'errors/disconnected_account'), 'resource'],
    ['429', { status: 429 }, 'later'],
    ['500', { status: 500 }, 'later'],
    ['reset', 'reset', 'later'],
    ['silence', 'hang', 'later'],
    ['no profile in the answer', { status: 200, json: {} }, 'later'],
    ['already connected', { status: 200, json: { ...profile, network_distance: 'FIRST_DEGREE' } }, 'later'],
    [
      'already invited',
      { status: 200, json: { ...profile, invitation: { type: 'SENT', status: 'PENDING' } } },
      'later',
    ],
  ])('%s', async (_name, lookup, retry) => {
    const networker = await apiThat({ lookup });
    expect(await networker.send(request, allowed)).toMatchObject({ kind: 'rejected', retry });
    expect(posts()).toHaveLength(0);
  });

  it('nobody listens', async () => {
    api = await localApi(() => 'hang');
    const networker = unipileNetworker({ baseUrl: await nobodyThere(), apiKey: 'a-key' }, anywhere());
    expect(await networker.send(request, allowed)).toMatchObject({ kind: 'rejected', retry: 'later' });
  });
});

describe('finding an invitation', () => {
  const page = (items: object[], cursor: string | null = null): Answer => ({ status: 200, json: { items, cursor } });

  it('on a later page: found', async () => {
    const networker = await apiThat({
      sent: ({ query }) =>
        query.get('cursor') === 'p2' ? page([{ invited_user_id: 'ACoAAA1' }]) : page([{ invited_user_id: 'x' }], 'p2'),
    });
    expect(await networker.find(request, since)).toBe('found');
  });
  it('nowhere: absent', async () => {
    expect(await (await apiThat({})).find(request, since)).toBe('absent');
  });
  it('nowhere, but connected by now: unknown', async () => {
    const lookup: Answer = { status: 200, json: { ...profile, network_distance: 'FIRST_DEGREE' } };
    expect(await (await apiThat({ lookup })).find(request, since)).toBe('unknown');
  });
  it('the list does not answer: unknown', async () => {
    expect(await (await apiThat({ sent: () => 'reset' })).find(request, since)).toBe('unknown');
  });
  it('the list never ends: unknown', async () => {
    expect(await (await apiThat({ sent: () => page([], 'again') })).find(request, since)).toBe('unknown');
  });
});

it.each([
  ['https://www.linkedin.com/in/jane-doe', 'jane-doe'],
  ['http://linkedin.com/in/jane-doe/', 'jane-doe'],
  ['au.linkedin.com/in/jane-doe?x=1', 'jane-doe'],
  ['https://www.linkedin.com/in/j%C3%BCrgen', 'jürgen'],
  ['ACoAAA1', 'ACoAAA1'],
  ['https://www.linkedin.com/company/acme', null],
  ['https://elsewhere.example/in/jane', null],
  ['', null],
])('profile slug of %s', async (url, slug) => {
  api = await localApi(() => 'hang');
  expect(profileSlug(url)).toBe(slug);
});
