import { manifests } from '../../providers';
import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let counter = 2000;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  counter += 1;
  tenant = await api.tenant();
});

const post = (path: string, body?: object) => api.ask(tenant.key, 'POST', path, body);

async function registered(kind: string): Promise<{ id: string; body: Record<string, unknown> }> {
  if (kind === 'mailboxes') await post('/v1/domains', { name: `d${counter}.example` });
  const bodies: Record<string, object> = {
    domains: { name: `d${counter}.example`, warmupStartedAt: '2026-02-20' },
    mailboxes: {
      address: `Anna@D${counter}.example`,
      displayName: 'Anna',
      smtp: { host: 'smtp.example', port: 587, username: 'anna', password: 'hunter-two' },
    },
    'phone-numbers': { number: `+61 2 5550 ${counter}` },
    'linkedin-seats': { accountId: `seat-${counter}`, name: 'Anna' },
  };
  const answer = await post(`/v1/${kind}`, bodies[kind]);
  if (answer.statusCode !== 201) throw new Error(answer.body);
  const body = answer.json<Record<string, unknown>>();
  return { id: String(body.id), body };
}

describe.each(['domains', 'mailboxes', 'phone-numbers', 'linkedin-seats'])('%s', (kind) => {
  test('are shown with limit, booked, consumed and health; unmeasured rates are not 0 (HLTH-4)', async () => {
    const { id, body } = await registered(kind);
    expect(body).toMatchObject({
      limit: expect.any(Number) as number,
      booked: 0,
      consumed: 0,
      health: {
        status: 'sending',
        bounceRate: 'not measured',
        complaintRate: 'not measured',
        unsubscribeRate: 'not measured',
      },
    });
    expect((await api.ask(tenant.key, 'GET', `/v1/${kind}/${id}`)).json()).toEqual(body);
    const list = await api.ask(tenant.key, 'GET', `/v1/${kind}`);
    expect(list.json()).toEqual({ data: [body], nextCursor: null });
    expect(list.body).not.toContain('hunter-two');
  });

  test('pause, resume and review', async () => {
    const { id } = await registered(kind);
    const paused = await post(`/v1/${kind}/${id}/pause`);
    expect(paused.statusCode).toBe(200);
    expect(paused.json()).toMatchObject({ pausedAt: api.now.toISOString(), health: { status: 'paused' } });
    expect((await post(`/v1/${kind}/${id}/resume`)).json()).toMatchObject({ pausedAt: null, pauseReason: null });
    await api.database.alert.create({
      data: { clientId: tenant.id, kind: 'content', message: 'x', resourceId: id, createdAt: api.now },
    });
    expect((await post(`/v1/${kind}/${id}/reviewed`)).statusCode).toBe(200);
    expect(await api.database.alert.count({ where: { resourceId: id, resolvedAt: null } })).toBe(0);
  });

  test('are registered once, whoever tries', async () => {
    await registered(kind);
    const other = await api.tenant();
    const owner = tenant;
    tenant = other;
    const attempt = registered(kind);
    await expect(attempt).rejects.toThrow(/409|not registered|registered already/);
    tenant = owner;
  });

  test('a limit cannot be given: the system sets it (CTL-2)', async () => {
    const { id } = await registered(kind);
    const answer = await api.ask(tenant.key, 'PATCH', `/v1/${kind}/${id}`, { dailyLimit: 500 });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('set by the system');
  });
});

describe('WARM: a domain shows where its warm-up stands, on the client’s calendar', () => {
  test.each([
    ['2026-03-02', 0, 1, 5],
    ['2026-02-27', 3, 1, 5],
    ['2026-02-26', 4, 2, 10],
    ['2026-02-20', 10, 3, 20],
    ['2026-02-08', 22, 5, 50],
    ['2026-03-09', -7, 0, 0],
  ])('begun on %s: day %i, stage %i, limit %i', async (warmupStartedAt, day, stage, limit) => {
    counter += 1;
    const answer = await post('/v1/domains', { name: `w${counter}.example`, warmupStartedAt });
    expect(answer.json()).toMatchObject({ warmupStartedAt, warmUp: { day, stage, limit }, limit });
  });

  test('without a date it begins today: Tuesday in Sydney while it is Monday in UTC', async () => {
    api.now = new Date('2026-03-02T20:00:00Z');
    expect((await post('/v1/domains', { name: `w${counter}.example` })).json()).toMatchObject({
      warmupStartedAt: '2026-03-03',
    });
    api.now = new Date('2026-03-02T00:00:00Z');
  });
});

