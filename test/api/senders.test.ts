import { manifests } from '../../providers';
import { provider, type ProviderManifest } from '../../providers/manifest';
import { pause, type Pausable, type PauseReason } from '../../store/senders/pauses';
import { restSender } from '../../store/senders/rests';
import { ApiUnderTest, badFields, webhookSecrets, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let counter = 4000;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  counter += 1;
  tenant = await api.tenant();
});

type Body = Record<string, unknown>;
const post = (path: string, body?: object) => api.ask(tenant.key, 'POST', path, body);
const patch = (path: string, body: object) => api.ask(tenant.key, 'PATCH', path, body);

const bodies: Record<string, () => Body> = {
  domains: () => ({ name: `s${counter}.example` }),
  mailboxes: () => ({ address: `anna@s${counter}.example` }),
  'phone-numbers': () => ({ number: `+6125550${counter}` }),
  'linkedin-seats': () => ({ accountId: `seat-${counter}`, name: 'Anna' }),
};
const kinds = Object.keys(bodies);

async function registered(kind: string, more: Body = {}): Promise<string> {
  if (kind === 'mailboxes') await post('/v1/domains', bodies.domains?.());
  const answer = await post(`/v1/${kind}`, { ...bodies[kind]?.(), ...more });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return answer.json<{ id: string }>().id;
}

const pausable = (kind: string, id: string): Pausable =>
  kind === 'domains'
    ? { kind: 'domain', domainId: id, clientId: tenant.id }
    : { kind: 'sender', senderId: id, clientId: tenant.id };

/** Pauses for these reasons, each a minute after the one before it. */
async function pausedFor(kind: string, id: string, reasons: readonly PauseReason[]): Promise<void> {
  for (const [index, reason] of reasons.entries()) {
    const at = new Date(api.now.getTime() + index * 60_000);
    await pause(api.database.sql, pausable(kind, id), { reason, detail: `because of ${reason}` }, at);
  }
}

const reasonsOf = (body: Body): string[] => (body.pauses as { reason: string }[]).map((each) => each.reason);

describe.each(kinds)('pauses of %s', (kind) => {
  test('several hold at once, and each is shown with its reason, words and moment', async () => {
    const id = await registered(kind);
    await pausedFor(kind, id, ['dns', 'provider', 'operator']);
    const shown = (await api.ask(tenant.key, 'GET', `/v1/${kind}/${id}`)).json<Body>();
    expect(shown).toMatchObject({
      pausedAt: '2026-03-02T00:00:00.000Z',
      pauseReason: 'because of dns',
      health: { status: 'paused' },
      pauses: [
        { reason: 'dns', detail: 'because of dns', since: '2026-03-02T00:00:00.000Z' },
        { reason: 'provider', detail: 'because of provider', since: '2026-03-02T00:01:00.000Z' },
        { reason: 'operator', detail: 'because of operator', since: '2026-03-02T00:02:00.000Z' },
      ],
    });
  });

  test('a person lifts what a person can know of: what is missing in the DNS goes on holding', async () => {
    const id = await registered(kind);
    await pausedFor(kind, id, ['operator', 'provider', 'health', 'dns']);
    const resumed = (await post(`/v1/${kind}/${id}/resume`)).json<Body>();
    expect(reasonsOf(resumed)).toEqual(['dns']);
    expect(resumed).toMatchObject({ health: { status: 'paused' }, pauseReason: 'because of dns' });
  });

  test('pausing twice keeps the first moment', async () => {
    const id = await registered(kind);
    await post(`/v1/${kind}/${id}/pause`);
    const { now } = api;
    api.now = new Date(now.getTime() + 60_000);
    const again = (await post(`/v1/${kind}/${id}/pause`)).json<Body>();
    api.now = now;
    expect(again.pauses).toEqual([
      { reason: 'operator', detail: 'paused by the user', since: now.toISOString(), until: null },
    ]);
  });

  test('resuming one leaves the others of the client paused', async () => {
    const [one, other] = [await registered(kind), ((counter += 1000), await registered(kind))];
    for (const id of [one, other]) await post(`/v1/${kind}/${id}/pause`);
    counter -= 1000;
    await post(`/v1/${kind}/${one}/resume`);
    expect((await api.ask(tenant.key, 'GET', `/v1/${kind}/${other}`)).json<Body>()).toMatchObject({
      pauses: [{ reason: 'operator' }],
    });
  });
});

