import { campaignMoves } from '../../domain/campaign-moves';
import { ApiUnderTest, badFields, monday, type Tenant } from './api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
afterEach(() => {
  api.workflows.away = false;
  api.now = monday;
});

const unique = (() => {
  let next = 1000;
  return () => (next += 1);
})();

/** A client with something to send with on every channel. */
async function equippedTenant(): Promise<Tenant> {
  const tenant = await api.tenant();
  const n = unique();
  await api.ask(tenant.key, 'POST', '/v1/domains', { name: `growth-${n}.example` });
  await api.ask(tenant.key, 'POST', '/v1/mailboxes', { address: `anna@growth-${n}.example` });
  await api.ask(tenant.key, 'POST', '/v1/phone-numbers', { number: `+6125550${n}` });
  await api.ask(tenant.key, 'POST', '/v1/linkedin-seats', { accountId: `seat-${n}`, name: 'Anna' });
  return tenant;
}

describe('CTL-1, CTL-2: what a campaign takes', () => {
  test('name, description and targeting; the answer shows what the system decided', async () => {
    const { key } = await equippedTenant();
    const body = {
      name: 'Spring',
      description: 'Founders',
      targeting: {
        industries: ['Software'],
        titles: ['CEO'],
        companySizes: ['11-50'],
        locations: ['Sydney'],
        icpRefinements: 'bootstrapped',
      },
    };
    const answer = await api.ask(key, 'POST', '/v1/campaigns', body);
    expect(answer.statusCode).toBe(201);
    const campaign = answer.json<Record<string, unknown>>();
    expect(campaign).toMatchObject({ ...body, status: 'draft', usesDefaultSequence: true, activatedAt: null });
    expect(campaign.sequence).toEqual([
      { step: 1, day: 0, channel: 'email', purpose: 'intro', replaces: null },
      { step: 2, day: 3, channel: 'voice', purpose: 'connect', replaces: null },
      { step: 3, day: 5, channel: 'linkedin', purpose: 'connect', replaces: null },
      { step: 4, day: 8, channel: 'email', purpose: 'value-add', replaces: null },
      { step: 5, day: 12, channel: 'sms', purpose: 'final nudge', replaces: null },
    ]);
    expect(campaign.systemControlled).toMatchObject({ sendWindow: { from: '09:00', to: '11:00', zone: 'recipient' } });
    expect((await api.ask(key, 'GET', `/v1/campaigns/${String(campaign.id)}`)).json()).toEqual(campaign);
  });

  test('description and every part of targeting may be left out', async () => {
    const { key } = await api.tenant();
    const answer = await api.ask(key, 'POST', '/v1/campaigns', { name: 'X', targeting: { titles: ['CTO'] } });
    const targeting = { industries: [], titles: ['CTO'], companySizes: [], locations: [], icpRefinements: '' };
    expect(answer.json()).toMatchObject({ description: '', targeting });
  });

  const systemFields = [
    'sequence',
    'sequence_steps',
    'sequenceSteps',
    'steps',
    'timing',
    'work_hours_start',
    'workHoursStart',
    'work_hours_end',
    'workHoursEnd',
    'work_days',
    'workDays',
    'timezone',
    'daily_limit',
    'dailyLimit',
    'delay_days',
    'delayDays',
    'channels',
    'warmup',
    'warm_up',
    'warmupEnabled',
    'rate_limit',
    'rateLimits',
    'content',
    'templates',
    'subject',
    'body',
    'status',
    'usesDefaultSequence',
    'uses_default_sequence',
  ];

  test.each(systemFields)(
    '%s is refused by name, as set by the system, on POST, PATCH and inside targeting',
    async (field) => {
      const { key } = await api.tenant();
      const id = await api.campaign(key);
      const answers = [
        [field, await api.ask(key, 'POST', '/v1/campaigns', { name: 'X', [field]: 1 })],
        [field, await api.ask(key, 'PATCH', `/v1/campaigns/${id}`, { [field]: [1] })],
        [`targeting.${field}`, await api.ask(key, 'POST', '/v1/campaigns', { name: 'X', targeting: { [field]: 'a' } })],
        [`targeting.${field}`, await api.ask(key, 'PATCH', `/v1/campaigns/${id}`, { targeting: { [field]: null } })],
      ] as const;
      for (const [path, answer] of answers) {
        expect(answer.statusCode).toBe(400);
        expect(answer.json<{ errors: unknown[] }>().errors).toEqual([
          {
            field: path,
            message: expect.stringMatching(new RegExp(`^${field} is set by the system.*CTL-2`)) as string,
          },
        ]);
      }
    },
  );

  test('several at once are each named, beside unknown fields and bad ones', async () => {
    const { key } = await api.tenant();
    const answer = await api.ask(key, 'POST', '/v1/campaigns', {
      name: '',
      work_hours_start: '09:00',
      sequence_steps: [],
      favouriteColour: 'red',
      targeting: { titles: 'CEO' },
    });
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer).sort()).toEqual([
      'favouriteColour',
      'name',
      'sequence_steps',
      'targeting.titles',
      'work_hours_start',
    ]);
    const messages = answer.json<{ errors: { field: string; message: string }[] }>().errors;
    expect(messages.find((error) => error.field === 'favouriteColour')?.message).not.toContain('system');
    expect(await api.database.campaign.count({ where: { name: '' } })).toBe(0);
  });

  test('PATCH changes only what it names', async () => {
    const { key } = await api.tenant();
    const id = await api.campaign(key, { description: 'D', targeting: { titles: ['CEO'], locations: ['Perth'] } });
    const answer = await api.ask(key, 'PATCH', `/v1/campaigns/${id}`, { name: 'New', targeting: { titles: ['CTO'] } });
    expect(answer.json()).toMatchObject({
      name: 'New',
      description: 'D',
      targeting: { titles: ['CTO'], locations: ['Perth'] },
    });
  });

  test.each([['null'], ['[]'], ['"text"'], ['']])('a body of %s is refused', async (body) => {
    const { key } = await api.tenant();
    const answer = await api.ask(key, 'POST', '/v1/campaigns', body, { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual(['(body)']);
  });

  test('text that PostgreSQL cannot store is a bad field, not a failure', async () => {
    const { key } = await api.tenant();
    const answer = await api.ask(key, 'POST', '/v1/campaigns', { name: 'a\u0000b', targeting: { titles: ['\ud800'] } });
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual(['name', 'targeting.titles[0]']);
  });
});

