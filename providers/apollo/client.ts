import { asRecord, type HttpAnswer } from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { AudienceQuery, Enriched, Enrichment, FoundPage, LeadSource } from '../ports';
import { sourceFailure } from '../source-failure';
import { foundPerson, organizationFacts, personFacts, reportedCredits, totalOf } from './answers';

export interface ApolloSettings {
  /** `https://api.apollo.io`, or a simulator's; without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** Total bound of one request in milliseconds. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 15_000;
/** What a page of people may weigh. */
const pageBytes = 16 * 1024 * 1024;
/** People on one page of a search. */
const pageSize = 100;
/** Apollo shows no page beyond this one. */
const lastPage = 500;

type Ask = (method: 'GET' | 'POST', path: string, body?: Record<string, unknown>) => Promise<HttpAnswer>;

function apolloApi(settings: ApolloSettings, { exchange }: Pick<Outside, 'exchange'>): Ask {
  return (method, path, body) =>
    exchange({
      method,
      url: `${settings.baseUrl.replace(/\/$/, '')}/api/v1${path}`,
      headers: { 'x-api-key': settings.apiKey, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
      atMostBytes: pageBytes,
    });
}

/** People by targeting. The search costs no credits and tells no addresses; whoever is wanted has to be matched. */
export function apolloSource(settings: ApolloSettings, outside: Pick<Outside, 'exchange'>): LeadSource {
  const ask = apolloApi(settings, outside);

  async function page(query: AudienceQuery, number: number, perPage: number): Promise<FoundPage> {
    const answer = await ask('POST', '/mixed_people/api_search', {
      ...filters(query),
      page: number,
      per_page: perPage,
    });
    const people = answer.kind === 'answered' && answer.status === 200 ? asRecord(answer.body)['people'] : null;
    if (answer.kind !== 'answered' || !Array.isArray(people)) throw sourceFailure('apollo', answer);
    const total = totalOf(answer.body);
    const seen = number * perPage;
    const isLast = people.length === 0 || number >= lastPage || (total !== null && seen >= total);
    return {
      people: people.flatMap((person) => foundPerson(person) ?? []),
      total,
      next: isLast ? null : String(number + 1),
    };
  }

  return {
    name: 'apollo',
    search: (query, cursor) => page(query, cursor === null ? 1 : Number(cursor), pageSize),
    preview: (query, people) => page(query, 1, people),
  };
}

/** Match costs a credit for each person whose address is shown; so does a company. */
export function apolloEnrichment(settings: ApolloSettings, outside: Pick<Outside, 'exchange'>): Enrichment {
  const ask = apolloApi(settings, outside);
  return {
    name: 'apollo',
    async match({ id, facts }): Promise<Enriched> {
      const { firstName, lastName, email, companyDomain, company, linkedinUrl } = facts;
      const named = { first_name: firstName, last_name: lastName, domain: companyDomain, organization_name: company };
      const wanted = id === undefined ? { email, linkedin_url: linkedinUrl, ...named } : { id };
      const answer = await ask('POST', '/people/match', wanted);
      return enriched(answer, 'person', personFacts);
    },
    async organization(domain): Promise<Enriched> {
      const answer = await ask('GET', `/organizations/enrich?${new URLSearchParams({ domain }).toString()}`);
      return enriched(answer, 'organization', organizationFacts);
    },
  };
}

/** Somebody unknown is an answer too, which costs nothing: 404, 422, or a 200 without anybody. */
function enriched(
  answer: HttpAnswer,
  what: 'person' | 'organization',
  factsOf: (record: Record<string, unknown>) => Enriched['facts'],
): Enriched {
  if (answer.kind !== 'answered') throw sourceFailure('apollo', answer);
  if (answer.status === 404 || answer.status === 422) return { facts: null, credits: 0 };
  const body = asRecord(answer.body);
  if (answer.status !== 200 || !(what in body)) throw sourceFailure('apollo', answer);
  const found = body[what];
  const facts = found === null ? null : factsOf(asRecord(found));
  return { facts, credits: reportedCredits(body) ?? (facts === null ? 0 : 1) };
}

/** Asks whether the key is known: `is_logged_in` says so, whatever the status. */
export async function apolloSign(settings: ApolloSettings, outside: Outside): Promise<SignOfLife> {
  const answer = await apolloApi({ ...settings, timeoutMs: signOfLifeMs }, outside)('GET', '/auth/health');
  const sign = signOf(answer);
  const isKnown = answer.kind === 'answered' && asRecord(answer.body)['is_logged_in'] !== false;
  return sign === 'answers' && !isKnown ? 'refuses' : sign;
}

function filters({ titles, industries, locations, sizes }: AudienceQuery): Record<string, readonly string[]> {
  const given = {
    person_titles: titles,
    organization_locations: locations,
    q_organization_keyword_tags: industries,
    organization_num_employees_ranges: sizes.map(({ min, max }) => `${min},${max ?? largest}`),
  };
  return Object.fromEntries(Object.entries(given).filter(([, list]) => list.length > 0));
}

/** Apollo's ranges have two ends. */
const largest = 10_000_000;
