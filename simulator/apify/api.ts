import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { stableId } from '../chance';
import type { Resident } from '../population/population';
import { searchPeople } from '../population/search';
import type { ProviderContext } from '../provider';
import { createRateLimit } from '../rate-limit';

type Json = Record<string, unknown>;

/** The only actor there is. */
export const actorId = 'simulated~people';

interface Run {
  id: string;
  datasetId: string;
  items: Json[];
  /** Looks at the run so far: it goes on for the first one. */
  looks: number;
}

/** Apify's actors, runs and datasets, v2. A run is READY, then RUNNING, then SUCCEEDED. */
export function apifyApi(context: ProviderContext<'apifyToken'>): FastifyPluginAsync {
  const { arrivals, population, secrets, sourceRequestsPerMinute, now } = context;
  const limit = createRateLimit(sourceRequestsPerMinute, now);
  const runs = new Map<string, Run>();

  type Answer = { status: number; body: unknown; headers?: Record<string, string> };

  function answering(what: string, handle: (request: FastifyRequest) => Answer) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const nobody = { resource: null, recipient: null, touchId: null };
      const seen = { provider: 'apify', operation: 'lookup' as const, ...nobody, detail: { what } };
      if (request.headers.authorization !== `Bearer ${secrets.apifyToken}`) {
        await arrivals.reject(seen, 'user-or-token-not-found');
        return reply.code(401).send(failure('user-or-token-not-found', 'User was not found or token is not valid'));
      }
      const wait = await limit();
      if (wait !== null) {
        await arrivals.reject(seen, 'rate-limit-exceeded');
        const body = failure('rate-limit-exceeded', 'You have exceeded the rate limit.');
        return reply.code(429).header('retry-after', String(wait)).send(body);
      }
      const { status, body, headers = {} } = handle(request);
      await (status < 300 ? arrivals.accept(seen) : arrivals.reject(seen, `http_${status}`));
      return reply.code(status).headers(headers).send(body);
    };
  }

  const start = (request: FastifyRequest): Answer => {
    const { id } = request.params as { id: string };
    if (id !== actorId) return notThere('Actor was not found');
    const input = (request.body ?? {}) as Json;
    const list = (name: string): string[] => (Array.isArray(input[name]) ? input[name].map(String) : []);
    const sizes = list('sizes').map((size) => {
      const [min = 0, max = Infinity] = (size.match(/\d+/g) ?? []).map(Number);
      return { min, max };
    });
    const wanted = { titles: list('titles'), industries: list('industries'), locations: list('locations'), sizes };
    const found = searchPeople(population, wanted).slice(0, Number(input['maxItems'] ?? 100));
    const nr = runs.size + 1;
    const run = {
      id: stableId(17, 'run', nr),
      datasetId: stableId(17, 'dataset', nr),
      items: found.map(item),
      looks: 0,
    };
    runs.set(run.id, run);
    return { status: 201, body: { data: runView(run, 'READY') } };
  };

  const look = (request: FastifyRequest): Answer => {
    const run = runs.get((request.params as { id: string }).id);
    if (!run) return notThere('Actor run was not found');
    run.looks += 1;
    return { status: 200, body: { data: runView(run, run.looks > 1 ? 'SUCCEEDED' : 'RUNNING') } };
  };

  const items = (request: FastifyRequest): Answer => {
    const { id } = request.params as { id: string };
    const run = [...runs.values()].find((one) => one.datasetId === id);
    if (!run) return notThere('Dataset was not found');
    const query = request.query as Record<string, string | undefined>;
    const [offset, count] = [Number(query['offset'] ?? 0), Number(query['limit'] ?? 1_000)];
    const headers = {
      'x-apify-pagination-total': String(run.items.length),
      'x-apify-pagination-offset': String(offset),
    };
    return { status: 200, body: run.items.slice(offset, offset + count), headers };
  };

  /** A look at the account: no request that the outbox lists. */
  const showUser = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    request.headers.authorization === `Bearer ${secrets.apifyToken}`
      ? reply.send({ data: { id: 'simulated', username: 'simulated' } })
      : reply.code(401).send(failure('user-or-token-not-found', 'User was not found or token is not valid'));

  return (app) => {
    app.get('/users/me', showUser);
    app.post('/actors/:id/runs', answering('run of an actor', start));
    app.get('/actor-runs/:id', answering('look at a run', look));
    app.get('/datasets/:id/items', answering('items of a dataset', items));
    return Promise.resolve();
  };
}

const failure = (type: string, message: string): Json => ({ error: { type, message } });

const notThere = (message: string): { status: number; body: Json } => ({
  status: 404,
  body: failure('record-not-found', message),
});

const runView = ({ id, datasetId }: Run, status: string): Json => ({
  id,
  actId: actorId,
  status,
  defaultDatasetId: datasetId,
});

/** One person; what is not known is missing, the address too. */
function item({ email, emailKnown, firstName, lastName, title, linkedinUrl, mobile, employer }: Resident): Json {
  const { name, domain, industry, employees, phone, city, placeKnown } = employer;
  return {
    ...(emailKnown ? { email } : {}),
    firstName,
    lastName,
    jobTitle: title,
    linkedinUrl,
    mobileNumber: mobile,
    companyName: name,
    companyWebsite: `https://${domain}`,
    employees,
    industry,
    companyPhone: phone,
    ...(placeKnown ? { companyCity: city.name, companyState: city.state } : {}),
    companyCountry: city.country,
  };
}
