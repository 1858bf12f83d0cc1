import { apifySource } from '../../providers/apify/client';
import { defaultInput } from '../../providers/apify/input';
import { apolloEnrichment, apolloSign, apolloSource } from '../../providers/apollo/client';
import type { AudienceQuery, FoundPerson } from '../../providers/ports';
import { anywhere } from '../providers/local-api';
import { config, number, only, seat, secrets } from './support/settings';
import { openEngineSink, type EngineSink } from './support/engine-sink';
import { openWorld, type TestWorld } from './support/world';

let open: TestWorld;
let engine: EngineSink;

beforeEach(async () => {
  engine = await openEngineSink();
  open = await openWorld(config({ engineBaseUrl: engine.url, sourceRequestsPerMinute: 30 }));
});
afterEach(async () => {
  await open.world.close();
  await engine.close();
});

const operations: AudienceQuery = {
  titles: ['Head of Operations'],
  industries: [],
  locations: ['Australia'],
  sizes: [],
};
const apollo = (apiKey = secrets.apolloApiKey) => ({ baseUrl: `${open.httpUrl}/apollo`, apiKey });
const apify = () => ({
  baseUrl: open.httpUrl,
  token: secrets.apifyToken,
  actorId: 'simulated~people',
  input: defaultInput,
});

describe('Apollo, as its client sees it', () => {
  test('a search shows pages of people without addresses, until the last one', async () => {
    const source = apolloSource(apollo(), anywhere());
    const everybody = { titles: ['Manager'], industries: [], locations: [], sizes: [] };
    const found: FoundPerson[] = [];
    let total: number | null = null;
    for (let cursor: string | null = null, pages = 0; pages < 30; pages += 1) {
      const page = await source.search(everybody, cursor);
      found.push(...page.people);
      total = page.total;
      cursor = page.next;
      if (cursor === null) break;
    }
    expect(total).toBeGreaterThan(200);
    // Whom nobody can write to is not offered.
    expect(found.length).toBeLessThan(total ?? 0);
    expect(found.length).toBeGreaterThan((total ?? 0) * 0.8);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(
      found.every(({ facts, credits, needsMatch }) => facts.email === undefined && credits === 0 && needsMatch),
    ).toBe(true);
  });

  test('a preview is the first page, as large as it is asked for', async () => {
    const page = await apolloSource(apollo(), anywhere()).preview?.(operations, 25);
    expect(page?.people.length).toBeLessThanOrEqual(25);
    expect(page?.total).toBeGreaterThan(0);
  });

  test('a match tells the address, the company and its headquarters, for a credit', async () => {
    const [person] = (await apolloSource(apollo(), anywhere()).search(operations, null)).people;
    const matched = await apolloEnrichment(apollo(), anywhere()).match(person ?? { facts: {} });
    expect(matched).toMatchObject({ credits: 1, facts: { title: 'Head of Operations', country: 'Australia' } });
    expect(matched.facts?.email).toMatch(/@.*\.example$/);
    const domain = matched.facts?.companyDomain ?? '';
    const company = await apolloEnrichment(apollo(), anywhere()).organization(domain);
    expect(company).toMatchObject({ credits: 1, facts: { companyDomain: domain, country: 'Australia' } });
  });

  test('they tell what the score wants to know, of some, and the same each time (ACC-3)', async () => {
    const enrichment = apolloEnrichment(apollo(), anywhere());
    const { people } = await apolloSource(apollo(), anywhere()).search(operations, null);
    const facts = [];
    for (const person of people.slice(0, 40)) facts.push((await enrichment.match(person)).facts ?? {});
    for (const name of ['roleStartedOn', 'isHiring', 'fundedOn', 'emailStatus'] as const) {
      const told = facts.filter((each) => each[name] !== undefined);
      expect(told.length).toBeGreaterThan(0);
      if (name !== 'emailStatus') expect(told.length).toBeLessThan(facts.length);
    }
    expect(new Set(facts.map(({ isHiring }) => isHiring))).toEqual(new Set(['yes', 'no', undefined]));
    const [first] = people;
    expect((await enrichment.match(first ?? { facts: {} })).facts).toEqual(facts[0]);
  });

  test('nobody and no company cost nothing', async () => {
    const enrichment = apolloEnrichment(apollo(), anywhere());
    expect(await enrichment.match({ facts: { email: 'nobody@nowhere.example' } })).toEqual({ facts: null, credits: 0 });
    expect(await enrichment.match({ facts: {} })).toEqual({ facts: null, credits: 0 });
    expect(await enrichment.organization('nowhere.example')).toEqual({ facts: null, credits: 0 });
  });

  test('another key is refused, for good', async () => {
    const search = apolloSource(apollo('another'), anywhere()).search(operations, null);
    await expect(search).rejects.toMatchObject({ reason: 'authentication_failed', retry: 'never' });
    expect(await apolloSign(apollo('another'), anywhere())).toBe('refuses');
    expect(await apolloSign(apollo(), anywhere())).toBe('answers');
  });

  test('who asks too often has to wait as long as is said', async () => {
    const source = apolloSource(apollo(), anywhere());
    for (let asked = 0; asked < 30; asked += 1) await source.search(operations, null);
    await expect(source.search(operations, null)).rejects.toMatchObject({
      reason: 'rate_limited',
      retry: 'later',
      retryAfterSeconds: 60,
    });
    expect(open.outbox().at(-1)).toMatchObject({ provider: 'apollo', operation: 'lookup', outcome: 'rejected' });
  });
});