describe('SEQ-6: the sequence follows the channels that the client has', () => {
  test('a channel that comes later changes drafts, and fixes what is active', async () => {
    const { key } = await api.tenant();
    const n = unique();
    const draft = await api.campaign(key);
    const steps = async (id: string) =>
      (await api.ask(key, 'GET', `/v1/campaigns/${id}`))
        .json<{ sequence: { step: number; channel: string }[] }>()
        .sequence.map((step) => `${step.step} ${step.channel}`);
    expect(await steps(draft)).toEqual([]);
    await api.ask(key, 'POST', '/v1/domains', { name: `later-${n}.example` });
    await api.ask(key, 'POST', '/v1/mailboxes', { address: `a@later-${n}.example` });
    expect(await steps(draft)).toEqual(['1 email', '2 email', '4 email', '5 email']);
    await api.ask(key, 'POST', `/v1/campaigns/${draft}/activate`);
    await api.ask(key, 'POST', '/v1/linkedin-seats', { accountId: `later-${n}`, name: 'A' });
    expect(await steps(draft)).toEqual(['1 email', '2 email', '4 email', '5 email']);
    expect(await steps(await api.campaign(key))).toEqual(['1 email', '2 email', '3 linkedin', '4 email', '5 email']);
  });

  test('a campaign that is active without any channel gets its sequence with the first one', async () => {
    const { key } = await api.tenant();
    const id = await api.campaign(key);
    await api.ask(key, 'POST', `/v1/campaigns/${id}/activate`);
    await api.ask(key, 'POST', '/v1/linkedin-seats', { accountId: `first-${unique()}`, name: 'A' });
    const { sequence } = (await api.ask(key, 'GET', `/v1/campaigns/${id}`)).json<{ sequence: unknown[] }>();
    expect(sequence).toHaveLength(1);
  });
});

