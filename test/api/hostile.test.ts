import { ApiUnderTest, badFields, webhookSecrets, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  tenant = await api.tenant();
  await api.ask(tenant.key, 'POST', '/v1/domains', { name: 'growth.example', warmupStartedAt: '2026-01-01' });
  await api.ask(tenant.key, 'POST', '/v1/mailboxes', { address: 'anna@growth.example' });
});
afterAll(() => api.stop());

const { mail, clicksend, salesforge, unipile } = webhookSecrets;
const hook = (path: string, body: object | string, headers: Record<string, string> = {}) =>
  api.ask(null, 'POST', `/webhooks/${path}`, body, headers);

describe('an event that the database would refuse is stored all the same (TRUTH-5)', () => {
  const id = 'x'.repeat(100) + Array.from({ length: 900 }, (_, index) => (index * 7919).toString(36)).join('');
  const text = { from: '+61491570156', to: '+61255501234', body: 'hello' };
  const away = { subject: 'Automatic reply', content: 'out of office' };

  test.each([
    ['an id as long as a page', 'inbound', { message_id: id }],
    ['year 0', 'inbound', { message_id: 'year 0', timestamp: '0000-01-01' }],
    ['a year that no calendar has', 'inbound', { message_id: 'last year', timestamp: '+275760-09-13T00:00:00Z' }],
  ])('%s', async (_, path, fields) => {
    const before = await api.database.inboundEvent.count();
    for (const once of [1, 2]) {
      const answer = await hook(`clicksend/${clicksend}/${path}`, { ...text, ...fields });
      expect([once, answer.statusCode]).toEqual([once, 200]);
    }
    expect(await api.database.inboundEvent.count()).toBe(before + 1);
  });

  test('a reply whose Message-ID is as long as a page stops the sequence', async () => {
    const campaign = await api.campaign(tenant.key);
    await api.import(tenant.key, campaign, 'email\nlong@acme.example');
    const letter = `From: long@acme.example\r\nTo: anna@growth.example\r\nMessage-ID: <${id}@acme.example>\r\n\r\nHello there`;
    const answer = await hook(`mail/${mail}`, letter, { 'content-type': 'message/rfc822' });
    expect(answer.statusCode).toBe(200);
    const leadId = await api.leadId(tenant.key, campaign, 'long@acme.example');
    const { status } = await api.database.enrollment.findFirstOrThrow({ where: { leadId } });
    expect(status).toBe('stopped');
  });

  test('an automatic reply from the end of time holds from today', async () => {
    const campaign = await api.campaign(tenant.key);
    await api.import(tenant.key, campaign, 'email,country\naway@acme.example,Australia');
    const leadId = await api.leadId(tenant.key, campaign, 'away@acme.example');
    await api.database.enrollment.updateMany({ where: { leadId }, data: { status: 'active', admittedAt: api.now } });
    const webhookInfo = { type: 'email_replied', eventTime: '9999-12-31T00:00:00Z' };
    const event = { webhookInfo, contact: { email: 'away@acme.example' }, sequenceEmail: away };
    expect((await hook(`salesforge/${salesforge}`, event)).statusCode).toBe(200);
    const { holdUntil } = await api.database.enrollment.findFirstOrThrow({ where: { leadId } });
    expect(holdUntil?.toISOString().slice(0, 10)).toBe('2026-03-09');
  });

  test.each(['constructor', '__proto__', 'email_invented'])(
    'a type called %s is stored and means nothing',
    async (type) => {
      const event = { webhookInfo: { type }, contact: { id: type } };
      expect((await hook(`salesforge/${salesforge}`, event)).statusCode).toBe(200);
      const stored = await api.database.inboundEvent.findFirstOrThrow({
        where: { providerEventId: `${type}:::${type}` },
      });
      expect(stored.kind).toBe('unknown');
    },
  );

  test('a profile with a NUL in disguise', async () => {
    const sender = { attendee_provider_id: 'p1', attendee_profile_url: 'https://www.linkedin.com/in/a%00b' };
    const event = { event: 'message_received', account_id: 'seat-1', message_id: 'nul', sender };
    expect((await hook('unipile', event, { 'x-webhook-secret': unipile })).statusCode).toBe(200);
  });

  test('one that is nested deeper than anything can read is refused, not repeated for ever', async () => {
    const deep = `{"event":"x","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const headers = { 'x-webhook-secret': unipile, 'content-type': 'application/json' };
    expect((await hook('unipile', deep, headers)).statusCode).toBe(400);
  });
});

describe('an import with odd values takes the good rows', () => {
  test.each([
    ['a NUL in a profile', 'email,linkedin_url\nnul@acme.example,https://www.linkedin.com/in/%00\ngood1@acme.example,'],
    ['a country called constructor', 'email,country\nc@acme.example,constructor\ngood2@acme.example,__proto__'],
  ])('%s', async (_, csv) => {
    const answer = await api.import(tenant.key, await api.campaign(tenant.key), csv);
    expect(answer.json()).toEqual({ imported: 2, duplicates: 0, suppressed: 0, rejected: [] });
    const unknown = await api.database.lead.findFirst({ where: { email: 'c@acme.example' } });
    expect(unknown?.countryCode ?? null).toBeNull();
  });
});

describe('requests that make no sense are refused with a problem, never with a 500', () => {
  test.each(['/u/%00', '/u/%E0%A4%A', `/u/${'a'.repeat(600)}`, '/v1/leads/%E0%A4%A', `/v1/leads/${'a'.repeat(600)}`])(
    'GET %.30s',
    async (url) => {
      const answer = await api.ask(tenant.key, 'GET', url);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^(application\/problem\+json|text\/html)/);
    },
  );

  test('a filter with a NUL', async () => {
    const answer = await api.ask(tenant.key, 'GET', `/v1/campaigns/${await api.campaign(tenant.key)}/leads?email=%00`);
    expect([answer.statusCode, badFields(answer)]).toEqual([400, ['email']]);
  });

  test.each([
    ['domains', { name: 'old.example', warmupStartedAt: '0000-01-01' }, 'warmupStartedAt'],
    // Its later stages begin in a year of five digits, which sorts before all others: it would send 50 a day at once.
    ['domains', { name: 'far.example', warmupStartedAt: '9999-12-31' }, 'warmupStartedAt'],
    [
      'mailboxes',
      { address: 'b@growth.example', smtp: { host: 'h.example', port: 25, password: 'a\0b' } },
      'smtp.password',
    ],
  ])('POST /v1/%s %j', async (path, body, field) => {
    const answer = await api.ask(tenant.key, 'POST', `/v1/${path}`, body);
    expect([answer.statusCode, badFields(answer)]).toEqual([400, [field]]);
  });
});

/** A provider that is no longer in the list: its touches are refused and wait (SEQ-7), and nobody else takes them over. */
test.each(['mailboxes', 'linkedin-seats'])(
  'a change of %s that names no provider leaves the one that it has',
  async (path) => {
    await api.ask(tenant.key, 'POST', '/v1/linkedin-seats', { accountId: 'seat-gone', name: 'Anna' });
    const [{ id = '' } = {}] = (await api.ask(tenant.key, 'GET', `/v1/${path}`)).json<{ data: { id?: string }[] }>()
      .data;
    await api.database.senderChannel.updateMany({ where: { senderId: id }, data: { provider: 'gone' } });
    const answer = await api.ask(tenant.key, 'PATCH', `/v1/${path}/${id}`, { providers: {} });
    expect(answer.statusCode).toBe(200);
    expect(Object.values(answer.json<{ providers: object }>().providers)).toEqual(['gone']);
  },
);
