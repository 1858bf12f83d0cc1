import { profileSlug, unipileNetworker } from '../../providers/unipile/client';
import type { Answer, LocalApi, SeenRequest } from './local-api';
import { anywhere, localApi, nobodyThere } from './local-api';

const since = new Date('2026-03-02T22:00:00Z');
const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const request = {
  touchId,
  accountId: 'seat-1',
  profileUrl: 'https://www.linkedin.com/in/jane-doe/?trk=x',
  note: 'Hello Jane',
};
const profile = { object: 'UserProfile', provider_id: 'ACoAAA1', network_distance: 'SECOND_DEGREE' };
const found: Answer = { status: 200, json: profile };
const refusedWith = (status: number, type: string): Answer => ({ status, json: { status, type, title: 'no' } });

let api: LocalApi;
afterEach(() => api.close());

async function apiThat(answers: { lookup?: Answer; invite?: Answer; sent?: (seen: SeenRequest) => Answer }) {
  api = await localApi((seen) => {
    if (seen.path === '/api/v1/users/invite') return answers.invite ?? { status: 201, json: { invitation_id: 'i-1' } };
    if (seen.path === '/api/v1/users/invite/sent') return answers.sent?.(seen) ?? { status: 200, json: { items: [] } };
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
  expect(await networker.send(request)).toEqual({ kind: 'accepted', reference: 'seat-1:ACoAAA1' });
  const [lookup, invite] = api.seen;
  expect(lookup?.path).toBe('/api/v1/users/jane-doe');
  expect(lookup?.query.get('account_id')).toBe('seat-1');
  expect(invite?.headers['x-api-key']).toBe('a-key');
  expect(invite?.headers['x-touch-id']).toBe(touchId);
  expect(JSON.parse(invite?.body ?? '')).toEqual({
    account_id: 'seat-1',
    provider_id: 'ACoAAA1',
    message: 'Hello Jane',
  });
});

describe('a refused invitation', () => {
  it.each([
    [401, 'errors/disconnected_account', 'resource', 'disconnected_account'],
    [403, 'errors/account_restricted', 'resource', 'account_restricted'],
    [422, 'errors/already_invited_recently', 'never', 'already_invited'],
    [422, 'errors/already_connected', 'never', 'already_connected'],
    [422, 'errors/cannot_resend_yet', 'later', 'cannot_resend_yet'],
    [422, 'errors/limit_exceeded', 'later', 'limit_exceeded'],
    [422, 'errors/invalid_recipient', 'never', 'invalid_recipient'],
    [422, 'errors/something_new', 'never', 'refused'],
    [429, 'errors/too_many_requests', 'later', 'too_many_requests'],
    [429, '', 'later', 'rate_limited'],
    [401, '', 'resource', 'authentication_failed'],
  ])('%i %s: %s', async (status, type, retry, error) => {
    const networker = await apiThat({ invite: refusedWith(status, type) });
    expect(await networker.send(request)).toMatchObject({ kind: 'rejected', retry, error });
  });

  it.each<[string, Answer]>([
    ['500', { status: 500 }],
    ['504', { status: 504, text: 'gateway' }],
    ['a reset connection', 'reset'],
    ['silence', 'hang'],
    ['an answer that is cut short', 'cutShort'],
  ])('%s: unknown', async (_name, invite) => {
    const networker = await apiThat({ invite });
    expect(await networker.send(request)).toMatchObject({ kind: 'unknown' });
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
    ['already connected', { status: 200, json: { ...profile, network_distance: 'FIRST_DEGREE' } }, 'never'],
    [
      'already invited',
      { status: 200, json: { ...profile, invitation: { type: 'SENT', status: 'PENDING' } } },
      'never',
    ],
  ])('%s', async (_name, lookup, retry) => {
    const networker = await apiThat({ lookup });
    expect(await networker.send(request)).toMatchObject({ kind: 'rejected', retry });
    expect(posts()).toHaveLength(0);
  });

  it('nobody listens', async () => {
    api = await localApi(() => 'hang');
    const networker = unipileNetworker({ baseUrl: await nobodyThere(), apiKey: 'a-key' }, anywhere());
    expect(await networker.send(request)).toMatchObject({ kind: 'rejected', retry: 'later' });
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
