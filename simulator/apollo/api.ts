import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Company, Resident } from '../population/population';
import { searchPeople, type SearchedPeople } from '../population/search';
import type { ProviderContext } from '../provider';
import { createRateLimit } from '../rate-limit';

type Json = Record<string, unknown>;

const largestPage = 100;

/** Apollo's people search, match and company look-up, v1. The search shows no addresses and shortens last names. */
export function apolloApi(context: ProviderContext<'apolloApiKey'>): FastifyPluginAsync {
  const { arrivals, population, secrets, sourceRequestsPerMinute, now } = context;
  const limit = createRateLimit(sourceRequestsPerMinute, now);
  /** Dates are told as of the first request: the same in every answer. */
  let asOf: Promise<Date> | null = null;

  type Handler = (request: FastifyRequest, monthsAgo: MonthsAgo) => Json | null;

  /** Writes the request down, refuses it where Apollo would, and answers. */
  function answering(what: string, handle: Handler) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const nobody = { resource: null, recipient: null, touchId: null };
      const seen = { provider: 'apollo', operation: 'lookup' as const, ...nobody, detail: { what } };
      if (request.headers['x-api-key'] !== secrets.apolloApiKey) {
        await arrivals.reject(seen, 'unauthorized');
        return reply.code(401).send({ error: 'Invalid access credentials.' });
      }
      const wait = await limit();
      if (wait !== null) {
        await arrivals.reject(seen, 'rate_limited');
        const message = `The maximum number of api calls allowed for ${what} is ${sourceRequestsPerMinute} times per minute.`;
        return reply.code(429).header('retry-after', String(wait)).send({ message });
      }
      const body = handle(request, monthsBefore(await (asOf ??= now())));
      if (body === null) {
        await arrivals.reject(seen, 'unprocessable');
        return reply.code(422).send({ error: 'Value is missing or invalid.' });
      }
      await arrivals.accept(seen);
      return reply.send(body);
    };
  }

  const search: Handler = (request) => {
    const body = (request.body ?? {}) as Json;
    const [page, perPage] = [Number(body['page'] ?? 1), Number(body['per_page'] ?? 10)];
    const isPage = Number.isInteger(page) && page >= 1 && Number.isInteger(perPage) && perPage >= 1;
    if (!isPage || perPage > largestPage) return null;
    const found = searchPeople(population, wantedBy(body));
    return { total_entries: found.length, people: found.slice((page - 1) * perPage, page * perPage).map(listed) };
  };

  /** By id, by address, or by name at a company. */
  const match: Handler = (request, monthsAgo) => {
    const body = (request.body ?? {}) as Json;
    const by = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
    const name = `${by('first_name')} ${by('last_name')}`.toLowerCase();
    const isNamed = (one: Resident): boolean =>
      one.employer.domain === by('domain') && `${one.firstName} ${one.lastName}`.toLowerCase() === name;
    if (!['id', 'email', 'linkedin_url', 'domain'].some((field) => by(field) !== '')) return null;
    const person =
      population.byId(by('id')) ??
      population.byEmail(by('email')) ??
      population.all().find((one) => one.linkedinUrl !== null && one.linkedinUrl === by('linkedin_url')) ??
      population.all().find(isNamed) ??
      null;
    return { person: person === null ? null : matched(person, monthsAgo) };
  };

  const enrich: Handler = (request, monthsAgo) => {
    const { domain = '' } = request.query as { domain?: string };
    if (domain === '') return null;
    const company = population.companyByDomain(domain);
    return { organization: company === null ? null : organization(company, monthsAgo) };
  };

  /** A look at the key: no request that the outbox lists. */
  const health = (request: FastifyRequest): Json => ({
    healthy: true,
    is_logged_in: request.headers['x-api-key'] === secrets.apolloApiKey,
  });

  return (app) => {
    app.get('/auth/health', health);
    app.post('/mixed_people/api_search', answering('people search', search));
    app.post('/people/match', answering('people match', match));
    app.get('/organizations/enrich', answering('organization enrichment', enrich));
    return Promise.resolve();
  };
}

function wantedBy(body: Json): SearchedPeople {
  const list = (name: string): string[] => (Array.isArray(body[name]) ? body[name].map(String) : []);
  return {
    titles: list('person_titles'),
    industries: list('q_organization_keyword_tags'),
    locations: list('organization_locations'),
    sizes: list('organization_num_employees_ranges').map((range) => {
      const [min = 0, max = Infinity] = range.split(',').map(Number);
      return { min, max };
    }),
  };
}

function listed({ id, firstName, lastName, title, emailKnown, employer, mobile }: Resident): Json {
  return {
    id,
    first_name: firstName,
    last_name_obfuscated: `${lastName.slice(0, 2)}***${lastName.slice(-1)}`,
    title,
    has_email: emailKnown,
    has_city: employer.placeKnown,
    has_country: true,
    has_direct_phone: mobile === null ? 'No' : 'Yes',
    organization: { name: employer.name, has_industry: employer.industry !== null },
  };
}

type MonthsAgo = (months: number | null) => string | null;

/** The first day of the month so many months before a date. */
const monthsBefore =
  (today: Date): MonthsAgo =>
  (months) =>
    months === null
      ? null
      : new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, 1)).toISOString().slice(0, 10);

function matched(resident: Resident, monthsAgo: MonthsAgo): Json {
  const { id, firstName, lastName, title, email, emailKnown, linkedinUrl, mobile, employer, monthsInRole } = resident;
  const job = { organization_name: employer.name, title, start_date: monthsAgo(monthsInRole), current: true };
  return {
    id,
    first_name: firstName,
    last_name: lastName,
    name: `${firstName} ${lastName}`,
    title,
    linkedin_url: linkedinUrl,
    email: emailKnown ? email : null,
    email_status: emailKnown ? 'verified' : 'unavailable',
    // The person's own place, which need not be the headquarters'.
    city: employer.city.name,
    country: employer.city.country,
    phone_numbers: mobile === null ? [] : [{ raw_number: mobile, sanitized_number: mobile, type: 'mobile' }],
    employment_history: [job],
    organization: organization(employer, monthsAgo),
  };
}

function organization(company: Company, monthsAgo: MonthsAgo): Json {
  const { name, domain, industry, employees, phone, city, placeKnown, fundedMonthsAgo, openJobs } = company;
  const funding = monthsAgo(fundedMonthsAgo);
  return {
    name,
    website_url: `http://www.${domain}`,
    primary_domain: domain,
    industry: industry?.toLowerCase() ?? null,
    estimated_num_employees: employees,
    primary_phone: phone === null ? {} : { number: phone, sanitized_number: phone, source: 'Owler' },
    city: placeKnown ? city.name : null,
    state: placeKnown ? city.state : null,
    country: city.country,
    latest_funding_round_date: funding === null ? null : `${funding}T00:00:00.000+00:00`,
    ...(openJobs === null ? {} : { num_jobs: openJobs }),
  };
}