test("today's booked and consumed come from the day's counters", async () => {
  const { id } = await registered('mailboxes');
  const of = { counter: 'mailbox', resourceId: id, clientId: tenant.id, period: 'day', limit: 100 } as const;
  await api.database.capacityCounter.createMany({
    data: [
      { ...of, startsOn: new Date('2026-03-02T00:00:00Z'), booked: 7, consumed: 3 },
      { ...of, startsOn: new Date('2026-03-03T00:00:00Z'), booked: 50, consumed: 0 },
    ],
  });
  expect((await api.ask(tenant.key, 'GET', `/v1/mailboxes/${id}`)).json()).toMatchObject({
    limit: 100,
    booked: 7,
    consumed: 3,
  });
});

test('a phone number shows each of its channels', async () => {
  const { id, body } = await registered('phone-numbers');
  expect(body).toMatchObject({ number: `+6125550${counter}`, channels: ['voice', 'sms'], limit: 150 });
  expect(body.byChannel).toEqual({
    voice: { limit: 50, booked: 0, consumed: 0 },
    sms: { limit: 100, booked: 0, consumed: 0 },
  });
  const changed = await api.ask(tenant.key, 'PATCH', `/v1/phone-numbers/${id}`, { channels: ['voice'] });
  expect(changed.json()).toMatchObject({ channels: ['voice'], limit: 50 });
});

test('a mailbox needs its domain first, and no other', async () => {
  const orphan = await post('/v1/mailboxes', { address: 'anna@nowhere.example' });
  expect(orphan.statusCode).toBe(400);
  expect(badFields(orphan)).toEqual(['address']);
  const other = await registered('domains');
  await post('/v1/domains', { name: `e${counter}.example` });
  const wrong = await post('/v1/mailboxes', { address: `anna@e${counter}.example`, domainId: other.id });
  expect(badFields(wrong)).toEqual(['domainId']);
});

describe('the client', () => {
  test('changes what is its own, not its tier', async () => {
    const body = { senderName: 'Anna', postalAddress: '1 Example St, Sydney', website: 'https://growth.example' };
    const answer = await api.ask(tenant.key, 'PATCH', '/v1/client', { ...body, proofPoints: ['ISO 27001'] });
    expect(answer.json()).toMatchObject({ id: tenant.id, ...body, proofPoints: ['ISO 27001'], tier: 'velocity' });
    const tier = await api.ask(tenant.key, 'PATCH', '/v1/client', { tier: 'dominance' });
    expect(badFields(tier)).toEqual(['tier']);
  });
});

describe('for operators', () => {
  test('healthz, readyz and metrics need no key; readyz says what is missing', async () => {
    expect((await api.ask(null, 'GET', '/healthz')).statusCode).toBe(200);
    const providers = Object.fromEntries(manifests.map(({ name }) => [name, 'not configured']));
    expect((await api.ask(null, 'GET', '/readyz')).json()).toEqual({
      ready: true,
      database: true,
      temporal: true,
      providers,
    });
    api.workflows.away = true;
    const answer = await api.ask(null, 'GET', '/readyz');
    api.workflows.away = false;
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ ready: false, database: true, temporal: false, providers });
    await api.ask(null, 'GET', '/u/a-secret-token');
    const metrics = await api.ask(null, 'GET', '/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toContain('http_request_duration_seconds_count{method="GET",route="/u/:token",status="404"}');
    expect(metrics.body).not.toContain('a-secret-token');
  });

  test('OpenAPI 3.1 describes every route under /v1, with CSV and problems, and a page shows it', async () => {
    const document = (await api.ask(null, 'GET', '/openapi.json')).json<{
      openapi: string;
      paths: Record<string, Record<string, { requestBody?: { content: object }; responses: object }>>;
    }>();
    expect(document.openapi).toMatch(/^3\.1/);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'POST /v1/clients',
        'PATCH /v1/client',
        'DELETE /v1/api-keys/{id}',
        'POST /v1/domains/{id}/reviewed',
        'PATCH /v1/linkedin-seats/{id}',
        'POST /v1/campaigns/{id}/complete',
        'GET /v1/leads/{id}/timeline',
        'DELETE /v1/leads/{id}',
        'GET /v1/suppressions',
        'GET /readyz',
      ]),
    );
    const importing = document.paths['/v1/campaigns/{id}/leads']?.post;
    expect(Object.keys(importing?.requestBody?.content ?? {})).toEqual(['text/csv', 'application/json']);
    expect(Object.keys(importing?.responses ?? {})).toEqual(['200', '4XX']);
    expect((await api.ask(null, 'GET', '/docs')).statusCode).toBe(200);
  });
});
