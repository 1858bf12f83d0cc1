import { ApiUnderTest, type Tenant } from './api-under-test';
import { createTestSender } from '../store/fixtures';
import { dateValue } from '../../store/dates';

let api: ApiUnderTest;
let tenant: Tenant;
let tenants = 0;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  tenants += 1;
  const { database } = api;
  const name = `migration${tenants}.example`;
  const domain = { clientId: tenant.id, name, warmupStartedAt: dateValue('2025-01-01') };
  const { id: domainId } = await database.sendingDomain.create({ data: domain });
  const mailbox = { address: `anna@${name}`, channels: ['email'] as const, domainId };
  await createTestSender(database, tenant.id, { kind: 'mailbox', ...mailbox });
  const seat = { address: `seat-migration-${tenants}`, channels: ['linkedin'] as const };
  await createTestSender(database, tenant.id, { kind: 'linkedin_seat', ...seat });
});

const steps = [
  { step: 1, day: 0, channel: 'email', purpose: 'intro' },
  { step: 2, day: 2, channel: 'email', purpose: 'value-add' },
  { step: 3, day: 4, channel: 'email', purpose: 'goodbye' },
];
const lead = (name: string, ...finished: string[]) => ({
  email: `${name}@acme.example`,
  firstName: name,
  country: 'Australia',
  state: 'NSW',
  linkedinUrl: `https://www.linkedin.com/in/${name}`,
  finishedSteps: finished.map((day, index) => ({ step: index + 1, doneAt: `${day}T00:00:00Z` })),
});
const people = [
  lead('fresh'),
  lead('once', '2026-02-25'),
  lead('twice', '2026-02-23', '2026-02-27'),
  lead('thrice', '2026-02-16', '2026-02-18', '2026-02-27'),
];

async function imported(): Promise<string> {
  const body = { externalId: 'crm-1', name: 'Old', steps, leads: people };
  const answer = await api.ask(tenant.key, 'POST', '/v1/campaigns/import', body);
  return answer.json<{ campaign: { id: string } }>().campaign.id;
}
const preview = (id: string, query = '', key = tenant.key) =>
  api.ask(key, 'POST', `/v1/campaigns/${id}/migration${query}`);
const apply = (id: string, headers: Record<string, string> = {}, key = tenant.key) =>
  api.ask(key, 'POST', `/v1/campaigns/${id}/migration/apply`, undefined, headers);

interface Preview {
  usesDefaultSequence: boolean;
  sequence: { step: number; channel: string }[];
  summary: Record<string, unknown>;
  leads: {
    data: {
      outcome: string;
      fromStep: number;
      toStep: number;
      nextTouchOn: string;
      skipped: { step: number; rule: string }[];
    }[];
    nextCursor: string | null;
  };
}
/** Everything of this client that a preview might have touched. */
const everything = async () => {
  const where = { clientId: tenant.id };
  return JSON.stringify([
    await api.database.campaign.findMany({ where, include: { steps: true } }),
    await api.database.enrollment.findMany({ where, include: { touches: true, finished: true } }),
    await api.database.timelineEntry.count({ where }),
    await api.database.outbox.count({ where }),
  ]);
};

describe('POST /v1/campaigns/:id/migration', () => {
  test('says for each lead where it goes on, what is left out, and when; and changes nothing', async () => {
    const id = await imported();
    const before = await everything();
    const answers = [await preview(id), await preview(id)];
    expect(answers[0]?.json()).toEqual(answers[1]?.json());
    expect(await everything()).toBe(before);
    const body = answers[0]?.json<Preview>();
    expect(body?.summary).toEqual({
      moved: 4,
      withoutNextStep: 0,
      alreadyThere: 0,
      completed: 0,
      stopped: 0,
      stops: {},
    });
    expect(body?.sequence.map(({ step, channel }) => `${step} ${channel}`)).toEqual([
      '1 email',
      '2 email',
      '3 linkedin',
      '4 email',
      '5 email',
    ]);
    const told = body?.leads.data.map(({ fromStep, toStep, nextTouchOn, skipped }) => {
      const left = skipped.map(({ step, rule }) => `${step} ${rule}`).join(', ');
      return `${fromStep} → ${toStep} on ${nextTouchOn}, without ${left}`;
    });
    expect(told).toEqual([
      '0 → 1 on 2026-03-02, without ',
      '1 → 2 on 2026-03-02, without 1 MIG-2',
      '2 → 3 on 2026-03-02, without 1 MIG-2, 2 MIG-2, 4 MIG-2',
      '3 → 5 on 2026-03-02, without 1 MIG-2, 2 MIG-2, 3 MIG-2, 4 MIG-2',
    ]);
  });

  test('in pages', async () => {
    const id = await imported();
    const first = (await preview(id, '?limit=3')).json<Preview>().leads;
    const second = (await preview(id, `?limit=3&cursor=${first.nextCursor}`)).json<Preview>().leads;
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([3, 1, null]);
  });

  test('a stopped lead stays, with its reason', async () => {
    const id = await imported();
    await api.ask(tenant.key, 'POST', `/v1/leads/${await api.leadId(tenant.key, id, 'once@acme.example')}/stop`);
    const { leads, summary } = (await preview(id)).json<Preview>();
    expect(leads.data[1]).toMatchObject({
      outcome: 'stopped',
      reason: 'stopped by the user',
      rule: 'CTL-3',
      toStep: null,
    });
    expect(summary).toMatchObject({ moved: 3, stopped: 1, stops: { 'stopped by the user': 1 } });
  });
});

