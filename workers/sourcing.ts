import { enrichLeads } from '../activities/enrich';
import { sourceLeads, type SourcingDeps } from '../activities/source';
import type { ActivityDeps } from '../activities/deps';
import { SourceUnavailable } from '../providers/ports';
import type { Logger } from '../runtime/logger';
import {
  finishRequest,
  giveUp,
  keepRequest,
  leaseRequest,
  postponeRequest,
  requestProgress,
  type LeasedRequest,
} from '../store/sourcing/source-requests';
import { sourcedSoFar } from '../store/sourcing/sourced-people';
import { withoutRows } from './without-rows';

type Deps = SourcingDeps & Pick<ActivityDeps, 'deliverOutbox'>;

/** Milliseconds between two looks for requests that are due. */
const lookEveryMs = 2_000;

export interface Sourcing {
  /** Stops before the next request to a provider; what is unfinished goes on elsewhere. */
  stop(): Promise<void>;
}

/** Requests that one worker works on at a time: a long one does not keep the others waiting. */
const requestsAtOnce = 3;

/** Brings what was asked for by POST /v1/campaigns/:id/source and /enrich. */
export function startSourcing(deps: Deps, log: Logger): Sourcing {
  let stopped = false;
  const round = async (): Promise<void> => {
    try {
      while (!stopped && (await serveNext(deps, () => stopped)));
    } catch (error) {
      log.warn(withoutRows(error), 'a request for leads could not be worked on; it is tried again');
    }
  };
  const running = Array.from({ length: requestsAtOnce }, () => Promise.resolve());
  const busy = running.map(() => false);
  const look = (nr: number): void => {
    if (busy[nr]) return;
    busy[nr] = true;
    running[nr] = round().finally(() => (busy[nr] = false));
  };
  const timer = setInterval(() => running.forEach((_, nr) => look(nr)), lookEveryMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

/** Works on the request that waits longest. @returns whether there was one */
export async function serveNext(deps: Deps, isStopped: () => boolean = () => false): Promise<boolean> {
  const { database, clock } = deps;
  const request = await leaseRequest(database.sql, await clock.now());
  if (request === null) return false;
  const alive = async (): Promise<void> => {
    if (isStopped()) throw new Stopped();
    await keepRequest(database.sql, request.id, await clock.now());
  };
  try {
    await serve(deps, request, alive);
  } catch (error) {
    await setBack(deps, request, error);
  }
  return true;
}

async function serve(deps: Deps, request: LeasedRequest, alive: () => Promise<void>): Promise<void> {
  const { campaignId, wanted, id } = request;
  const { state, imported, credits, retryAfterSeconds } =
    request.kind === 'source'
      ? await sourceLeads(deps, { campaignId, wanted, requestKey: id }, alive)
      : await enrichLeads(deps, request, alive);
  const now = await deps.clock.now();
  if (state === 'unfinished') {
    const why = { progress: { imported, credits }, error: null, afterSeconds: retryAfterSeconds };
    return postponeRequest(deps.database, request, why, now);
  }
  const ids = await finishRequest(deps.database, request, { outcome: state, imported, credits }, now);
  await deps.deliverOutbox({ kind: 'ids', ids });
}

/** What was imported stays. A refusal that only a person can lift ends the request; anything else is tried again. */
async function setBack(deps: Deps, request: LeasedRequest, error: unknown): Promise<void> {
  const { database, clock } = deps;
  const progress = await progressOf(deps, request);
  const now = await clock.now();
  const isStop = error instanceof Stopped;
  if (error instanceof SourceUnavailable && error.retry === 'never') {
    return giveUp(database, request, { ...progress, error: error.message }, now);
  }
  const word = error instanceof SourceUnavailable ? error.message : 'it was not completed';
  const afterSeconds = isStop ? 0 : error instanceof SourceUnavailable ? error.retryAfterSeconds : null;
  await postponeRequest(database, request, { progress, error: isStop ? null : word, afterSeconds }, now);
  if (!isStop && !(error instanceof SourceUnavailable)) throw error;
}

function progressOf({ database: { sql } }: Deps, { kind, campaignId, id }: LeasedRequest) {
  return kind === 'source' ? sourcedSoFar(sql, { campaignId, requestKey: id }) : requestProgress(sql, id);
}

/** The worker ends. */
class Stopped extends Error {}