test('Apify’s actor runs, and its dataset holds the people with their addresses', async () => {
  const source = apifySource(apify(), anywhere());
  const started = await source.search(operations, null);
  expect(started).toMatchObject({ people: [], askAgainSeconds: 10 });
  expect(await source.search(operations, started.next)).toMatchObject({ people: [], next: started.next });
  const page = await source.search(operations, started.next);
  expect(page.people.length).toBeGreaterThan(10);
  expect(page.next).toBeNull();
  expect(page.people.every(({ facts, needsMatch }) => facts.email !== undefined && !needsMatch)).toBe(true);
  const apolloTotal = (await apolloSource(apollo(), anywhere()).preview?.(operations, 1))?.total;
  expect(page.total).toBe(apolloTotal);
});

describe('a person who came by search', () => {
  test('can be called, texted, invited and written to, and reacts like anybody', async () => {
    const found = await apolloSource(apollo(), anywhere()).search(operations, null);
    const enrichment = apolloEnrichment(apollo(), anywhere());
    for (const person of found.people) {
      const { facts } = await enrichment.match(person);
      if (!facts?.email || !facts.mobile || !facts.linkedinUrl) continue;
      await open.world.close();
      open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(facts.email, 'reply') }));
      const credentials = Buffer.from(`${secrets.clicksendUsername}:${secrets.clicksendApiKey}`).toString('base64');
      const sms = { to: facts.mobile, from: number, body: 'Hi', source: 'sdk', custom_string: 'touch-5' };
      await fetch(`${open.httpUrl}/v3/sms/send`, {
        method: 'POST',
        headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [sms] }),
      });
      expect(open.reactions.at(-1)?.reactions.map(({ kind }) => kind)).toContain('reply');
      await open.happen('reply');
      expect(open.inbox().at(-1)).toMatchObject({ event: 'reply', recipient: facts.mobile });
      const slug = facts.linkedinUrl.split('/in/')[1] ?? '';
      const profile = await fetch(`${open.httpUrl}/api/v1/users/${slug}?account_id=${seat}`, {
        headers: { 'x-api-key': secrets.unipileApiKey },
      });
      expect(await profile.json()).toMatchObject({ first_name: facts.firstName });
      return;
    }
    throw new Error('nobody was found with a mobile and a profile');
  });
});
