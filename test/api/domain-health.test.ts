import { ApiUnderTest, monday, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  tenant = await api.tenant();
});
afterAll(() => api.stop());

interface DomainBody {
  id: string;
  limit: number;
  limitIs: Record<string, unknown>;
  health: Record<string, unknown>;
}
const ask = async (method: 'GET' | 'POST', url: string, body?: object) =>
  (await api.ask(tenant.key, method, url, body)).json<DomainBody>();

async function domain(name: string, warmupStartedAt: string, mailboxes: number): Promise<string> {
  const { id } = await ask('POST', '/v1/domains', { name, warmupStartedAt });
  for (let i = 0; i < mailboxes; i += 1) await ask('POST', '/v1/mailboxes', { address: `m${i}@${name}` });
  return id;
}

describe('a domain shows how its limit came about', () => {
  test('base, warm-up, health, what is left, and the next day with room', async () => {
    const id = await domain('young.example', '2026-02-20', 1);
    expect(await ask('GET', `/v1/domains/${id}`)).toMatchObject({
      limit: 20,
      limitIs: {
        base: 50,
        warmUp: 20,
        healthFactor: 1,
        left: 20,
        nextFreeOn: '2026-03-02',
        effective: 20,
        effectiveReason: null,
      },
    });
    const clientId = tenant.id;
    const counter = { counter: 'domain', resourceId: id, period: 'day', clientId, limit: 10, booked: 10 } as const;
    await api.database.capacityCounter.create({ data: { ...counter, startsOn: new Date('2026-03-02') } });
    await api.database.sendingDomain.update({ where: { id }, data: { halvedSince: monday } });
    expect(await ask('GET', `/v1/domains/${id}`)).toMatchObject({
      limit: 10,
      health: { halvedSince: monday.toISOString() },
      limitIs: { warmUp: 20, healthFactor: 0.5, left: 0, nextFreeOn: '2026-03-03' },
    });
  });

  test('where its mailboxes cannot carry it in one window, it says so', async () => {
    const id = await domain('warm.example', '2025-01-01', 1);
    const { limit, limitIs } = await ask('GET', `/v1/domains/${id}`);
    expect([limit, limitIs.effective]).toEqual([50, 48]);
    expect(limitIs.effectiveReason).toContain('150 seconds apart');
    await ask('POST', '/v1/mailboxes', { address: 'another@warm.example' });
    expect((await ask('GET', `/v1/domains/${id}`)).limitIs).toMatchObject({ effective: 50, effectiveReason: null });
  });
});

test('HLTH-2: a person resumes a domain that complaints paused, and reviews what was flagged', async () => {
  const id = await domain('sick.example', '2025-01-01', 1);
  const clientId = tenant.id;
  await api.database.pause.create({
    data: { clientId, domainId: id, reason: 'health', detail: 'complaints', since: monday },
  });
  await api.database.sendingDomain.update({ where: { id }, data: { flaggedAt: monday } });
  expect((await ask('POST', `/v1/domains/${id}/resume`)).health).toMatchObject({ status: 'sending' });
  expect((await ask('POST', `/v1/domains/${id}/reviewed`)).health).toMatchObject({ flaggedAt: null });
  const changes = await api.database.healthChange.findMany({ where: { domainId: id }, orderBy: { id: 'asc' } });
  expect(changes.map(({ kind }) => kind)).toEqual(['resumed', 'reviewed']);
});

test('HLTH-2: a campaign’s texts are reviewed, another client’s are not found', async () => {
  const id = await api.campaign(tenant.key);
  await api.database.campaign.update({ where: { id }, data: { contentFlaggedAt: monday } });
  const flagged = await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}`);
  expect(flagged.json()).toMatchObject({ contentFlaggedAt: monday.toISOString() });
  const other = await api.tenant();
  expect((await api.ask(other.key, 'POST', `/v1/campaigns/${id}/reviewed`)).statusCode).toBe(404);
  const reviewed = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/reviewed`);
  expect(reviewed.json()).toMatchObject({ contentFlaggedAt: null });
});
