import { apolloEnrichment, apolloSign, apolloSource } from '../../providers/apollo/client';
import type { AudienceQuery } from '../../providers/ports';
import { employeeRange } from '../../providers/person-facts';
import { anywhere, localApi, nobodyThere, type Answer, type LocalApi } from './local-api';

const query: AudienceQuery = {
  titles: ['COO'],
  industries: ['Logistics'],
  locations: ['Australia'],
  sizes: [
    { min: 51, max: 200 },
    { min: 1001, max: null },
  ],
};

let api: LocalApi;
let answer: Answer;
beforeAll(async () => {
  api = await localApi(() => answer);
});
afterAll(() => api.close());
beforeEach(() => void api.seen.splice(0));

const settings = () => ({ baseUrl: api.url, apiKey: 'key', timeoutMs: 400 });
const source = () => apolloSource(settings(), anywhere());
const enrichment = () => apolloEnrichment(settings(), anywhere());

describe('people search', () => {
  test('asks by targeting, with the key in its header', async () => {
    answer = { status: 200, json: { total_entries: 1, people: [{ id: 'p1', first_name: 'Ann', has_email: true }] } };
    expect(await source().search(query, '3')).toEqual({
      people: [{ id: 'p1', facts: { firstName: 'Ann' }, needsMatch: true, credits: 0 }],
      total: 1,
      next: null,
    });
    const [seen] = api.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/api/v1/mixed_people/api_search' });
    expect(seen?.headers['x-api-key']).toBe('key');
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      person_titles: ['COO'],
      organization_locations: ['Australia'],
      q_organization_keyword_tags: ['Logistics'],
      organization_num_employees_ranges: ['51,200', '1001,10000000'],
      page: 3,
      per_page: 100,
    });
  });

  test('goes on while there are more, and ends at the last page, at an empty one and at page 500', async () => {
    const people = [{ id: 'p1' }];
    answer = { status: 200, json: { pagination: { total_entries: 201 }, people } };
    expect((await source().search(query, null)).next).toBe('2');
    expect((await source().search(query, '3')).next).toBeNull();
    answer = { status: 200, json: { total_entries: 90_000, people } };
    expect((await source().search(query, '499')).next).toBe('500');
    expect((await source().search(query, '500')).next).toBeNull();
    answer = { status: 200, json: { people: [] } };
    expect(await source().search(query, '2')).toEqual({ people: [], total: null, next: null });
  });

  test('leaves out who has no id or no address, and what is no person', async () => {
    answer = {
      status: 200,
      json: { people: [null, 'x', { first_name: 'x' }, { id: 'p2', has_email: false }, { id: 7 }] },
    };
    expect((await source().search(query, null)).people.map(({ id }) => id)).toEqual(['7']);
  });
});

