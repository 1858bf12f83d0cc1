import { apifySource } from '../../providers/apify/client';
import { actorInput, defaultInput, inputFor } from '../../providers/apify/input';
import type { AudienceQuery } from '../../providers/ports';
import { anywhere, localApi, type Answer, type LocalApi } from './local-api';

const query: AudienceQuery = { titles: ['COO'], industries: [], locations: ['Perth'], sizes: [{ min: 51, max: null }] };

let api: LocalApi;
let answers: Answer[];
beforeAll(async () => {
  api = await localApi(() => answers.shift() ?? { status: 500 });
});
afterAll(() => api.close());
beforeEach(() => void api.seen.splice(0));

const source = (actorId = 'owner~people') =>
  apifySource({ baseUrl: api.url, token: 'token', actorId, input: defaultInput, timeoutMs: 400 }, anywhere());
const run = (status: string): Answer => ({ status: 200, json: { data: { id: 'r1', defaultDatasetId: 'd1', status } } });

test('the first page starts a run, once, and its cursor is the run', async () => {
  answers = [{ status: 201, json: { data: { id: 'r1', defaultDatasetId: 'd1', status: 'READY' } } }];
  expect(await source().search(query, null)).toEqual({ people: [], total: null, next: 'r1/d1/0', askAgainSeconds: 10 });
  const [seen] = api.seen;
  expect(seen).toMatchObject({ method: 'POST', path: '/v2/actors/owner~people/runs' });
  expect(seen?.headers.authorization).toBe('Bearer token');
  expect(JSON.parse(seen?.body ?? '')).toEqual({
    titles: ['COO'],
    industries: [],
    locations: ['Perth'],
    sizes: ['51+'],
    maxItems: 1_000,
  });
});

test.each(['READY', 'RUNNING', 'TIMING-OUT', 'ABORTING'])('a run that is %s is looked at again', async (status) => {
  answers = [run(status)];
  expect(await source().search(query, 'r1/d1/0')).toMatchObject({ next: 'r1/d1/0', askAgainSeconds: 10 });
});

test.each(['FAILED', 'TIMED-OUT', 'ABORTED'])('after one that is %s the search begins anew', async (status) => {
  answers = [run(status)];
  const failure = { reason: 'run_failed', retry: 'later', cursorLost: true };
  await expect(source().search(query, 'r1/d1/0')).rejects.toMatchObject(failure);
});

test('a dataset is read in pages; spellings differ, and who has no address is left out', async () => {
  const people = [
    {
      email: 'Ann@Acme.example',
      first_name: 'Ann',
      jobTitle: 'COO',
      companyCity: 'Perth',
      city: 'Bali',
      employees: 120,
    },
    { firstName: 'Without' },
    'nobody',
    { workEmail: 'bo@acme.example', city: 'Berlin', country: 'Germany', id: 'bo' },
  ];
  answers = [run('SUCCEEDED'), { status: 200, json: people, headers: { 'x-apify-pagination-total': '204' } }];
  const page = await source().search(query, 'r1/d1/200');
  expect(api.seen[1]?.query.get('offset')).toBe('200');
  expect(page).toMatchObject({ total: 204, next: null });
  expect(page.people.map(({ facts }) => facts)).toEqual([
    { email: 'Ann@Acme.example', firstName: 'Ann', title: 'COO', city: 'Perth', companySize: '51-200' },
    { email: 'bo@acme.example', city: 'Berlin', country: 'Germany' },
  ]);
  expect(page.people.map(({ id }) => id)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 'bo']);
  answers = [run('SUCCEEDED'), { status: 200, json: Array.from({ length: 100 }, () => people[0]) }];
  expect((await source().search(query, 'r1/d1/0')).next).toBe('r1/d1/100');
});

test('a run that is forgotten is lost; an unknown actor and a wrong token are for a person to fix', async () => {
  answers = [{ status: 404 }];
  const forgotten = { reason: 'not_found', retry: 'later', cursorLost: true };
  await expect(source().search(query, 'r1/d1/0')).rejects.toMatchObject(forgotten);
  answers = [run('SUCCEEDED'), { status: 404 }];
  await expect(source().search(query, 'r1/d1/0')).rejects.toMatchObject(forgotten);
  answers = [{ status: 404 }];
  await expect(source().search(query, null)).rejects.toMatchObject({ retry: 'never', cursorLost: false });
  answers = [{ status: 201, json: { data: { id: 'a/b', defaultDatasetId: 'd\u0000' } } }];
  await expect(source().search(query, null)).rejects.toMatchObject({ reason: 'malformed_answer' });
  answers = [{ status: 401 }];
  await expect(source().search(query, null)).rejects.toMatchObject({ reason: 'authentication_failed', retry: 'never' });
  answers = [{ status: 429, headers: { 'retry-after': '3' } }];
  await expect(source().search(query, null)).rejects.toMatchObject({ retry: 'later', retryAfterSeconds: 3 });
});

test('the input of an actor is ours to name', () => {
  const template = '{"search":{"jobTitles":"$titles","where":"$locations"},"limit":"$maxItems","deep":true}';
  expect(JSON.parse(inputFor(template, query, 5))).toEqual({
    search: { jobTitles: ['COO'], where: ['Perth'] },
    limit: 5,
    deep: true,
  });
  for (const wrong of ['', 'x', '[]', 'null', '"x"']) expect(actorInput.safeParse(wrong).success).toBe(false);
});
