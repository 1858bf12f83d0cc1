import { readEnrollment } from '../../store/enrollments/facts';
import { decideNextMove } from '../../domain/next-move';
import { secretKey } from '../store/fixtures';
import { ApiUnderTest, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let campaignId: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  tenant = await api.tenant();
  await api.ask(tenant.key, 'POST', '/v1/domains', { name: 'zones.example', warmupStartedAt: '2025-01-01' });
  await api.ask(tenant.key, 'POST', '/v1/mailboxes', { address: 'anna@zones.example' });
  await api.ask(tenant.key, 'POST', '/v1/phone-numbers', { number: '+61255506000' });
  campaignId = await api.campaign(tenant.key);
  await api.ask(tenant.key, 'POST', `/v1/campaigns/${campaignId}/activate`);
});
afterAll(() => api.stop());

let counter = 0;

/** Imports one lead of the client in Sydney; what is stored of when it may be called. */
async function imported(fields: Record<string, string>) {
  counter += 1;
  const email = `lead-${counter}@acme.example`;
  const answer = await api.ask(tenant.key, 'POST', `/v1/campaigns/${campaignId}/leads`, {
    leads: [{ email, ...fields }],
  });
  expect(answer.json()).toMatchObject({ imported: 1 });
  return api.database.lead.findFirstOrThrow({ where: { email }, include: { enrollments: true } });
}

/** What is decided on its call and its text, each as if it came next: "touch voice SEQ-2, skip sms TIME-3". */
async function decisionsOf(enrollmentId: string): Promise<string> {
  const decided: string[] = [];
  for (const step of [2, 5]) {
    const record = await readEnrollment(api.database.sql, enrollmentId, secretKey, new Date());
    if (record === null) throw new Error('no such enrollment');
    const steps = record.facts.steps.filter((each) => each.step === step);
    const decision = decideNextMove({ ...record.facts, steps }, api.now);
    decided.push(`${decision.kind} ${steps[0]?.channel} ${decision.rule}`);
  }
  return decided.join(', ');
}

describe('TIME-3: a lead without a country that is understood is called by its number’s', () => {
  test.each<[Record<string, string>, string, string | null]>([
    [{ mobile: '+493023125000' }, 'Australia/Sydney', 'Europe/Berlin'],
    [{ mobile: '+493023125000', country: 'Atlantis' }, 'Australia/Sydney', 'Europe/Berlin'],
    [{ phone: '+442079460123' }, 'Australia/Sydney', 'Europe/London'],
    // The mobile is the one that would be called.
    [{ mobile: '+442079460123', phone: '+493023125000' }, 'Australia/Sydney', 'Europe/London'],
    [{ mobile: '+493023125000', timezone: 'Europe/Berlin' }, 'Europe/Berlin', 'Europe/Berlin'],
    [{ mobile: '+493023125000', timezone: 'America/Chicago' }, 'America/Chicago', 'Europe/Berlin'],
    [{ mobile: '+88812345678901' }, 'Australia/Sydney', null],
    [{}, 'Australia/Sydney', null],
    // With a country, nothing changes.
    [{ mobile: '+493023125000', country: 'New Zealand' }, 'Pacific/Auckland', 'Pacific/Auckland'],
  ])('%j', async (fields, timezone, callTimezone) => {
    expect(await imported(fields)).toMatchObject({ timezone, callTimezone });
  });

  test('leads of one place are called by their own numbers, each of them', async () => {
    const leads = [
      { email: 'berlin@acme.example', mobile: '+493023125000' },
      { email: 'london@acme.example', mobile: '+442079460123' },
      { email: 'nowhere@acme.example' },
    ];
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${campaignId}/leads`, { leads });
    const rows = await api.database.lead.findMany({
      where: { email: { in: leads.map((lead) => lead.email) } },
      orderBy: { email: 'asc' },
      select: { callTimezone: true },
    });
    expect(rows.map((row) => row.callTimezone)).toEqual(['Europe/Berlin', 'Europe/London', null]);
  });

  test.each<[Record<string, string>, string]>([
    [{ timezone: 'America/New_York', country: 'US', mobile: '+13105550123' }, 'skip voice TIME-3, skip sms TIME-3'],
    [{ timezone: 'America/Los_Angeles', country: 'US', mobile: '+12125550123' }, 'touch voice SEQ-2, touch sms SEQ-2'],
    // Calls go to the mobile, if there is one; texts to nothing else.
    [
      { state: 'NSW', country: 'AU', mobile: '0491 570 006', phone: '+13105550123' },
      'touch voice SEQ-2, touch sms SEQ-2',
    ],
    [{ state: 'NSW', country: 'AU', phone: '+493023125000' }, 'skip voice TIME-3, skip sms SEQ-7'],
    [{ state: 'NSW', country: 'AU', phone: '(02) 5550 1234' }, 'touch voice SEQ-2, skip sms SEQ-7'],
  ])('the number counts too: %j → %s', async (fields, expected) => {
    const { enrollments } = await imported(fields);
    const id = enrollments[0]?.id ?? '';
    await api.database.enrollment.update({ where: { id }, data: { status: 'active', admittedAt: api.now } });
    expect(await decisionsOf(id)).toBe(expected);
  });

  test('of whom nothing tells when to call: calls and texts are skipped, each by TIME-3', async () => {
    const { enrollments } = await imported({ mobile: '+88812345678901' });
    const id = enrollments[0]?.id ?? '';
    await api.database.enrollment.update({ where: { id }, data: { status: 'active', admittedAt: api.now } });
    expect(await decisionsOf(id)).toBe('skip voice TIME-3, skip sms TIME-3');
  });
});
