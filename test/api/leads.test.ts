import { randomUUID } from 'node:crypto';
import { addSuppression } from '../../store/leads/suppressions';
import { secretKey } from '../store/fixtures';
import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let campaignId: string;
let leadId: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  campaignId = await api.campaign(tenant.key);
  const csv =
    'email,first_name,company,mobile,phone,linkedin_url,country,als_score\n' +
    'jane@acme.example,Jane,Acme,+61491570006,+61255501234,https://www.linkedin.com/in/jane-doe,Australia,85\n' +
    'john@other.example,John,Other,,,,Australia,\n';
  await api.import(tenant.key, campaignId, csv);
  leadId = await api.leadId(tenant.key, campaignId, 'jane@acme.example');
  api.workflows.told.length = 0;
});

const enrollment = (id = leadId) => api.database.enrollment.findFirstOrThrow({ where: { leadId: id } });

/** A touch with its text, and an event about it, as a running sequence would have left them. */
async function touched(status: 'planned' | 'sent' = 'planned'): Promise<string> {
  const { id: enrollmentId } = await enrollment();
  const { id: clientId } = tenant;
  await api.database.enrollment.update({
    where: { id: enrollmentId },
    data: { status: 'active', admittedAt: api.now },
  });
  const address = `anna@${randomUUID().slice(0, 8)}.example`;
  const { id: senderId } = await api.database.sender.create({ data: { clientId, kind: 'mailbox', address } });
  const slotAt = new Date('2026-03-03T22:14:09Z');
  const claimed = status === 'sent' ? { fence: 1, claimedAt: slotAt, sentAt: slotAt, sentOn: slotAt } : {};
  const because = { reason: 'due', rule: 'SEQ-2', numbers: { day: 0 } };
  const step = { step: 1, channel: 'email', status, slotAt, senderId };
  const touch = await api.database.touch.create({
    data: { clientId, campaignId, enrollmentId, ...step, ...claimed, ...because },
  });
  const usage = { promptVersion: '1', model: 'm', inputTokens: 1, outputTokens: 1, costMicroUsd: 1 };
  const content = { subject: 'Hello Jane', body: 'Jane, …' };
  await api.database.touchText.create({
    data: { touchId: touch.id, clientId, content, createdAt: api.now, ...usage },
  });
  const times = { occurredAt: api.now, receivedAt: api.now };
  await api.database.inboundEvent.create({
    data: {
      provider: 'mail',
      providerEventId: randomUUID(),
      kind: 'opened',
      payload: { from: 'jane@acme.example' },
      subjects: { create: { clientId, leadId } },
      ...times,
    },
  });
  return touch.id;
}

