import { ApiUnderTest, badFields, operatorApiKey } from './api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());

const nobody = '11111111-1111-4111-8111-111111111111';

describe('keys', () => {
  test.each([
    ['no key', null],
    ['an unknown key', 'aos_unknown'],
  ])('%s is refused as a problem, and told how', async (_, key) => {
    const answer = await api.ask(key, 'GET', '/v1/client');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ type: 'urn:agency-os:problem:unauthenticated', status: 401, errors: [] });
  });

  test("an operator's key makes clients and a client's key does not, and the other way round", async () => {
    const tenant = await api.tenant();
    const body = { name: 'X', timezone: 'Europe/London', country: 'GB', tier: 'ignition' };
    expect((await api.ask(tenant.key, 'POST', '/v1/clients', body)).statusCode).toBe(403);
    expect((await api.ask(operatorApiKey, 'GET', '/v1/client')).statusCode).toBe(403);
  });

  test('secrets are stored as hashes only', async () => {
    const tenant = await api.tenant();
    const rows = JSON.stringify(await api.database.apiKey.findMany({ where: { clientId: tenant.id } }));
    expect(rows).not.toContain(tenant.key);
    expect(rows).not.toContain(tenant.key.slice(4));
  });

  test('scopes, expiry and revocation hold at once', async () => {
    const tenant = await api.tenant();
    const made = await api.ask(tenant.key, 'POST', '/v1/api-keys', {
      name: 'reader',
      scopes: ['read'],
      expiresAt: '2026-03-03T00:00:00Z',
    });
    expect(made.statusCode).toBe(201);
    const { id, secret } = made.json<{ id: string; secret: string }>();
    expect((await api.ask(secret, 'GET', '/v1/campaigns')).statusCode).toBe(200);
    expect((await api.ask(secret, 'POST', '/v1/campaigns', { name: 'X' })).statusCode).toBe(403);
    expect((await api.ask(secret, 'GET', '/v1/api-keys')).statusCode).toBe(403);
    const before = api.now;
    api.now = new Date('2026-03-03T00:00:00Z');
    expect((await api.ask(secret, 'GET', '/v1/campaigns')).statusCode).toBe(401);
    api.now = before;
    expect((await api.ask(tenant.key, 'DELETE', `/v1/api-keys/${id}`)).statusCode).toBe(204);
    expect((await api.ask(secret, 'GET', '/v1/campaigns')).statusCode).toBe(401);
    expect((await api.ask(tenant.key, 'DELETE', `/v1/api-keys/${id}`)).statusCode).toBe(404);
  });

  test('the list of keys shows last use, to the minute, and no secret', async () => {
    const tenant = await api.tenant();
    const lastUse = async () =>
      (await api.ask(tenant.key, 'GET', '/v1/api-keys')).json<{ data: { lastUsedAt: string }[] }>().data[0]?.lastUsedAt;
    const before = api.now;
    expect(await lastUse()).toBe(before.toISOString());
    api.now = new Date(before.getTime() + 30_000);
    expect(await lastUse()).toBe(before.toISOString());
    api.now = new Date(before.getTime() + 61_000);
    expect(await lastUse()).toBe(api.now.toISOString());
    api.now = before;
    expect((await api.ask(tenant.key, 'GET', '/v1/api-keys')).body).not.toContain('secret');
  });
});

