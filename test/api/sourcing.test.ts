import { serveNext } from '../../workers/sourcing';
import { apifySource } from '../../providers/apify/client';
import { apolloEnrichment, apolloSource } from '../../providers/apollo/client';
import { SourceUnavailable, type PersonFacts } from '../../providers/ports';
import { directoryOf, busy, personNr } from '../activities/sources';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { anywhere } from '../providers/local-api';
import { config, secrets } from '../simulator/support/settings';
import { openWorld, type TestWorld } from '../simulator/support/world';
import { ApiUnderTest, badFields, monday, type Tenant } from './api-under-test';
import type { LeadSource } from '../../providers/ports';

let world: TestWorld;
let api: ApiUnderTest;
/** What the API and the worker of a test search. */
const sources: LeadSource[] = [];
let enrichment = directoryOf([]).enrichment;

beforeAll(async () => {
  world = await openWorld(config());
  api = await ApiUnderTest.start({ leadSources: sources, canEnrich: true });
});
afterAll(async () => {
  await api.stop();
  await world.world.close();
});
beforeEach(() => {
  const apollo = { baseUrl: `${world.httpUrl}/apollo`, apiKey: secrets.apolloApiKey };
  searchAt(apolloSource(apollo, anywhere()));
  enrichment = apolloEnrichment(apollo, anywhere());
  api.now = monday;
});

const searchAt = (...these: LeadSource[]): void => void sources.splice(0, sources.length, ...these);
const operations = { titles: ['Head of Operations', 'COO'], locations: ['Australia', 'Germany'] };
const started = async (targeting: object = operations): Promise<{ tenant: Tenant; id: string }> => {
  const tenant = await api.tenant();
  return { tenant, id: await api.campaign(tenant.key, { targeting }) };
};

/** What the worker does; until nothing is due. */
async function work(): Promise<void> {
  const clock = { now: () => Promise.resolve(api.now), toWorkflowTime: (at: Date) => at.getTime() };
  const providers = { ...createRecordingProviders(api.database, clock, {}), leadSources: sources, enrichment };
  const deliverOutbox = () => api.relay();
  const secretKey = 'a key for tests that is long enough';
  const deps = { database: api.database, clock, providers, log: silentLog, secretKey, deliverOutbox };
  while (await serveNext(deps));
}

interface Shown {
  requests: { status: string; outcome: string | null; imported: number; credits: number; lastError: string | null }[];
  searches: { provider: string; total: number | null; exhaustedAt: string | null }[];
}
const shown = async (key: string, id: string): Promise<Shown> =>
  (await api.ask(key, 'GET', `/v1/campaigns/${id}/source`)).json<Shown>();