test('a lead shows what is known of it and where it stands', async () => {
  const touchId = await touched('sent');
  const answer = await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}`);
  expect(answer.json()).toMatchObject({
    id: leadId,
    email: 'jane@acme.example',
    firstName: 'Jane',
    alsScore: 85,
    timezone: 'Australia/Sydney',
    timezoneSource: 'country',
    enrollments: [
      { campaignId, status: 'active', stopReason: null, touches: [{ id: touchId, step: 1, rule: 'SEQ-2' }] },
    ],
  });
  expect(answer.body).not.toMatch(/unsubscribeToken|Hello Jane/);
});

test('leads of a campaign are listed in the order of import, by status and address if wanted', async () => {
  await touched();
  const emails = async (query: string) =>
    (await api.ask(tenant.key, 'GET', `/v1/campaigns/${campaignId}/leads${query}`))
      .json<{ data: { email: string }[] }>()
      .data.map((row) => row.email);
  expect(await emails('')).toEqual(['jane@acme.example', 'john@other.example']);
  expect(await emails('?status=active')).toEqual(['jane@acme.example']);
  expect(await emails('?email=JOHN@other.example')).toEqual(['john@other.example']);
});

test('the timeline tells what happened in order, and what is planned', async () => {
  const touchId = await touched();
  const { id: enrollmentId } = await enrollment();
  const entry = {
    clientId: tenant.id,
    enrollmentId,
    touchId,
    step: 1,
    at: api.now,
    rule: 'SEQ-2',
    numbers: { day: 0 },
  };
  await api.database.timelineEntry.create({ data: { ...entry, what: 'planned', reason: 'due today' } });
  const first = await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}/timeline?limit=1`);
  const page = first.json<{ nextCursor: string }>();
  expect(page).toMatchObject({
    data: [{ what: 'imported', rule: 'CTL-1', numbers: { row: 2 } }],
    planned: [{ touchId, step: 1, channel: 'email', slotAt: '2026-03-03T22:14:09.000Z', rule: 'SEQ-2' }],
  });
  const second = await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}/timeline?limit=1&cursor=${page.nextCursor}`);
  expect(second.json()).toMatchObject({
    data: [{ what: 'planned', reason: 'due today', rule: 'SEQ-2', numbers: { day: 0 }, step: 1, touchId }],
    nextCursor: null,
  });
});

describe('stop', () => {
  test('cancels what is planned, tells the story, owes the workflow a signal and tries to deliver it', async () => {
    await touched();
    const answer = await api.ask(tenant.key, 'POST', `/v1/leads/${leadId}/stop`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      enrollments: [{ status: 'stopped', stopReason: 'stopped by the user', touches: [{ status: 'cancelled' }] }],
    });
    const owed = await api.database.outbox.findMany({ where: { subjectId: (await enrollment()).id } });
    expect(owed).toMatchObject([{ kind: 'leadSignal', payload: { signal: 'leadWoken' }, deliveredAt: api.now }]);
    expect(api.workflows.told).toEqual(['signals']);
    // Others go on.
    const john = await api.leadId(tenant.key, campaignId, 'john@other.example');
    expect((await enrollment(john)).status).toBe('waiting');
  });

  test('again is harmless, and works while Temporal is away', async () => {
    api.workflows.away = true;
    for (const _ of [1, 2]) {
      expect((await api.ask(tenant.key, 'POST', `/v1/leads/${leadId}/stop`)).statusCode).toBe(200);
    }
    api.workflows.away = false;
    expect((await enrollment()).status).toBe('stopped');
  });
});

describe('erase', () => {
  test('nothing personal is left anywhere, and touches stay as ids', async () => {
    const touchId = await touched();
    await api.ask(tenant.key, 'POST', '/v1/suppressions', { email: 'jane@acme.example' });
    expect((await api.ask(tenant.key, 'DELETE', `/v1/leads/${leadId}`)).statusCode).toBe(204);
    const tables = await api.database.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'idempotency_key')`;
    for (const { name } of tables) {
      const rows = await api.database.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
      const left = rows.filter(({ row }) => row.includes(tenant.id) || row.includes(leadId)).map(({ row }) => row);
      expect([name, left.filter((row) => /jane|acme|491570006|255501234/i.test(row))]).toEqual([name, []]);
    }
    expect(await api.database.touch.findUnique({ where: { id: touchId } })).toMatchObject({ status: 'cancelled' });
    expect((await enrollment()).status).toBe('stopped');
    expect((await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}`)).statusCode).toBe(404);
    const listed = await api.ask(tenant.key, 'GET', `/v1/campaigns/${campaignId}/leads`);
    expect(listed.json<{ data: unknown[] }>().data).toHaveLength(1);
  });

  test.each([
    'email\nJane@acme.example\n',
    'email,mobile\nother@acme.example,+61491570006\n',
    'email,linkedin_url\nother@acme.example,http://linkedin.com/in/jane-doe/\n',
  ])('the person stays suppressed, by hashes alone: %j', async (csv) => {
    await api.ask(tenant.key, 'DELETE', `/v1/leads/${leadId}`);
    expect((await api.import(tenant.key, campaignId, csv)).json()).toMatchObject({ imported: 0, suppressed: 1 });
    const { data } = (await api.ask(tenant.key, 'GET', '/v1/suppressions')).json<{ data: { value: unknown }[] }>();
    expect(data.length).toBe(3);
    expect(data.every((row) => row.value === null)).toBe(true);
  });

  test('a colleague under the same switchboard stays reachable', async () => {
    await api.ask(tenant.key, 'DELETE', `/v1/leads/${leadId}`);
    const answer = await api.import(tenant.key, campaignId, 'email,phone\njim@acme.example,+61255501234\n');
    expect(answer.json()).toMatchObject({ imported: 1, suppressed: 0 });
  });

  test('again is harmless', async () => {
    await api.ask(tenant.key, 'DELETE', `/v1/leads/${leadId}`);
    expect((await api.ask(tenant.key, 'DELETE', `/v1/leads/${leadId}`)).statusCode).toBe(204);
  });
});

describe('suppressions', () => {
  test.each([
    [{ email: 'JANE@acme.example' }],
    [{ domain: 'acme.example' }],
    [{ phone: '+61491570006' }],
    [{ phone: '+61255501234' }],
    [{ linkedinUrl: 'https://au.linkedin.com/in/jane-doe?trk=x' }],
  ])('%p stops the sequences it is about and no others', async (body) => {
    await touched();
    expect((await api.ask(tenant.key, 'POST', '/v1/suppressions', body)).statusCode).toBe(201);
    expect(await enrollment()).toMatchObject({ status: 'stopped', stopRule: 'CTL-3' });
    const john = await api.leadId(tenant.key, campaignId, 'john@other.example');
    expect((await enrollment(john)).status).toBe('waiting');
    expect(api.workflows.told).toEqual(['signals']);
  });

  test('one that stands already answers 200 with what stands; an e-mail-only one is widened', async () => {
    await addSuppression(api.database.sql, secretKey, {
      clientId: tenant.id,
      kind: 'email',
      value: 'jane@acme.example',
      keepValue: true,
      scope: 'email',
      reason: 'hard bounce',
      now: api.now,
    });
    const answer = await api.ask(tenant.key, 'POST', '/v1/suppressions', {
      email: 'jane@acme.example',
      reason: 'asked',
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ kind: 'email', value: 'jane@acme.example', scope: 'all', reason: 'asked' });
  });

  test('lists by kind', async () => {
    await api.ask(tenant.key, 'POST', '/v1/suppressions', { domain: 'x.example' });
    await api.ask(tenant.key, 'POST', '/v1/suppressions', { email: 'a@y.example' });
    const answer = await api.ask(tenant.key, 'GET', '/v1/suppressions?kind=domain');
    expect(answer.json()).toMatchObject({ data: [{ kind: 'domain', value: 'x.example', scope: 'all' }] });
  });

  test.each([
    [{}, 'value'],
    [{ value: 'a@y.example' }, 'kind'],
    [{ kind: 'fax', value: '1' }, 'kind'],
    [{ email: 'nobody' }, 'email'],
    [{ domain: 'acme' }, 'domain'],
    [{ phone: '12345' }, 'phone'],
    [{ linkedinUrl: 'https://www.linkedin.com/company/acme' }, 'linkedinUrl'],
    [{ email: 'a@y.example', domain: 'y.example' }, 'domain'],
    [{ email: 'a@y.example', scope: 'email' }, 'scope'],
  ])('%p is refused', async (body, field) => {
    const answer = await api.ask(tenant.key, 'POST', '/v1/suppressions', body);
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual([field]);
  });
});