describe('tenants', () => {
  test("another tenant's ids answer 404 on every route, exactly as ids that never were", async () => {
    const owner = await api.tenant();
    const stranger = await api.tenant();
    const campaignId = await api.campaign(owner.key);
    await api.import(owner.key, campaignId, 'email\njane@acme.example\n');
    const leadId = await api.leadId(owner.key, campaignId, 'jane@acme.example');
    const post = async (path: string, body: object) =>
      (await api.ask(owner.key, 'POST', path, body)).json<{ id: string }>().id;
    const domainId = await post('/v1/domains', { name: 'owner.example' });
    const mailboxId = await post('/v1/mailboxes', { address: 'anna@owner.example' });
    const numberId = await post('/v1/phone-numbers', { number: '+61255501299' });
    const seatId = await post('/v1/linkedin-seats', { accountId: 'owner-seat', name: 'Anna' });
    const paths: ['GET' | 'POST' | 'PATCH' | 'DELETE', (id: string) => string, string, object?][] = [
      ['GET', (id) => `/v1/campaigns/${id}`, campaignId],
      ['PATCH', (id) => `/v1/campaigns/${id}`, campaignId, { name: 'Mine' }],
      ['POST', (id) => `/v1/campaigns/${id}/activate`, campaignId],
      ['POST', (id) => `/v1/campaigns/${id}/complete`, campaignId],
      ['POST', (id) => `/v1/campaigns/${id}/leads`, campaignId, { leads: [{ email: 'x@acme.example' }] }],
      ['GET', (id) => `/v1/campaigns/${id}/leads`, campaignId],
      ['POST', (id) => `/v1/campaigns/${id}/source`, campaignId],
      ['POST', (id) => `/v1/campaigns/${id}/enrich`, campaignId],
      ['GET', (id) => `/v1/campaigns/${id}/source`, campaignId],
      ['GET', (id) => `/v1/campaigns/${id}/audience`, campaignId],
      ['GET', (id) => `/v1/leads/${id}`, leadId],
      ['GET', (id) => `/v1/leads/${id}/timeline`, leadId],
      ['POST', (id) => `/v1/leads/${id}/stop`, leadId],
      ['DELETE', (id) => `/v1/leads/${id}`, leadId],
      ...(
        [
          ['domains', domainId],
          ['mailboxes', mailboxId],
          ['phone-numbers', numberId],
          ['linkedin-seats', seatId],
        ] as const
      ).flatMap(([kind, id]): ['GET' | 'POST' | 'PATCH', (id: string) => string, string, object?][] => [
        ['GET', (any) => `/v1/${kind}/${any}`, id],
        ['PATCH', (any) => `/v1/${kind}/${any}`, id, {}],
        ['POST', (any) => `/v1/${kind}/${any}/pause`, id],
        ['POST', (any) => `/v1/${kind}/${any}/reviewed`, id],
      ]),
    ];
    for (const [method, path, id, body] of paths) {
      const theirs = await api.ask(stranger.key, method, path(id), body);
      const none = await api.ask(stranger.key, method, path(nobody), body);
      expect([method, path('…'), theirs.statusCode]).toEqual([method, path('…'), 404]);
      expect(theirs.body).toBe(none.body);
    }
    // Nothing of it did anything.
    expect((await api.ask(owner.key, 'GET', `/v1/campaigns/${campaignId}`)).json()).toMatchObject({
      name: 'Spring',
      status: 'draft',
    });
    expect((await api.ask(owner.key, 'GET', `/v1/leads/${leadId}`)).json()).toMatchObject({
      enrollments: [{ status: 'waiting' }],
    });
    expect((await api.ask(owner.key, 'GET', `/v1/domains/${domainId}`)).json()).toMatchObject({ pausedAt: null });
  });

  test('a tenant cannot be named in a request', async () => {
    const owner = await api.tenant();
    const stranger = await api.tenant();
    const answer = await api.ask(stranger.key, 'POST', '/v1/campaigns', { name: 'X', clientId: owner.id });
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual(['clientId']);
  });

  test('what is not an id is not found', async () => {
    const tenant = await api.tenant();
    expect((await api.ask(tenant.key, 'GET', '/v1/campaigns/7')).statusCode).toBe(404);
  });
});