describe('POST /v1/campaigns/:id/source', () => {
  test('owes the leads, and the worker brings them', async () => {
    const { tenant, id } = await started();
    const answer = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 15 });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ campaignId: id, status: 'open', wanted: 15, imported: 0, outcome: null });
    await work();
    const { requests, searches } = await shown(tenant.key, id);
    expect(requests).toMatchObject([{ status: 'done', outcome: 'enough', imported: 15, lastError: null }]);
    expect(requests[0]?.credits).toBeGreaterThanOrEqual(15);
    expect(searches).toMatchObject([{ provider: 'apollo', exhaustedAt: null }]);
    const leads = (await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}/leads`)).json<{
      data: { id: string; country: string; timezoneSource: string; fieldSources: Record<string, { by: string }> }[];
    }>().data;
    expect(leads).toHaveLength(15);
    expect(leads.every(({ country }) => ['Australia', 'Germany'].includes(country))).toBe(true);
    expect(leads.filter(({ timezoneSource }) => timezoneSource === 'hq').length).toBeGreaterThan(10);
    expect(leads[0]?.fieldSources['email']).toEqual({ by: 'apollo', at: monday.toISOString() });
    const timeline = await api.ask(tenant.key, 'GET', `/v1/leads/${leads[0]?.id}/timeline`);
    expect(timeline.json()).toMatchObject({
      data: [{ what: 'sourced' }, { what: 'enriched', numbers: { credits: 1 } }, { what: 'scored' }],
    });
  });

  test('without a body asks for the usual hundred; by a retry under one key only once', async () => {
    const { tenant, id } = await started();
    const headers = { 'idempotency-key': 'once' };
    const first = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, undefined, headers);
    expect(first.json()).toMatchObject({ wanted: 100 });
    const again = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, undefined, headers);
    expect(again.json()).toEqual(first.json());
    await work();
    expect((await shown(tenant.key, id)).requests).toHaveLength(1);
  });

  test('one at a time: the second is refused until the first is done', async () => {
    const { tenant, id } = await started();
    const ask = () => api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 2 });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
    await work();
    expect((await ask()).statusCode).toBe(202);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ imported: 2 }, { imported: 2 }]);
  });

  test('an active campaign hears of its new leads; a draft needs not', async () => {
    const [active, draft] = [await started(), await started()];
    const { key } = active.tenant;
    await api.ask(key, 'POST', '/v1/domains', { name: 'sourcing.example' });
    await api.ask(key, 'POST', '/v1/mailboxes', { address: 'anna@sourcing.example' });
    await api.ask(key, 'POST', `/v1/campaigns/${active.id}/activate`);
    api.workflows.told.splice(0);
    await api.ask(key, 'POST', `/v1/campaigns/${active.id}/source`, { count: 1 });
    await api.ask(draft.tenant.key, 'POST', `/v1/campaigns/${draft.id}/source`, { count: 1 });
    await work();
    expect(api.workflows.told).toEqual([`start ${active.id}`]);
  });

  test.each<[string, object, string]>([
    ['0', { count: 0 }, 'count'],
    ['501', { count: 501 }, 'count'],
    ['half a lead', { count: 1.5 }, 'count'],
    ['text', { count: 'many' }, 'count'],
    ['what the system decides', { daily_limit: 5 }, 'daily_limit'],
  ])('%s is refused by name', async (_, body, field) => {
    const { tenant, id } = await started();
    const answer = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, body);
    expect(answer.statusCode).toBe(400);
    expect(badFields(answer)).toEqual([field]);
  });

  test('a targeting that names nobody is refused, with the remedy', async () => {
    const { tenant, id } = await started({ companySizes: ['large'], icpRefinements: 'bootstrapped' });
    for (const [method, route] of [
      ['POST', 'source'],
      ['GET', 'audience'],
    ] as const) {
      const answer = await api.ask(tenant.key, method, `/v1/campaigns/${id}/${route}`);
      expect(answer.statusCode).toBe(409);
      expect(badFields(answer)).toEqual(['targeting']);
    }
  });

  test('without a source it says that there is none, and what sets one up', async () => {
    searchAt();
    const { tenant, id } = await started();
    for (const [method, route] of [
      ['POST', 'source'],
      ['GET', 'audience'],
    ] as const) {
      const answer = await api.ask(tenant.key, method, `/v1/campaigns/${id}/${route}`);
      expect(answer.statusCode).toBe(409);
      expect(answer.json<{ detail: string }>().detail).toMatch(/not configured.*APOLLO_API_KEY.*APIFY_TOKEN/);
    }
  });

  test('a reader may look and not ask; another tenant’s campaign is none', async () => {
    const { tenant, id } = await started();
    const made = await api.ask(tenant.key, 'POST', '/v1/api-keys', { name: 'reader', scopes: ['read'] });
    const { secret } = made.json<{ secret: string }>();
    expect((await api.ask(secret, 'POST', `/v1/campaigns/${id}/source`)).statusCode).toBe(403);
    expect((await api.ask(secret, 'GET', `/v1/campaigns/${id}/source`)).statusCode).toBe(200);
    const stranger = await api.tenant();
    expect((await api.ask(stranger.key, 'POST', `/v1/campaigns/${id}/source`)).statusCode).toBe(404);
    expect((await api.ask(stranger.key, 'GET', `/v1/campaigns/${id}/source`)).statusCode).toBe(404);
    expect((await api.ask(stranger.key, 'GET', `/v1/campaigns/${id}/audience`)).statusCode).toBe(404);
  });
});

describe('what can go wrong while it works', () => {
  const alerts = (clientId: string) => api.database.alert.findMany({ where: { clientId } });

  test('a busy provider is asked again when it said, and what came before is kept', async () => {
    const { tenant, id } = await started();
    const directory = directoryOf(Array.from({ length: 20 }, (_, nr) => personNr(nr)));
    directory.failAt.set(5, busy(45));
    searchAt(directory.source);
    enrichment = directory.enrichment;
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 10 });
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([
      { status: 'open', imported: 3, credits: 3, lastError: 'apollo is unavailable: rate_limited' },
    ]);
    api.now = new Date(monday.getTime() + 44_000);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'open' }]);
    api.now = new Date(monday.getTime() + 45_000);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'done', imported: 10, credits: 10 }]);
  });

  test('a refusal that a person has to lift ends it, with an alert that names no secret', async () => {
    const { tenant, id } = await started();
    const directory = directoryOf([personNr(0)]);
    directory.failAt.set(1, new SourceUnavailable('apollo', 'authentication_failed', { retry: 'never' }));
    searchAt(directory.source);
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 10 });
    await work();
    const lastError = 'apollo is unavailable: authentication_failed';
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'failed', outcome: 'failed', lastError }]);
    expect(await alerts(tenant.id)).toMatchObject([
      { kind: 'sourcing', resourceId: id, message: `leads for campaign ${id} could not be found: ${lastError}` },
    ]);
  });

  test('a worker that died holds the request for a minute; another one brings the rest', async () => {
    const { tenant, id } = await started();
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 4 });
    const leasedUntil = new Date(monday.getTime() + 60_000);
    await api.database.sourceRequest.updateMany({ where: { campaignId: id }, data: { leasedUntil } });
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'open' }]);
    api.now = new Date(monday.getTime() + 61_000);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'done', imported: 4 }]);
  });

  test('a campaign that is completed meanwhile gets nobody', async () => {
    const { tenant, id } = await started();
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 4 });
    const ended = { status: 'completed', activatedAt: monday, completedAt: monday } as const;
    await api.database.campaign.update({ where: { id }, data: ended });
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ outcome: 'completed', imported: 0 }]);
    expect((await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`)).statusCode).toBe(409);
  });

  test('Apify’s actor is waited for, and its people come whole', async () => {
    const { tenant, id } = await started();
    const input = '{"titles":"$titles","locations":"$locations"}';
    const apify = { baseUrl: world.httpUrl, token: secrets.apifyToken, actorId: 'simulated~people', input };
    searchAt(apifySource(apify, anywhere()));
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/source`, { count: 5 });
    for (let looks = 1; looks <= 3; looks += 1) {
      await work();
      api.now = new Date(api.now.getTime() + 10_000);
    }
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'done', imported: 5 }]);
  });
});

describe('POST /v1/campaigns/:id/enrich', () => {
  /** Addresses of people whom the directory knows with their mobile. */
  async function knownPeople(count: number): Promise<PersonFacts[]> {
    const audience = { titles: [], industries: [], locations: ['Germany'], sizes: [] };
    const apollo = { baseUrl: `${world.httpUrl}/apollo`, apiKey: secrets.apolloApiKey };
    const page = await apolloSource(apollo, anywhere()).search(audience, null);
    const known: PersonFacts[] = [];
    for (const person of page.people) {
      const { facts } = await enrichment.match(person);
      if (facts?.email && facts.mobile && facts.city && known.push(facts) === count) return known;
    }
    throw new Error('too few');
  }

  test('completes the leads of a CSV, each once; what the CSV says stays', async () => {
    const { tenant, id } = await started();
    const [ann, bo] = await knownPeople(2);
    const rows = [
      'email,title,country,mobile',
      `${ann?.email},Queen,,`,
      `${bo?.email},,Germany,+61 491 570 156`,
      'nobody@nowhere.example,,,',
    ];
    await api.import(tenant.key, id, rows.join('\n'));
    const answer = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/enrich`);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ kind: 'enrich', status: 'open', imported: 0 });
    await work();
    const done = { kind: 'enrich', status: 'done', outcome: 'exhausted', imported: 2, credits: 2 };
    expect((await shown(tenant.key, id)).requests).toMatchObject([done]);
    const read = async (email: string) =>
      (await api.ask(tenant.key, 'GET', `/v1/leads/${await api.leadId(tenant.key, id, email)}`)).json<object>();
    expect(await read(ann?.email ?? '')).toMatchObject({
      title: 'Queen',
      mobile: ann?.mobile,
      city: ann?.city,
      timezone: 'Europe/Berlin',
      timezoneSource: 'hq',
      fieldSources: { city: { by: 'apollo' }, mobile: { by: 'apollo' }, timezone: { by: 'apollo' } },
    });
    const known = await read(bo?.email ?? '');
    expect(known).toMatchObject({ mobile: '+61491570156', title: bo?.title, city: bo?.city, timezoneSource: 'hq' });
    expect((known as { fieldSources: object }).fieldSources).not.toHaveProperty('mobile');
    expect(await read('nobody@nowhere.example')).toMatchObject({ fieldSources: {}, timezoneSource: 'client' });
    const leadId = await api.leadId(tenant.key, id, ann?.email ?? '');
    const timeline = (await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}/timeline`)).json<{ data: object[] }>();
    const enriched = {
      what: 'enriched',
      rule: 'TIME-2',
      numbers: { provider: 'apollo', credits: 1, timezoneSource: 'hq' },
    };
    expect(timeline.data).toMatchObject([{ what: 'imported' }, enriched, { what: 'scored' }]);
    // Nobody is asked for twice.
    api.now = new Date(monday.getTime() + 1_000);
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/enrich`);
    await work();
    expect((await shown(tenant.key, id)).requests[0]).toMatchObject({ outcome: 'exhausted', imported: 0, credits: 0 });
  });

  test('a place that contradicts the CSV’s is not taken, and other facts are', async () => {
    const { tenant, id } = await started();
    const [ann] = await knownPeople(1);
    await api.import(tenant.key, id, `email,country\n${ann?.email},Australia`);
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/enrich`);
    await work();
    const leadId = await api.leadId(tenant.key, id, ann?.email ?? '');
    const lead = (await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}`)).json<object>();
    expect(lead).toMatchObject({
      country: 'Australia',
      city: null,
      state: null,
      timezone: 'Australia/Sydney',
      title: ann?.title,
    });
  });

  test('goes on after a failure; as many as were asked for, higher scores first; an active lead stays', async () => {
    const { tenant, id } = await started();
    const rows = Array.from({ length: 6 }, (_, nr) => `p${nr}@acme${nr}.example,${10 * nr}`);
    await api.import(tenant.key, id, ['email,als_score', ...rows].join('\n'));
    const directory = directoryOf(Array.from({ length: 6 }, (_, nr) => personNr(nr)));
    const asked: string[] = [];
    enrichment = {
      ...directory.enrichment,
      match: ({ facts }) => {
        asked.push(facts.email ?? '');
        if (asked.length === 2) return Promise.reject(busy(5));
        return Promise.resolve({ facts: personNr(Number(facts.email?.[1])), credits: 1 });
      },
    };
    const leadId = await api.leadId(tenant.key, id, 'p5@acme5.example');
    await api.database.enrollment.updateMany({ where: { leadId }, data: { status: 'active', admittedAt: monday } });
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/enrich`, { count: 3 });
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'open', imported: 1, credits: 1 }]);
    api.now = new Date(monday.getTime() + 5_000);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ outcome: 'enough', imported: 3, credits: 3 }]);
    expect(asked.map((email) => email.slice(0, 2))).toEqual(['p4', 'p3', 'p3', 'p2']);
  });

  test('a lead of which all else is known is asked about for its score; one that brought its own is not (ACC-3)', async () => {
    const { tenant, id } = await started();
    const whole = { ...personNr(0), emailStatus: 'verified', roleStartedOn: '2026-01-15', isHiring: 'no' };
    enrichment = { ...enrichment, match: () => Promise.resolve({ facts: whole, credits: 1 }) };
    const columns =
      'email,title,linkedin_url,mobile,company,company_domain,company_size,industry,city,state,country,als_score';
    const rest =
      'COO,https://www.linkedin.com/in/%,+6149157000%,Acme,acme%.example,51-200,Logistics,Perth,WA,Australia';
    const row = (nr: number, score: string) => `p${nr}@acme${nr}.example,${rest.replaceAll('%', String(nr))},${score}`;
    await api.import(tenant.key, id, [columns, row(0, ''), row(1, '50')].join('\n'));
    await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/enrich`);
    await work();
    expect((await shown(tenant.key, id)).requests).toMatchObject([{ status: 'done', imported: 1, credits: 1 }]);
    const read = async (nr: number) => {
      const leadId = await api.leadId(tenant.key, id, `p${nr}@acme${nr}.example`);
      return (await api.ask(tenant.key, 'GET', `/v1/leads/${leadId}`)).json<object>();
    };
    expect(await read(0)).toMatchObject({
      fieldSources: { emailVerified: { by: 'apollo' }, roleStartedOn: { by: 'apollo' } },
    });
    // Verified 8, new in the role 6, not hiring 0.
    const parts = (
      await api.database.lead.findFirstOrThrow({ where: { clientId: tenant.id, email: 'p0@acme0.example' } })
    ).scoreParts;
    const points = (parts as { part: string; points: number }[]).map(({ part, points }) => [part, points]);
    expect(Object.fromEntries(points)).toMatchObject({ dataQuality: 18, timing: 6 });
    expect(await read(1)).toMatchObject({ score: { value: 50, source: 'import' }, fieldSources: {} });
  });

  test('is refused where nothing enriches', async () => {
    const bare = await ApiUnderTest.start();
    const { key } = await bare.tenant();
    const answer = await bare.ask(key, 'POST', `/v1/campaigns/${await bare.campaign(key)}/enrich`);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      409,
      'Enrichment is not configured here. The operator sets APOLLO_API_KEY.',
    ]);
    await bare.stop();
  });
});