describe('POST /v1/campaigns/:id/migration/apply', () => {
  test('moves the campaign and each lead as the preview said; twice is once', async () => {
    const id = await imported();
    const before = (await preview(id)).json<Preview>();
    const answer = await apply(id);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      usesDefaultSequence: true,
      summary: before.summary,
      sequence: before.sequence,
    });
    const after = await everything();
    const again = await apply(id);
    expect(again.json<Preview>().summary).toMatchObject({ moved: 0, alreadyThere: 4 });
    expect(await everything()).toBe(after);
    const rows = await api.database.enrollment.findMany({ where: { campaignId: id }, orderBy: { position: 'asc' } });
    expect(rows.map(({ fromStep }) => fromStep)).toEqual([1, 2, 3, 4]);
    const timeline = await api.ask(
      tenant.key,
      'GET',
      `/v1/leads/${await api.leadId(tenant.key, id, 'twice@acme.example')}/timeline`,
    );
    expect(timeline.json<{ data: { what: string }[] }>().data.slice(-2)).toMatchObject([
      { what: 'moved', rule: 'MIG-2', numbers: { lastOwnStep: 2, nextStep: 3, skipped: '1, 2, 4' } },
      { what: 'skipped', step: 4, rule: 'MIG-2', reason: 'done already as step 2 of its own sequence' },
    ]);
    const outcomes = (await preview(id)).json<Preview>().leads.data.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(Array(4).fill('alreadyThere'));
  });

  test('under an Idempotency-Key the first answer comes again', async () => {
    const id = await imported();
    const answers = [await apply(id, { 'idempotency-key': 'move' }), await apply(id, { 'idempotency-key': 'move' })];
    expect(answers[1]?.json()).toEqual(answers[0]?.json());
    expect(answers[1]?.json<Preview>().summary).toMatchObject({ moved: 4 });
  });

  test('a campaign that always used the default sequence is there already', async () => {
    const id = await api.campaign(tenant.key);
    await api.import(tenant.key, id, 'email\njane@acme.example\n');
    expect((await apply(id)).json<Preview>().summary).toMatchObject({ moved: 0, alreadyThere: 1 });
    expect((await preview(id)).json<Preview>().leads.data).toMatchObject([{ outcome: 'alreadyThere' }]);
  });

  test('then it is as any other: activation generates, leads come by the leads route, positions no more', async () => {
    const id = await imported();
    await apply(id);
    const activated = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/activate`);
    expect(activated.json()).toMatchObject({ status: 'active', usesDefaultSequence: true });
    const again = await api.ask(tenant.key, 'POST', '/v1/campaigns/import', {
      externalId: 'crm-1',
      name: 'Old',
      steps,
    });
    expect([again.statusCode, again.json<{ detail: string }>().detail]).toEqual([
      409,
      `Campaign ${id} has moved to the default sequence. Import further leads by POST /v1/campaigns/${id}/leads.`,
    ]);
    expect((await api.import(tenant.key, id, 'email\nnew@acme.example\n')).json()).toMatchObject({ imported: 1 });
  });

  test('without any channel there is nothing to move to, and it is said what to do', async () => {
    const id = await imported();
    await api.database.senderChannel.deleteMany({ where: { clientId: tenant.id } });
    expect((await preview(id)).json<Preview>().leads.data[0]).toMatchObject({ toStep: null, rule: 'SEQ-6' });
    const answer = await apply(id);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      409,
      'The client has no channel yet, so there is no sequence to move to. Register a sender first.',
    ]);
    const { usesDefaultSequence } = await api.database.campaign.findUniqueOrThrow({ where: { id } });
    expect(usesDefaultSequence).toBe(false);
  });

  test('a completed campaign has nothing to move', async () => {
    const id = await imported();
    for (const move of ['activate', 'complete']) await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/${move}`);
    expect([(await preview(id)).statusCode, (await apply(id)).statusCode]).toEqual([409, 409]);
  });

  test('another client’s campaign is not found, and not moved', async () => {
    const id = await imported();
    const other = await api.tenant();
    expect([(await preview(id, '', other.key)).statusCode, (await apply(id, {}, other.key)).statusCode]).toEqual([
      404, 404,
    ]);
    const { usesDefaultSequence } = await api.database.campaign.findUniqueOrThrow({ where: { id } });
    expect(usesDefaultSequence).toBe(false);
  });

  test('a body is refused by name', async () => {
    const id = await imported();
    const answer = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/migration/apply`, { steps });
    expect(answer.statusCode).toBe(400);
  });
});