describe('problems', () => {
  test.each([
    ['an unknown route', 'GET', '/v1/nothing', undefined, {}, 404],
    ['malformed JSON', 'POST', '/v1/campaigns', '{"name":', { 'content-type': 'application/json' }, 400],
    ['another content type', 'POST', '/v1/campaigns', 'name=X', { 'content-type': 'text/plain' }, 415],
    ['a CSV where none belongs', 'POST', '/v1/campaigns', 'a,b', { 'content-type': 'text/csv' }, 415],
    ['too large a body', 'POST', '/v1/campaigns', 'x'.repeat(1_100_000), { 'content-type': 'application/json' }, 413],
    ['a bad cursor', 'GET', '/v1/campaigns?cursor=nonsense', undefined, {}, 400],
    ['a bad limit', 'GET', '/v1/campaigns?limit=0', undefined, {}, 400],
    ['an unknown query field', 'GET', '/v1/campaigns?page=2', undefined, {}, 400],
  ] as const)('%s', async (_, method, url, body, headers, status) => {
    const tenant = await api.tenant();
    const answer = await api.ask(tenant.key, method, url, body, headers);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json<Record<string, unknown>>();
    expect(Object.keys(problem).sort()).toEqual(['detail', 'errors', 'status', 'title', 'type']);
    expect(problem.status).toBe(status);
  });

  test('every bad field is named at once, with what would do', async () => {
    const answer = await api.ask(operatorApiKey, 'POST', '/v1/clients', {
      timezone: 'Mars/Olympus',
      country: 'Australia',
      tier: 'gold',
      colour: 'red',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ errors: unknown[] }>().errors).toEqual(
      expect.arrayContaining([
        { field: 'name', message: 'is required: send a string' },
        { field: 'timezone', message: expect.stringContaining('Australia/Sydney') as string },
        { field: 'country', message: expect.stringContaining('AU') as string },
        { field: 'tier', message: expect.stringContaining('velocity') as string },
        { field: 'colour', message: expect.stringContaining('not a field') as string },
      ]),
    );
  });

  test('a failure inside says nothing of the inside', async () => {
    const broken = await ApiUnderTest.start({
      clock: { now: () => Promise.reject(new Error('secret of the inside')), toWorkflowTime: () => 0 },
    });
    try {
      const answer = await broken.ask('aos_any', 'GET', '/v1/client');
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toMatchObject({ status: 500, errors: [] });
      expect(answer.body).not.toMatch(/secret of the inside|\.ts|at /);
    } finally {
      await broken.stop();
    }
  });
});

describe('Idempotency-Key', () => {
  const header = { 'idempotency-key': 'order-1' };

  test('the same request again gets the first answer, and nothing is made twice', async () => {
    const tenant = await api.tenant();
    const first = await api.ask(tenant.key, 'POST', '/v1/api-keys', { name: 'once' }, header);
    const again = await api.ask(tenant.key, 'POST', '/v1/api-keys', { name: 'once' }, header);
    expect(again.statusCode).toBe(201);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.json()).toEqual(first.json());
    expect(await api.database.apiKey.count({ where: { clientId: tenant.id } })).toBe(2);
    // The answer held a secret: it is not readable in the database.
    const stored = JSON.stringify(await api.database.idempotencyKey.findMany());
    expect(stored).not.toContain(first.json<{ secret: string }>().secret);
  });

  test('the same key for another request is refused', async () => {
    const tenant = await api.tenant();
    await api.ask(tenant.key, 'POST', '/v1/campaigns', { name: 'A' }, header);
    expect((await api.ask(tenant.key, 'POST', '/v1/campaigns', { name: 'B' }, header)).statusCode).toBe(422);
  });

  test('another tenant may use the same key', async () => {
    const [one, two] = [await api.tenant(), await api.tenant()];
    await api.ask(one.key, 'POST', '/v1/campaigns', { name: 'A' }, header);
    expect((await api.ask(two.key, 'POST', '/v1/campaigns', { name: 'B' }, header)).statusCode).toBe(201);
  });

  test('of many at once one is done; the others wait or get its answer', async () => {
    const tenant = await api.tenant();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api.ask(tenant.key, 'POST', '/v1/campaigns', { name: 'A' }, header)),
    );
    const statuses = answers.map((answer) => answer.statusCode);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    expect(statuses).toContain(201);
    expect(await api.database.campaign.count({ where: { clientId: tenant.id } })).toBe(1);
  });

  test('a request that had no effect may be tried again under its key', async () => {
    const tenant = await api.tenant();
    const id = await api.campaign(tenant.key);
    expect((await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/pause`, undefined, header)).statusCode).toBe(409);
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/activate`);
    expect((await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/pause`, undefined, header)).statusCode).toBe(200);
  });
});

test('lists come in pages, each row once', async () => {
  const tenant = await api.tenant();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await api.campaign(tenant.key, { name });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await api.ask(tenant.key, 'GET', `/v1/campaigns?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const page = answer.json<{ data: { name: string }[]; nextCursor: string | null }>();
    expect(page.data.length).toBeLessThanOrEqual(2);
    seen.push(...page.data.map((row) => row.name));
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
