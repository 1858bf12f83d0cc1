import { config, jane, omar, only, seat, secrets } from './support/settings';
import { openEngineSink, type EngineSink } from './support/engine-sink';
import { openWorld, type TestWorld } from './support/world';

let open: TestWorld;
let engine: EngineSink;

beforeEach(async () => {
  engine = await openEngineSink();
  open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(jane.email, 'reply') }));
});

afterEach(async () => {
  await open.world.close();
  await engine.close();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}, key = secrets.unipileApiKey): Promise<Answer> {
  const headers = {
    'X-API-KEY': key,
    'X-Touch-Id': 'touch-3',
    ...(init.headers as Record<string, string> | undefined),
  };
  const response = await fetch(`${open.httpUrl}/api/v1${path}`, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function lookUp(slug = 'jane-doe-example-1'): Promise<Answer> {
  return ask(`/users/${slug}?account_id=${seat}`);
}

async function invite(providerId: unknown, changes: Record<string, unknown> = {}): Promise<Answer> {
  const body = JSON.stringify({ account_id: seat, provider_id: providerId, message: 'Hello Jane', ...changes });
  return ask('/users/invite', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

test('a profile is looked up by its public identifier and an invitation is sent to it', async () => {
  const { body: profile } = await lookUp();
  expect(profile).toMatchObject({ object: 'UserProfile', first_name: 'Jane', network_distance: 'THIRD_DEGREE' });
  const { status, body } = await invite(profile['provider_id']);
  expect({ status, object: body['object'] }).toEqual({ status: 201, object: 'UserInvitationSent' });
  expect(open.outbox().map(({ operation, recipient, touchId }) => ({ operation, recipient, touchId }))).toEqual([
    { operation: 'lookup', recipient: jane.linkedinUrl, touchId: 'touch-3' },
    { operation: 'invite', recipient: jane.linkedinUrl, touchId: 'touch-3' },
  ]);
  expect(open.outbox()[1]).toMatchObject({
    provider: 'unipile',
    resource: seat,
    outcome: 'accepted',
    detail: { text: 'Hello Jane', reference: body['invitation_id'] },
  });
});

test('a visible profile view is a view', async () => {
  await ask(`/users/jane-doe-example-1?account_id=${seat}&notify=true`);
  expect(open.outbox()).toEqual([expect.objectContaining({ operation: 'view', recipient: jane.linkedinUrl })]);
});

test('refusals bear the types that Unipile documents', async () => {
  const { body: profile } = await lookUp();
  const id = profile['provider_id'];
  const typeOf = async (answer: Promise<Answer>): Promise<unknown[]> => {
    const { status, body } = await answer;
    return [status, body['type']];
  };
  expect(await typeOf(lookUp('nobody'))).toEqual([422, 'errors/invalid_recipient']);
  expect(await typeOf(invite('ACoAAnobody'))).toEqual([422, 'errors/invalid_recipient']);
  expect(await typeOf(invite(id, { message: 'x'.repeat(301) }))).toEqual([400, 'errors/too_many_characters']);
  expect(await typeOf(invite(id, { account_id: 'seat-9' }))).toEqual([404, 'errors/resource_not_found']);
  expect(await typeOf(ask(`/users/x?account_id=${seat}`, {}, 'wrong'))).toEqual([401, 'errors/invalid_credentials']);
  expect((await invite(id)).status).toBe(201);
  expect(await typeOf(invite(id))).toEqual([422, 'errors/already_invited_recently']);
  expect(open.outbox().filter(({ outcome }) => outcome === 'rejected')).toHaveLength(6);
});

test('a pending invitation is listed until it is accepted; then the two are connected and may write', async () => {
  const { body: profile } = await lookUp();
  const form = (): FormData => {
    const fields = new FormData();
    fields.append('account_id', seat);
    fields.append('attendees_ids', String(profile['provider_id']));
    fields.append('text', 'Thank you');
    return fields;
  };
  expect(await ask('/chats', { method: 'POST', body: form() })).toMatchObject({ status: 422 });
  await invite(profile['provider_id']);
  const sent = await ask(`/users/invite/sent?account_id=${seat}`);
  expect(sent.body).toMatchObject({ items: [{ invited_user_public_id: 'jane-doe-example-1' }], cursor: null });

  expect(await open.happen('inviteAccepted')).toBe(false);
  expect((await ask(`/users/invite/sent?account_id=${seat}`)).body['items']).toEqual([]);
  expect((await ask(`/users/relations?account_id=${seat}`)).body['items']).toHaveLength(1);
  expect((await lookUp()).body).toMatchObject({ network_distance: 'FIRST_DEGREE' });
  expect((await invite(profile['provider_id'])).body['type']).toBe('errors/already_connected');
  expect(await ask('/chats', { method: 'POST', body: form() })).toMatchObject({
    status: 201,
    body: { object: 'ChatStarted' },
  });
  expect(open.outbox().at(-1)).toMatchObject({ operation: 'message', recipient: jane.linkedinUrl });
});

describe('LinkedIn as it begins, and as it throttles', () => {
  const refused = async (answer: Promise<Answer>): Promise<unknown[]> => {
    const { status, body } = await answer;
    return [status, body['type']];
  };

  async function reopen(linkedin: NonNullable<Parameters<typeof config>[0]>['linkedin']): Promise<void> {
    await open.world.close();
    open = await openWorld(config({ linkedin, prospects: only(jane.email, 'none') }));
  }

  test('connections and pending invitations are there, by address or profile', async () => {
    await reopen({
      connections: [{ seat, person: jane.email }],
      invitations: [{ seat, person: omar.linkedinUrl }],
    });
    expect((await lookUp()).body).toMatchObject({ network_distance: 'FIRST_DEGREE', is_relationship: true });
    const { body: invited } = await lookUp('omar-example-2');
    expect(invited).toMatchObject({ invitation: { type: 'SENT', status: 'PENDING' } });
    expect(await refused(invite(invited['provider_id']))).toEqual([422, 'errors/already_invited_recently']);
  });

  test('what a seat wrote is listed with the person, and with nobody else', async () => {
    await reopen({ connections: [{ seat, person: jane.email }] });
    const { body: profile } = await lookUp();
    const form = new FormData();
    for (const [name, value] of [
      ['account_id', seat],
      ['attendees_ids', String(profile['provider_id'])],
      ['text', 'Hello Jane'],
    ] as const) {
      form.append(name, value);
    }
    expect((await ask('/chats', { method: 'POST', body: form })).status).toBe(201);
    const messagesWith = async (id: unknown) =>
      (await ask(`/chat_attendees/${String(id)}/messages?account_id=${seat}`)).body['items'];
    expect(await messagesWith(profile['provider_id'])).toEqual([
      expect.objectContaining({ text: 'Hello Jane', is_sender: 1, timestamp: '2026-03-02T22:14:09.000Z' }),
    ]);
    const { body: other } = await lookUp('omar-example-2');
    expect(await messagesWith(other['provider_id'])).toEqual([]);
  });

  test('a throttle refuses as many sends as it says, from the send on that it says', async () => {
    await reopen({ throttles: [{ seat, error: 'limit_exceeded', afterSends: 1, times: 2, retryAfterSeconds: 60 }] });
    const ids = [(await lookUp()).body['provider_id'], (await lookUp('omar-example-2')).body['provider_id']];
    expect((await invite(ids[0])).status).toBe(201);
    expect(await refused(invite(ids[1]))).toEqual([422, 'errors/limit_exceeded']);
    expect(await refused(invite(ids[1]))).toEqual([422, 'errors/limit_exceeded']);
    expect((await invite(ids[1])).status).toBe(201);
  });

  test('a throttle on demand, with Retry-After when it is given', async () => {
    const body = JSON.stringify({ seat, error: 'too_many_requests', retryAfterSeconds: 600 });
    const headers = { 'content-type': 'application/json' };
    const throttle = (of: string) =>
      fetch(`${open.httpUrl}/control/unipile/throttle`, { method: 'POST', body: of, headers });
    expect((await throttle(body)).status).toBe(200);
    expect((await throttle('{"seat":"seat-1","error":"bad mood"}')).status).toBe(400);
    const { body: profile } = await lookUp();
    const answer = await fetch(`${open.httpUrl}/api/v1/users/invite`, {
      method: 'POST',
      body: JSON.stringify({ account_id: seat, provider_id: profile['provider_id'] }),
      headers: { ...headers, 'X-API-KEY': secrets.unipileApiKey },
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '600']);
    expect(open.outbox().at(-1)).toMatchObject({ operation: 'invite', outcome: 'rejected' });
  });
});

test('acceptance and reply are told with the secret header, in the fields that Unipile sends', async () => {
  const { body: profile } = await lookUp();
  await invite(profile['provider_id']);
  await open.happen('inviteAccepted');
  await open.happen('reply');
  expect(engine.received.map(({ path }) => path)).toEqual(['/webhooks/unipile', '/webhooks/unipile']);
  expect(engine.received[0]?.headers['x-webhook-secret']).toBe(secrets.unipileWebhook);
  const [relation, message] = engine.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(relation).toMatchObject({
    event: 'new_relation',
    account_id: seat,
    user_profile_url: jane.linkedinUrl,
    user_provider_id: profile['provider_id'],
  });
  expect(message).toMatchObject({
    event: 'message_received',
    account_id: seat,
    sender: { attendee_provider_id: profile['provider_id'], attendee_profile_url: jane.linkedinUrl },
  });
  expect(open.inbox()).toEqual([
    expect.objectContaining({
      provider: 'unipile',
      event: 'inviteAccepted',
      recipient: jane.linkedinUrl,
      touchId: 'touch-3',
    }),
    expect.objectContaining({ provider: 'unipile', event: 'reply', answeredStatus: 200 }),
  ]);
});
