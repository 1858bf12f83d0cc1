import { rescoreLeads } from '../../store/leads/scoring';
import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let campaignId: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  campaignId = await api.campaign(tenant.key);
  const csv =
    'email,title,company_size,industry,mobile,country,als_score\n' +
    'jane@acme.example,CEO,35,Software,+61491570006,Australia,\n' +
    'john@other.example,CEO,35,Software,+61491570007,Australia,62\n';
  await api.import(tenant.key, campaignId, csv);
});

const leadId = (email: string) => api.leadId(tenant.key, campaignId, email);
const lead = async (email: string) =>
  (await api.ask(tenant.key, 'GET', `/v1/leads/${await leadId(email)}`)).json<{
    alsScore: number | null;
    emailStatus: string;
    score: { value: number; tier: string; source: string; parts: { part: string; points: number; items: object[] }[] };
  }>();
const patch = (url: string, body: object) => api.ask(tenant.key, 'PATCH', url, body);
const score = async () =>
  rescoreLeads(api.database, { clientId: tenant.id, leadIds: [await leadId('jane@acme.example')] }, api.now);

test('ACC-1: a lead that was imported without a score has none', async () => {
  expect(await lead('jane@acme.example')).toMatchObject({ alsScore: null, score: null, emailStatus: 'unchecked' });
});

test('an import’s own score shows its tier and that it has no parts', async () => {
  expect((await lead('john@other.example')).score).toEqual({ value: 62, tier: 'warm', source: 'import', parts: null });
});

test('ACC-3: a computed score shows each part and line, with its points and the reason', async () => {
  await score();
  const { alsScore, score: shown } = await lead('jane@acme.example');
  expect(shown).toMatchObject({ value: alsScore, source: 'computed' });
  expect(shown.parts.map(({ part }) => part)).toEqual(['dataQuality', 'authority', 'companyFit', 'timing', 'risk']);
  expect(shown.parts.reduce((sum, { points }) => sum + points, 0)).toBe(alsScore);
  expect(shown.parts[3]?.items[0]).toEqual({
    item: 'newInRole',
    points: 0,
    most: 6,
    known: false,
    reason: 'the start in the role is unknown',
  });
  expect(JSON.stringify(shown)).not.toMatch(/jane|acme|35/i);
});

test('the timeline tells the score with its points', async () => {
  await score();
  const timeline = await api.ask(tenant.key, 'GET', `/v1/leads/${await leadId('jane@acme.example')}/timeline`);
  expect(timeline.json<{ data: object[] }>().data).toContainEqual(
    expect.objectContaining({ what: 'scored', rule: 'ACC-3', numbers: expect.objectContaining({ authority: 25 }) }),
  );
});

test('a changed targeting, and named competitors, change computed scores and nobody else’s', async () => {
  await patch(`/v1/campaigns/${campaignId}`, { targeting: { industries: ['Software'], titles: [] } });
  await score();
  const before = (await lead('jane@acme.example')).score.value;
  await patch(`/v1/campaigns/${campaignId}`, { targeting: { industries: ['Retail'] } });
  expect((await lead('jane@acme.example')).score.value).toBe(before - 10);
  const changed = await patch('/v1/client', { competitors: ['https://www.ACME.example/', 'rival.example'] });
  expect(changed.json()).toMatchObject({ competitors: ['acme.example', 'rival.example'] });
  expect((await lead('jane@acme.example')).score.value).toBe(before - 20);
  expect((await lead('john@other.example')).score.value).toBe(62);
});

test('a competitor that is no domain is refused by name', async () => {
  const answer = await patch('/v1/client', { competitors: ['Acme Inc'] });
  expect(answer.statusCode).toBe(400);
  expect(badFields(answer)).toEqual(['competitors[0]']);
});

describe('what an import says beside the contact', () => {
  const stored = (email: string) =>
    api.database.lead.findUniqueOrThrow({ where: { clientId_email: { clientId: tenant.id, email } } });

  test("is read under Apollo's names", async () => {
    const csv = 'Email,Email Status,Last Raised At\napollo@acme.example,Verified,2025-09-01\n';
    await api.import(tenant.key, campaignId, csv);
    expect(await stored('apollo@acme.example')).toMatchObject({
      emailVerified: true,
      fundedOn: new Date('2025-09-01'),
      roleStartedOn: null,
      isHiring: null,
    });
  });

  test.each([
    ['Extrapolated', '2025-01-05T08:00:00Z', 'No', [false, '2025-01-05', false]],
    ['New Data Available', 'last spring', 'perhaps', [null, null, null]],
    ['', '2025-02-30', '', [null, null, null]],
    ['unverified', '0000-01-01', 'TRUE', [false, null, true]],
    ['VERIFIED', '2025', '1', [true, null, true]],
  ])('"%s", "%s", "%s" refuse no row', async (verified, since, hiring, expected) => {
    const csv = `email,email_status,role_started_on,is_hiring\nodd@acme.example,${verified},${since},${hiring}\n`;
    expect((await api.import(tenant.key, campaignId, csv)).json()).toMatchObject({ imported: 1, rejected: [] });
    const { emailVerified, roleStartedOn, isHiring } = await stored('odd@acme.example');
    expect([emailVerified, roleStartedOn?.toISOString().slice(0, 10) ?? null, isHiring]).toEqual(expected);
  });

  test('stays when a later import says nothing of it, and gives way to what is newer', async () => {
    const header = 'email,email_status,role_started_on,is_hiring\n';
    await api.import(tenant.key, campaignId, `${header}later@acme.example,verified,2025-01-05,yes\n`);
    await api.import(tenant.key, await api.campaign(tenant.key), 'email\nlater@acme.example\n');
    expect(await stored('later@acme.example')).toMatchObject({ emailVerified: true, isHiring: true });
    await api.import(tenant.key, await api.campaign(tenant.key), `${header}later@acme.example,,2026-02-01,no\n`);
    expect(await stored('later@acme.example')).toMatchObject({
      emailVerified: true,
      isHiring: false,
      roleStartedOn: new Date('2026-02-01'),
    });
  });
});

test('the description of the API has it', async () => {
  const answer = await api.ask(null, 'GET', '/openapi.json');
  expect(answer.body).toContain('competitors');
  expect(answer.body).toContain('emailStatus');
});