describe('the state of a campaign', () => {
  const moves = ['activate', 'pause', 'resume', 'complete'] as const;
  /** From each state, what is allowed and where it leads. */
  const table: Record<string, { reach: (typeof moves)[number][]; allowed: Record<string, string> }> = {
    draft: { reach: [], allowed: { activate: 'active' } },
    active: { reach: ['activate'], allowed: { pause: 'paused', complete: 'completed' } },
    paused: { reach: ['activate', 'pause'], allowed: { resume: 'active', complete: 'completed' } },
    completed: { reach: ['activate', 'complete'], allowed: {} },
  };

  test.each(Object.keys(table).flatMap((state) => moves.map((move) => [state, move] as const)))(
    '%s: %s',
    async (state, move) => {
      const { key } = await api.tenant();
      const id = await api.campaign(key);
      const row = table[state];
      if (row === undefined) throw new Error(state);
      for (const step of row.reach) await api.ask(key, 'POST', `/v1/campaigns/${id}/${step}`);
      api.workflows.told.length = 0;
      const answer = await api.ask(key, 'POST', `/v1/campaigns/${id}/${move}`);
      const next = row.allowed[move];
      if (next === undefined) {
        expect(answer.statusCode).toBe(409);
        expect(answer.json<{ detail: string }>().detail).toContain(state);
        expect(api.workflows.told).toEqual([]);
        expect((await api.ask(key, 'GET', `/v1/campaigns/${id}`)).json()).toMatchObject({ status: state });
      } else {
        expect(answer.statusCode).toBe(200);
        expect(answer.json()).toMatchObject({ id, status: next });
        // It is told to look at the facts; one that does not run is started.
        expect(api.workflows.told).toEqual([`start ${id}`]);
      }
    },
  );

  test('of two activations at once one is refused, and one workflow is started', async () => {
    const { key } = await api.tenant();
    const id = await api.campaign(key);
    api.workflows.told.length = 0;
    const answers = await Promise.all([1, 2, 3].map(() => api.ask(key, 'POST', `/v1/campaigns/${id}/activate`)));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409, 409]);
    expect(api.workflows.told).toEqual([`start ${id}`]);
  });

  test.each([
    ['activate', []],
    ['pause', ['activate']],
    ['resume', ['activate', 'pause']],
    ['complete', ['activate']],
  ] as const)(
    'TRUTH-4: %s holds when Temporal is away, and its workflow hears of it by the relay',
    async (move, before) => {
      const { id: clientId, key } = await api.tenant();
      const id = await api.campaign(key);
      for (const earlier of before) await api.ask(key, 'POST', `/v1/campaigns/${id}/${earlier}`);
      api.workflows.away = true;
      const answer = await api.ask(key, 'POST', `/v1/campaigns/${id}/${move}`);
      expect([answer.statusCode, answer.json<{ status: string }>().status]).toEqual([200, campaignMoves[move].to]);
      expect(await api.database.outbox.findMany({ where: { clientId, deliveredAt: null } })).toMatchObject([
        { kind: 'startCampaign', subjectId: id },
      ]);
      api.workflows.away = false;
      api.workflows.told.length = 0;
      api.now = new Date(monday.getTime() + 60_000);
      await api.relay();
      expect(api.workflows.told).toEqual([`start ${id}`]);
    },
  );

  test.each([
    ['an active one', []],
    ['a paused one', ['pause']],
  ])('completing %s while Temporal is away: its leads hear of it when Temporal is back', async (_, before) => {
    const { id: clientId, key } = await api.tenant();
    const id = await api.campaign(key);
    await api.import(key, id, 'email\njane@acme.example\njohn@acme.example\n');
    for (const move of ['activate', ...before]) await api.ask(key, 'POST', `/v1/campaigns/${id}/${move}`);
    const jane = await api.database.enrollment.findFirstOrThrow({
      where: { campaignId: id, lead: { email: 'jane@acme.example' } },
    });
    const active = { status: 'active', admittedAt: api.now } as const;
    await api.database.enrollment.update({ where: { id: jane.id }, data: active });
    api.workflows.away = true;
    expect((await api.ask(key, 'POST', `/v1/campaigns/${id}/complete`)).json()).toMatchObject({ status: 'completed' });
    const owed = () =>
      api.database.outbox.findMany({ where: { clientId, deliveredAt: null }, orderBy: { kind: 'asc' } });
    expect(await owed()).toMatchObject([
      { subjectId: jane.id, payload: { signal: 'leadWoken' } },
      { subjectId: id, kind: 'startCampaign' },
    ]);
    const john = { campaignId: id, id: { not: jane.id } };
    expect(await api.database.enrollment.findFirst({ where: john })).toMatchObject({ status: 'stopped' });
    api.workflows.away = false;
    api.workflows.told.length = 0;
    api.now = new Date(monday.getTime() + 60_000);
    await api.relay();
    expect([...api.workflows.told].sort()).toEqual(['signals', `start ${id}`]);
    expect(await owed()).toEqual([]);
  });

  test.each([
    ['', 200],
    ['{}', 200],
    ['{"work_hours_start":"09:00"}', 400],
  ])('activate with the body %p answers %i', async (body, status) => {
    const { key } = await api.tenant();
    const id = await api.campaign(key);
    const header = { 'content-type': 'application/json' };
    expect((await api.ask(key, 'POST', `/v1/campaigns/${id}/activate`, body, header)).statusCode).toBe(status);
  });
});
