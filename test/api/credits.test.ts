import { ApiUnderTest, badFields, operatorApiKey, type Tenant } from './api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());

const patch = (id: string, body: Record<string, unknown>) =>
  api.ask(operatorApiKey, 'PATCH', `/v1/clients/${id}`, body);
const credits = async (tenant: Tenant) => (await api.ask(tenant.key, 'GET', '/v1/client')).json<ClientBody>();

interface ClientBody {
  tier: string;
  credits: { remaining: number; granted: number; admitted: number; resetsAt: string };
  pacing: { today: string; target: number; admitted: number; sendingDaysLeft: number };
}

describe('PACE-1: credits', () => {
  test('a client begins with its tier’s quota, for a month of its calendar', async () => {
    const tenant = await api.tenant({ tier: 'ignition' });
    const client = await credits(tenant);
    expect(client.credits).toEqual({
      remaining: 1250,
      granted: 1250,
      admitted: 0,
      resetsAt: '2026-04-01T13:00:00.000Z',
    });
    expect(client.pacing).toEqual({ today: '2026-03-02', target: 55, admitted: 0, sendingDaysLeft: 23 });
  });

  test('or with what it brings', async () => {
    const resetsAt = '2026-03-18T00:00:00+11:00';
    const tenant = await api.tenant({ credits: { remaining: 40, resetsAt } });
    const client = await credits(tenant);
    expect(client.credits).toMatchObject({ remaining: 40, resetsAt: '2026-03-17T13:00:00.000Z' });
    expect(client.pacing).toMatchObject({ target: 4, sendingDaysLeft: 12 });
  });

  test.each([
    ['a past reset', { remaining: 1, resetsAt: '2026-03-01T00:00:00Z' }, 'credits.resetsAt'],
    ['a reset that is years away', { remaining: 1, resetsAt: '2126-04-01T00:00:00Z' }, 'credits.resetsAt'],
    ['less than none', { remaining: -1, resetsAt: '2026-04-01T00:00:00Z' }, 'credits.remaining'],
    ['half a credit', { remaining: 1.5, resetsAt: '2026-04-01T00:00:00Z' }, 'credits.remaining'],
    ['no instant', { remaining: 1, resetsAt: 'April' }, 'credits.resetsAt'],
    ['something else', { remaining: 1, resetsAt: '2026-04-01T00:00:00Z', rollover: true }, 'credits.rollover'],
  ])('%s is refused', async (_, given, field) => {
    const body = { name: 'x', timezone: 'Australia/Sydney', country: 'AU', tier: 'velocity', credits: given };
    const answer = await api.ask(operatorApiKey, 'POST', '/v1/clients', body);
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual([field]);
  });

  test('an upgrade raises them by the difference, a downgrade cuts them, and the ledger says so', async () => {
    const tenant = await api.tenant({ tier: 'ignition' });
    expect((await patch(tenant.id, { tier: 'dominance' })).json<ClientBody>().credits.remaining).toBe(4500);
    expect((await patch(tenant.id, { tier: 'dominance' })).json<ClientBody>().credits.remaining).toBe(4500);
    expect((await patch(tenant.id, { tier: 'velocity' })).json<ClientBody>()).toMatchObject({
      tier: 'velocity',
      credits: { remaining: 2250 },
    });
    const ledger = (await api.ask(tenant.key, 'GET', '/v1/credits')).json<{ data: object[] }>().data;
    expect(ledger).toMatchObject([
      { kind: 'adjust', amount: -2250, balance: 2250, reason: 'tier dominance became velocity' },
      { kind: 'adjust', amount: 3250, balance: 4500 },
      { kind: 'grant', amount: 1250, balance: 1250 },
    ]);
  });

  test('an operator corrects them, and never below zero', async () => {
    const tenant = await api.tenant();
    const change = (amount: number) =>
      api.ask(operatorApiKey, 'POST', `/v1/clients/${tenant.id}/credits`, { amount, reason: 'goodwill' });
    expect((await change(100)).json<ClientBody>().credits.remaining).toBe(2350);
    const refused = await change(-2351);
    expect([refused.statusCode, ...badFields(refused)]).toEqual([409, 'amount']);
    expect((await credits(tenant)).credits.remaining).toBe(2350);
    expect((await change(0)).statusCode).toBe(400);
  });

  test('a client’s own key changes neither', async () => {
    const tenant = await api.tenant();
    const answers = [
      await api.ask(tenant.key, 'PATCH', `/v1/clients/${tenant.id}`, { tier: 'dominance' }),
      await api.ask(tenant.key, 'POST', `/v1/clients/${tenant.id}/credits`, { amount: 5, reason: 'x' }),
      await api.ask(tenant.key, 'PATCH', '/v1/client', { tier: 'dominance' }),
    ];
    expect(answers.map((answer) => answer.statusCode)).toEqual([403, 403, 400]);
  });

  test('nobody’s client is not found', async () => {
    expect((await patch('00000000-0000-4000-8000-000000000000', { tier: 'velocity' })).statusCode).toBe(404);
  });

  test('the ledger is paged, and each sees its own', async () => {
    const tenant = await api.tenant({ tier: 'ignition' });
    await patch(tenant.id, { tier: 'velocity' });
    const first = (await api.ask(tenant.key, 'GET', '/v1/credits?limit=1')).json<{
      data: object[];
      nextCursor: string;
    }>();
    const second = (await api.ask(tenant.key, 'GET', `/v1/credits?limit=1&cursor=${first.nextCursor}`)).json<{
      data: object[];
    }>();
    expect([first.data, second.data]).toMatchObject([[{ kind: 'adjust' }], [{ kind: 'grant' }]]);
  });
});