describe('match', () => {
  test.each<[string, object, object]>([
    ['a verified address', { email_status: 'verified' }, { emailStatus: 'verified' }],
    [
      'the last of the present jobs',
      {
        employment_history: [
          { current: false, start_date: '2026-01-01' },
          { current: true, start_date: '2019-05-01' },
          { current: true, start_date: '2025-11-01' },
          { current: true },
          null,
        ],
      },
      { roleStartedOn: '2025-11-01' },
    ],
    ['no present job', { employment_history: [{ current: false, start_date: '2019-05-01' }] }, {}],
    ['a history that is none', { employment_history: 'long' }, {}],
    ['open jobs, as a number', { organization: { num_jobs: 3 } }, { isHiring: 'yes' }],
    ['no open jobs', { organization: { num_jobs: 0 } }, { isHiring: 'no' }],
    ['open jobs, as a list', { organization: { job_postings: [{}] } }, { isHiring: 'yes' }],
    ['an empty list', { organization: { job_postings: [] } }, { isHiring: 'no' }],
    ['jobs in words', { organization: { num_jobs: 'many' } }, {}],
    [
      'the last round of funding',
      { organization: { latest_funding_round_date: '2025-09-01T00:00:00.000+00:00' } },
      { fundedOn: '2025-09-01T00:00:00.000+00:00' },
    ],
  ])('reads what the score wants to know: %s (ACC-3)', async (_, person, facts) => {
    answer = { status: 200, json: { person } };
    expect((await enrichment().match({ id: 'p1', facts: {} })).facts).toEqual(facts);
  });

  test('reads the person, and the company’s place, not the person’s', async () => {
    answer = {
      status: 200,
      json: {
        credits_consumed: 2,
        person: {
          email: 'ann@acme.example',
          first_name: 'Ann',
          last_name: 'Lee',
          title: 'COO',
          city: 'Bali',
          country: 'Indonesia',
          phone_numbers: [
            { raw_number: '1', type: 'work_hq' },
            { sanitized_number: '+61491570156', type: 'mobile' },
          ],
          organization: {
            name: 'Acme',
            primary_domain: 'acme.example',
            industry: 'logistics',
            estimated_num_employees: 120,
            primary_phone: { number: '(02) 5550 1234' },
            city: 'Perth',
            state: 'Western Australia',
            country: 'Australia',
          },
        },
      },
    };
    expect(await enrichment().match({ id: 'p1', facts: {} })).toEqual({
      credits: 2,
      facts: {
        email: 'ann@acme.example',
        firstName: 'Ann',
        lastName: 'Lee',
        title: 'COO',
        mobile: '+61491570156',
        phone: '(02) 5550 1234',
        company: 'Acme',
        companyDomain: 'acme.example',
        companySize: '51-200',
        industry: 'logistics',
        city: 'Perth',
        state: 'Western Australia',
        country: 'Australia',
      },
    });
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({ id: 'p1' });
  });

  test('what cannot be stored is left out, and a cost that is none counts as one', async () => {
    answer = { status: 200, json: { person: { email: 'a\0@b.example', title: '\ud800' }, credits_consumed: 1e15 } };
    expect(await enrichment().match({ id: 'p', facts: {} })).toEqual({ facts: { email: 'a@b.example' }, credits: 1 });
  });

  test('an address that is not shown is none', async () => {
    answer = { status: 200, json: { person: { email: 'email_not_unlocked@domain.com' } } };
    expect(await enrichment().match({ facts: { email: 'a@b.example' } })).toEqual({ facts: {}, credits: 1 });
  });

  test.each<[Answer]>([[{ status: 404 }], [{ status: 422 }], [{ status: 200, json: { person: null } }]])(
    'nobody: %j',
    async (nobody) => {
      answer = nobody;
      expect(await enrichment().match({ id: 'p1', facts: {} })).toEqual({ facts: null, credits: 0 });
    },
  );
});

describe('what goes wrong', () => {
  test.each<[Answer, string, 'later' | 'never', number | null]>([
    [{ status: 429, headers: { 'retry-after': '17' } }, 'rate_limited', 'later', 17],
    [{ status: 429 }, 'rate_limited', 'later', 30],
    [{ status: 503 }, 'http_503', 'later', null],
    [{ status: 401 }, 'authentication_failed', 'never', null],
    [{ status: 402 }, 'no_credits', 'never', null],
    [{ status: 403 }, 'permission_denied', 'never', null],
    [{ status: 400 }, 'refused', 'never', null],
    [{ status: 200, text: '<html>' }, 'malformed_answer', 'later', null],
    ['hang', 'timed_out', 'later', null],
    ['reset', 'connection_lost', 'later', null],
    ['cutShort', 'und_err_res_content_length_mismatch', 'later', null],
  ])('%j is %s, to be tried again %s', async (said, reason, retry, retryAfterSeconds) => {
    answer = said;
    const failure = { name: 'SourceUnavailable', provider: 'apollo', reason, retry, retryAfterSeconds };
    await expect(source().search(query, null)).rejects.toMatchObject(failure);
    await expect(enrichment().match({ id: 'p1', facts: {} })).rejects.toMatchObject(failure);
    await expect(enrichment().organization('acme.example')).rejects.toMatchObject(failure);
  });

  test('nobody is there', async () => {
    const away = apolloSource({ baseUrl: await nobodyThere(), apiKey: 'key' }, anywhere());
    await expect(away.search(query, null)).rejects.toMatchObject({ reason: 'connection_refused', retry: 'later' });
  });

  test('a key that is not logged in refuses, although the status is 200', async () => {
    answer = { status: 200, json: { healthy: true, is_logged_in: false } };
    expect(await apolloSign(settings(), anywhere())).toBe('refuses');
  });
});

test.each([
  [1, '1-10'],
  [10, '1-10'],
  [11, '11-50'],
  [200, '51-200'],
  [10_000, '5001-10000'],
  [10_001, '10001+'],
  ['120', '51-200'],
  ['51-200', '51-200'],
  [0, null],
  [null, null],
  ['', null],
])('%s employees are %s', (employees, range) => {
  expect(employeeRange(employees)).toBe(range);
});
