import { createHash } from 'node:crypto';
import { asRecord, textField, type HttpAnswer } from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import { SourceUnavailable, type AudienceQuery, type FoundPage, type FoundPerson, type LeadSource } from '../ports';
import { factsFrom, employeeRange } from '../person-facts';
import { sourceFailure } from '../source-failure';
import { inputFor } from './input';

export interface ApifySettings {
  /** `https://api.apify.com`, or a simulator's; without `/v2`. */
  baseUrl: string;
  token: string;
  actorId: string;
  /** The actor's input as a JSON template (input.ts). */
  input: string;
  /** Total bound of one request in milliseconds. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 15_000;
/** What a page of people may weigh. */
const pageBytes = 16 * 1024 * 1024;
/** Items of a dataset that are read at a time. */
const pageSize = 100;
/** People that one run is asked for: what an actor's run costs depends on them. */
const itemsOfRun = 1_000;
/** Seconds after which a run that goes on is looked at again. */
const lookAgainSeconds = 10;

/** How a run can end without a dataset to read. */
const failedStatuses = ['FAILED', 'TIMED-OUT', 'ABORTED'];

/**
 * People out of an actor's dataset. The first page starts a run; its cursor is the run with its dataset, then the place
 * in the dataset. One run serves a search: a second one would cost again.
 */
export function apifySource(settings: ApifySettings, { exchange }: Pick<Outside, 'exchange'>): LeadSource {
  const ask = (method: 'GET' | 'POST', path: string, body?: string): Promise<HttpAnswer> =>
    exchange({
      method,
      url: `${apiOf(settings)}${path}`,
      headers: {
        authorization: `Bearer ${settings.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
      atMostBytes: pageBytes,
    });

  async function start(query: AudienceQuery): Promise<FoundPage> {
    const path = `/actors/${encodeURIComponent(settings.actorId)}/runs`;
    const run = runIn(await ask('POST', path, inputFor(settings.input, query, itemsOfRun)));
    return waiting(`${run.id}/${run.datasetId}/0`);
  }

  async function read(cursor: string): Promise<FoundPage> {
    const [runId = '', datasetId = '', place = '0'] = cursor.split('/');
    const looked = await ask('GET', `/actor-runs/${encodeURIComponent(runId)}`);
    if (isForgotten(looked)) throw lost('not_found');
    const run = runIn(looked);
    if (failedStatuses.includes(run.status)) {
      throw lost('run_failed');
    }
    if (run.status !== 'SUCCEEDED') return waiting(cursor);
    const offset = Number(place);
    const query = `clean=true&format=json&offset=${offset}&limit=${pageSize}`;
    const answer = await ask('GET', `/datasets/${encodeURIComponent(datasetId)}/items?${query}`);
    if (isForgotten(answer)) throw lost('not_found');
    if (answer.kind !== 'answered' || answer.status !== 200 || !Array.isArray(answer.body)) {
      throw sourceFailure('apify', answer);
    }
    const items: unknown[] = answer.body;
    const next = items.length < pageSize ? null : `${runId}/${datasetId}/${offset + items.length}`;
    return { people: items.flatMap((item) => personIn(item) ?? []), total: totalIn(answer), next };
  }

  return { name: 'apify', search: (query, cursor) => (cursor === null ? start(query) : read(cursor)) };
}

/** Reads the account: the cheapest request that needs the token. */
export async function apifySign(settings: ApifySettings, { exchange }: Outside): Promise<SignOfLife> {
  const headers = { authorization: `Bearer ${settings.token}` };
  return signOf(
    await exchange({ method: 'GET', url: `${apiOf(settings)}/users/me`, headers, timeoutMs: signOfLifeMs }),
  );
}

const apiOf = ({ baseUrl }: ApifySettings): string => `${baseUrl.replace(/\/$/, '')}/v2`;

const waiting = (next: string): FoundPage => ({
  people: [],
  total: null,
  next,
  askAgainSeconds: lookAgainSeconds,
});

function runIn(answer: HttpAnswer): { id: string; datasetId: string; status: string } {
  const isDone = answer.kind === 'answered' && (answer.status === 200 || answer.status === 201);
  const data = asRecord(asRecord(isDone ? answer.body : null)['data']);
  const [id, datasetId] = [textField(data, 'id') ?? '', textField(data, 'defaultDatasetId') ?? ''];
  if (!isId.test(id) || !isId.test(datasetId)) throw sourceFailure('apify', answer);
  return { id, datasetId, status: textField(data, 'status') ?? '' };
}

/** They stand in our cursor. */
const isId = /^[\w-]{1,100}$/;

/** Apify forgets runs and datasets after some days. */
const isForgotten = (answer: HttpAnswer): boolean => answer.kind === 'answered' && answer.status === 404;

/** There is nothing to read any more: a new run is needed. */
const lost = (reason: string): SourceUnavailable =>
  new SourceUnavailable('apify', reason, { retry: 'later', cursorLost: true });

function totalIn(answer: Extract<HttpAnswer, { kind: 'answered' }>): number | null {
  const total = answer.headers.get('x-apify-pagination-total');
  return total !== null && /^\d+$/.test(total) ? Number(total) : null;
}

/**
 * Actors name their fields as they like: the usual spellings are read, the headquarters' place before the person's.
 * Whoever has no address is left out. An item is a person, so it counts as one credit.
 */
function personIn(item: unknown): FoundPerson | null {
  const record = asRecord(item);
  const field = (...names: string[]): string | null => textField(record, ...names);
  const email = field('email', 'workEmail', 'work_email', 'emailAddress');
  if (email === null) return null;
  const isCompanyPlace =
    field('companyCity', 'company_city', 'companyState', 'companyCountry', 'company_country') !== null;
  const place = (name: 'city' | 'state' | 'country'): string | null => {
    const company = field(`company${name[0]?.toUpperCase()}${name.slice(1)}`, `company_${name}`);
    return isCompanyPlace ? company : field(name);
  };
  const facts = factsFrom({
    email,
    firstName: field('firstName', 'first_name'),
    lastName: field('lastName', 'last_name'),
    title: field('title', 'jobTitle', 'job_title', 'position'),
    linkedinUrl: field('linkedinUrl', 'linkedin_url', 'linkedin', 'linkedIn'),
    phone: field('companyPhone', 'company_phone', 'phone', 'phoneNumber'),
    mobile: field('mobile', 'mobilePhone', 'mobile_phone', 'mobileNumber'),
    company: field('company', 'companyName', 'company_name', 'organization'),
    companyDomain: field('companyDomain', 'company_domain', 'companyWebsite', 'company_website', 'website'),
    companySize: employeeRange(field('companySize', 'company_size', 'employees', 'employeeCount')),
    industry: field('industry', 'companyIndustry', 'company_industry'),
    city: place('city'),
    state: place('state'),
    country: place('country'),
  });
  const id = field('id', 'personId') ?? createHash('sha256').update(email.toLowerCase()).digest('hex');
  return { id, facts, needsMatch: false, credits: 1 };
}
