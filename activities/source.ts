import { audienceOf, namesSomebody, type Audience } from '../domain/sourcing';
import { SourceUnavailable, type FoundPage, type FoundPerson, type LeadSource } from '../providers/ports';
import { CampaignCompleted } from '../store/campaigns/moves-lock';
import type { ImportTarget } from '../store/leads/lead-draft';
import { keepSearch, leaseSearch, releaseSearch, turnPage, type LeasedSearch } from '../store/sourcing/searches';
import {
  importSourced,
  readSourcingCampaign,
  screenFound,
  sourcedSoFar,
  type SourceRun,
} from '../store/sourcing/sourced-people';
import type { ActivityDeps } from './deps';
import { personBuilder, type BuildPerson } from './sourced-person';

export type SourcingDeps = Pick<ActivityDeps, 'database' | 'clock' | 'providers' | 'secretKey' | 'log'>;

export interface SourceInput {
  campaignId: string;
  /** New leads at most. */
  wanted: number;
  /** Whose wish this is: repeated under the same key it goes on where it was, and never brings more than `wanted` in all. */
  requestKey: string;
}

export interface SourceResult {
  /**
   * - enough: everybody who was wanted. - exhausted: there are no more. - unfinished: ask again after `retryAfterSeconds`.
   * - notConfigured: there is no source. - nobodyTargeted: the targeting has no word to search by. - completed: so is the
   * campaign.
   */
  state: 'enough' | 'exhausted' | 'unfinished' | 'notConfigured' | 'nobodyTargeted' | 'completed';
  /** Under this key in all, earlier attempts included. */
  imported: number;
  /** What they cost, in the providers' credits. */
  credits: number;
  /** Only when unfinished. */
  retryAfterSeconds: number | null;
}

/** Called between two steps of long work, such as requests to a provider: it goes on. */
export type Alive = () => Promise<void>;

/** Pages that one call reads, of one source. */
const pagesAtOnce = 20;
/** People who are paid for before they are stored: what a crash can cost. */
const peopleAtOnce = 10;
/** Seconds after which a search that somebody else works on is asked for again. */
const busySeconds = 30;

/**
 * Finds, enriches and imports at most `wanted` new leads for a campaign, from the first source that is not exhausted. It
 * goes on where the last call stopped: the page, everybody who was found, and what each request has brought are stored.
 * @throws SourceUnavailable what was paid for is imported before
 */
export async function sourceLeads(deps: SourcingDeps, input: SourceInput, alive: Alive): Promise<SourceResult> {
  const { database, providers, secretKey } = deps;
  const { campaignId, wanted, requestKey } = input;
  const { status, targeting, client } = await readSourcingCampaign(database.sql, campaignId);
  const end = async (state: SourceResult['state'], retryAfterSeconds: number | null = null): Promise<SourceResult> => {
    const { imported, credits } = await sourcedSoFar(database.sql, { campaignId, requestKey });
    deps.log.info({ campaignId, state, imported, credits }, 'sourcing');
    return { state, imported, credits, retryAfterSeconds };
  };
  if (status === 'completed') return end('completed');
  const { audience } = audienceOf(targeting);
  if (!namesSomebody(audience)) return end('nobodyTargeted');
  if (providers.leadSources.length === 0) return end('notConfigured');
  const target = { campaignId, client, secretKey };
  for (const source of providers.leadSources) {
    const task = { source, audience, target, wanted, requestKey };
    const search = await searchAt(deps, task, alive).catch((error: unknown) => {
      if (error instanceof CampaignCompleted) return { state: 'completed' as const };
      throw error;
    });
    if (search.state === 'unfinished') return end('unfinished', search.retryAfterSeconds);
    if (search.state !== 'exhausted') return end(search.state);
  }
  return end('exhausted');
}

interface SearchTask {
  source: LeadSource;
  audience: Audience;
  target: Omit<ImportTarget, 'now'>;
  wanted: number;
  requestKey: string;
}