test('SEQ-7: a seat that is connected again is resumed from what the provider said, and from nothing else', async () => {
  const id = await registered('linkedin-seats');
  const headers = { 'x-webhook-secret': webhookSecrets.unipile };
  const seatIs = (message: string) =>
    api.ask(
      null,
      'POST',
      '/webhooks/unipile',
      { AccountStatus: { account_id: `seat-${counter}`, account_type: 'LINKEDIN', message } },
      headers,
    );
  const reasons = async () => reasonsOf((await api.ask(tenant.key, 'GET', `/v1/linkedin-seats/${id}`)).json<Body>());
  await pausedFor('linkedin-seats', id, ['operator', 'dns']);
  await seatIs('CREDENTIALS');
  expect((await reasons()).sort()).toEqual(['dns', 'operator', 'provider']);
  await seatIs('RECONNECTED');
  expect((await reasons()).sort()).toEqual(['dns', 'operator']);
});

describe('providers stand beside each other', () => {
  /** A second provider of every channel, for as long as these tests run. */
  const never = (): never => {
    throw new Error('nothing is sent here');
  };
  const second = provider({
    name: 'pigeon',
    title: 'Pigeons',
    variables: {},
    senders: { email: never, voice: never, sms: never, linkedin: never },
  });
  const list = manifests as ProviderManifest[];
  beforeAll(() => void list.push(second));
  afterAll(() => void list.splice(list.indexOf(second), 1));

  const table = [
    ['mailboxes', 'email', 'smtp', 'twilio'],
    ['phone-numbers', 'voice', 'twilio', 'clicksend'],
    ['phone-numbers', 'sms', 'clicksend', 'twilio'],
    ['linkedin-seats', 'linkedin', 'unipile', 'smtp'],
  ] as const;

  test.each(table)('%s send by %s through %s unless another one is given', async (kind, channel, first) => {
    const id = await registered(kind);
    const shown = () => api.ask(tenant.key, 'GET', `/v1/${kind}/${id}`);
    expect((await shown()).json<Body>()).toMatchObject({ providers: { [channel]: first } });
    const changed = await patch(`/v1/${kind}/${id}`, { providers: { [channel]: 'pigeon' } });
    expect(changed.statusCode).toBe(200);
    expect(changed.json<Body>()).toMatchObject({ providers: { [channel]: 'pigeon' } });
    expect((await shown()).json<Body>()).toEqual(changed.json());
  });

  test.each(table)(
    '%s: one that does not offer %s is refused by name (not %s, but %s)',
    async (kind, channel, first, wrong) => {
      const id = await registered(kind);
      counter += 1000;
      if (kind === 'mailboxes') await post('/v1/domains', bodies.domains?.());
      const refusals = [
        await post(`/v1/${kind}`, { ...bodies[kind]?.(), providers: { [channel]: wrong } }),
        await patch(`/v1/${kind}/${id}`, { providers: { [channel]: wrong } }),
        await patch(`/v1/${kind}/${id}`, { providers: { [channel]: 'nobody' } }),
      ];
      counter -= 1000;
      for (const answer of refusals) {
        expect(answer.statusCode).toBe(400);
        expect(badFields(answer)).toEqual([`providers.${channel}`]);
        expect(answer.body).toContain('pigeon');
      }
      // What was refused was not registered, and changed nothing.
      const { data } = (await api.ask(tenant.key, 'GET', `/v1/${kind}`)).json<{ data: Body[] }>();
      expect(data.map((row) => [row.id, (row.providers as Body)[channel]])).toEqual([[id, first]]);
    },
  );

  test('a number: changing one channel leaves the provider of the other alone', async () => {
    const id = await registered('phone-numbers', { providers: { sms: 'pigeon' } });
    const url = `/v1/phone-numbers/${id}`;
    const providers = async (body: object) => (await patch(url, body)).json<Body>().providers;
    expect(await providers({ providers: { voice: 'pigeon' } })).toEqual({ voice: 'pigeon', sms: 'pigeon' });
    expect(await providers({ providers: { voice: 'twilio' } })).toEqual({ voice: 'twilio', sms: 'pigeon' });
    expect(await providers({ channels: ['sms'] })).toEqual({ sms: 'pigeon' });
    expect(await providers({ channels: ['voice', 'sms'] })).toEqual({ voice: 'twilio', sms: 'pigeon' });
  });

  test.each([
    ['mailboxes', { providers: { sms: 'clicksend' } }, 'providers.sms'],
    ['phone-numbers', { channels: ['voice'], providers: { sms: 'clicksend' } }, 'providers.sms'],
    ['linkedin-seats', { providers: { email: 'smtp' } }, 'providers.email'],
    ['linkedin-seats', { providers: { fax: 'smtp' } }, 'providers.fax'],
  ])('%s %j: a channel that it does not have is refused', async (kind, more, field) => {
    if (kind === 'mailboxes') await post('/v1/domains', bodies.domains?.());
    const answer = await post(`/v1/${kind}`, { ...bodies[kind]?.(), ...more });
    expect([answer.statusCode, badFields(answer)]).toEqual([400, [field]]);
    expect(await api.database.sender.count({ where: { clientId: tenant.id } })).toBe(0);
  });
});