describe('GET /v1/campaigns/:id/audience', () => {
  test('shows how many there are and 25 of them, shortened, and stores nothing', async () => {
    const { tenant, id } = await started({ titles: ['Manager'], companySizes: ['11-50', 'large', '51-5000'] });
    const answer = await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}/audience`);
    expect(answer.statusCode).toBe(200);
    const audience = answer.json<{ total: number; examples: { name: string; title: string; company: string }[] }>();
    expect(audience).toMatchObject({ provider: 'apollo', notUnderstood: ['large'] });
    expect(audience.total).toBeGreaterThan(25);
    expect(audience.examples.length).toBeGreaterThan(15);
    expect(audience.examples.length).toBeLessThanOrEqual(25);
    for (const { name, title } of audience.examples) {
      expect(name).toMatch(/^\p{L}+ \p{Lu}\.$/u);
      expect(title).toContain('Manager');
    }
    expect(answer.body).not.toContain('@');
    expect(await api.database.leadSearch.count({ where: { campaignId: id } })).toBe(0);
    expect(await api.database.sourcedPerson.count({ where: { campaignId: id } })).toBe(0);
    expect(await api.database.lead.count({ where: { clientId: tenant.id } })).toBe(0);
  });

  test('a provider that is busy or refuses is said to be', async () => {
    const { tenant, id } = await started();
    const failing = (error: Error): LeadSource => ({
      name: 'apollo',
      search: () => Promise.reject(error),
      preview: () => Promise.reject(error),
    });
    searchAt(failing(busy(12)));
    const later = await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}/audience`);
    expect([later.statusCode, later.headers['retry-after']]).toEqual([503, '12']);
    searchAt(failing(new SourceUnavailable('apollo', 'no_credits', { retry: 'never' })));
    const never = await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}/audience`);
    expect([never.statusCode, never.headers['retry-after']]).toEqual([503, undefined]);
    expect(never.json<{ detail: string }>().detail).toMatch(/no_credits.*operator/);
  });

  test('a source that costs shows nobody', async () => {
    searchAt({ name: 'apify', search: () => Promise.reject(new Error('asked')) });
    const { tenant, id } = await started();
    expect((await api.ask(tenant.key, 'GET', `/v1/campaigns/${id}/audience`)).statusCode).toBe(409);
  });
});