type SearchEnd = { state: 'enough' | 'exhausted' } | { state: 'unfinished'; retryAfterSeconds: number };

/** One source, by one caller at a time. */
async function searchAt(deps: SourcingDeps, task: SearchTask, alive: Alive): Promise<SearchEnd> {
  const { sql } = deps.database;
  const { source, audience, target } = task;
  const place = { clientId: target.client.id, campaignId: target.campaignId, provider: source.name };
  const search = await leaseSearch(sql, place, audience, await deps.clock.now());
  if (search === null) return { state: 'unfinished', retryAfterSeconds: busySeconds };
  try {
    return await readPages(deps, task, search, async () => {
      await alive();
      await keepSearch(sql, place, await deps.clock.now());
    });
  } catch (error) {
    if (error instanceof SourceUnavailable && error.cursorLost) {
      await turnPage(sql, place, { cursor: null, total: null, isExhausted: false }, await deps.clock.now());
    }
    throw error;
  } finally {
    await releaseSearch(sql, place);
  }
}

async function readPages(deps: SourcingDeps, task: SearchTask, search: LeasedSearch, alive: Alive): Promise<SearchEnd> {
  const { sql } = deps.database;
  const { source, audience, wanted, requestKey, target } = task;
  const build = personBuilder(deps.providers.enrichment, source.name, target.client.country);
  let left = wanted - (await sourcedSoFar(sql, { campaignId: target.campaignId, requestKey })).imported;
  let { cursor, isExhausted } = search;
  for (let pages = 0; left > 0 && !isExhausted; pages += 1) {
    if (pages === pagesAtOnce) return { state: 'unfinished', retryAfterSeconds: 0 };
    await alive();
    const page: FoundPage = await source.search(audience, cursor);
    left = await importPage(deps, { task, page, left, build }, alive);
    // Those of the page who are not wanted any more are looked at next time.
    if (left <= 0) break;
    cursor = page.next;
    isExhausted = page.next === null;
    await turnPage(sql, search, { cursor, total: page.total, isExhausted }, await deps.clock.now());
    if (page.askAgainSeconds !== undefined) return { state: 'unfinished', retryAfterSeconds: page.askAgainSeconds };
  }
  return { state: left > 0 ? 'exhausted' : 'enough' };
}

/** @returns how many leads are wanted after this page */
async function importPage(
  deps: SourcingDeps,
  { task, page, left, build }: { task: SearchTask; page: FoundPage; left: number; build: BuildPerson },
  alive: Alive,
): Promise<number> {
  const { database, clock } = deps;
  const { source, requestKey, wanted } = task;
  const run: SourceRun = { provider: source.name, requestKey, wanted };
  const targetNow = async (): Promise<ImportTarget> => ({ ...task.target, now: await clock.now() });
  const fresh = await screenFound(database, await targetNow(), run, page.people.map(candidateOf));
  const people = page.people.filter(({ id }) => fresh.has(id));
  let stillLeft = left;
  for (let from = 0; from < people.length && stillLeft > 0;) {
    const chunk = people.slice(from, from + Math.min(peopleAtOnce, stillLeft));
    from += chunk.length;
    const { built, failure } = await buildAll(chunk, build, alive);
    const target = await targetNow();
    stillLeft = (await importSourced(database, target, run, built)).left;
    if (failure !== null) throw failure;
  }
  return stillLeft;
}

/** Those before the first failure: they are paid for, so they are kept. */
async function buildAll(people: readonly FoundPerson[], build: BuildPerson, alive: Alive) {
  const built: Awaited<ReturnType<BuildPerson>>[] = [];
  for (const person of people) {
    try {
      await alive();
      built.push(await build(person));
    } catch (error) {
      return { built, failure: error as Error };
    }
  }
  return { built, failure: null };
}

const candidateOf = ({ id, facts }: FoundPerson) => ({
  id,
  email: facts.email ?? null,
  linkedinUrl: facts.linkedinUrl ?? null,
  companyDomain: facts.companyDomain ?? null,
});