describe('PACE: what a tier allows', () => {
  test('active campaigns: the sixth is refused with the number, until one is paused', async () => {
    const tenant = await api.tenant({ tier: 'ignition' });
    const ids = [];
    for (let i = 0; i < 6; i += 1) ids.push(await api.campaign(tenant.key));
    const move = (id: string | undefined, what: string) => api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/${what}`);
    const answers = await Promise.all(ids.map((id) => move(id, 'activate')));
    const refused = answers.filter((answer) => answer.statusCode === 409);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.json<{ detail: string }>().detail).toContain('5 active campaigns');
    const left = ids[answers.findIndex((answer) => answer.statusCode === 409)];
    const other = ids.find((id) => id !== left);
    expect((await move(other, 'pause')).statusCode).toBe(200);
    expect((await move(left, 'activate')).statusCode).toBe(200);
    expect((await move(other, 'resume')).statusCode).toBe(409);
  });

  test('LinkedIn seats: the second of ignition is refused with the number', async () => {
    const tenant = await api.tenant({ tier: 'ignition' });
    const seat = (accountId: string) => api.ask(tenant.key, 'POST', '/v1/linkedin-seats', { accountId, name: 'Anna' });
    const answers = await Promise.all(['seat-a', 'seat-b'].map(seat));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409]);
    expect(answers.find((answer) => answer.statusCode === 409)?.json<{ detail: string }>().detail).toContain(
      '1 LinkedIn seats',
    );
  });
});

test('PACE-4: a campaign shows its share, who waits, and when the last is expected to be admitted', async () => {
  const tenant = await api.tenant({ credits: { remaining: 46, resetsAt: '2026-04-02T00:00:00+11:00' } });
  await api.ask(tenant.key, 'POST', '/v1/phone-numbers', { number: '+61255501234', channels: ['voice', 'sms'] });
  const rows = (count: number, of: string) =>
    ['email,first_name', ...Array.from({ length: count }, (_, i) => `${of}${i}@acme.example,Jane`)].join('\n');
  const [small, large] = [await api.campaign(tenant.key), await api.campaign(tenant.key)];
  await api.import(tenant.key, small, rows(2, 's'));
  await api.import(tenant.key, large, rows(12, 'l'));
  const show = async (id: string) =>
    (await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}`)).json<{ admission: object }>().admission;
  expect(await show(large)).toEqual({ waiting: 12, admittedToday: 0, shareToday: 0, expectedLastOn: null });
  for (const id of [small, large]) await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/activate`);
  expect(await show(small)).toEqual({ waiting: 2, admittedToday: 0, shareToday: 1, expectedLastOn: '2026-03-03' });
  expect(await show(large)).toEqual({ waiting: 12, admittedToday: 0, shareToday: 1, expectedLastOn: '2026-03-10' });
});