describe('a LinkedIn seat that the provider throttles', () => {
  const shown = async (id: string) => (await api.ask(tenant.key, 'GET', `/v1/linkedin-seats/${id}`)).json<Body>();
  const maxima = (body: Body): Record<string, number> =>
    Object.fromEntries(
      (body.limits as { counter: string; period: string; limit: number }[]).map((use) => [
        `${use.counter} ${use.period}`,
        use.limit,
      ]),
    );
  const full = {
    'seat_invitations day': 20,
    'seat_invitations sevenDays': 100,
    'seat_messages day': 50,
    'seat_profile_views day': 100,
  };
  const half = { ...full, 'seat_invitations day': 10, 'seat_messages day': 25, 'seat_profile_views day': 50 };

  test('is shown at rest until its end, then at half for three days, then as before', async () => {
    const id = await registered('linkedin-seats');
    const { now } = api;
    const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
    expect(await shown(id)).toMatchObject({ limit: 20, restedUntil: null, health: { status: 'sending' } });
    const rest = { clientId: tenant.id, senderId: id, error: 'limit_exceeded', until: hours(24) };
    await restSender(api.database.sql, rest, now);
    const resting = await shown(id);
    expect(resting).toMatchObject({
      restedUntil: hours(24).toISOString(),
      health: { status: 'paused' },
      pauses: [{ reason: 'provider', detail: 'limit_exceeded', until: hours(24).toISOString() }],
    });
    expect(maxima(resting)).toEqual(full);
    try {
      api.now = hours(24);
      const back = await shown(id);
      expect(back).toMatchObject({ limit: 10, pausedAt: null, pauses: [], health: { status: 'sending' } });
      expect(maxima(back)).toEqual(half);
      api.now = hours(24 + 2 * 24);
      expect(maxima(await shown(id))).toEqual(half);
      api.now = hours(24 + 3 * 24);
      expect(maxima(await shown(id))).toEqual(full);
    } finally {
      api.now = now;
    }
  });

  test('resuming one by hand ends its rest now; it comes back at half', async () => {
    const id = await registered('linkedin-seats');
    const rest = { clientId: tenant.id, senderId: id, error: 'account_restricted', until: null };
    await restSender(api.database.sql, rest, api.now);
    expect(await shown(id)).toMatchObject({ restedUntil: null, pauses: [{ reason: 'provider', until: null }] });
    const resumed = (await post(`/v1/linkedin-seats/${id}/resume`)).json<Body>();
    expect(resumed).toMatchObject({ limit: 10, pauses: [], restedUntil: api.now.toISOString() });
    expect(maxima(resumed)).toEqual(half);
  });
});
