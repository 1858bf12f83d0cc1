import type { HttpAnswer, HttpRequest } from '../http-exchange';
import { sendTimeoutMs } from '../http-exchange';
import type { Outside } from '../outside';

/** An account at Salesforge that may send. */
export interface SalesforgeAccount {
  apiKey: string;
  workspaceId: string;
  /** `https://api.salesforge.ai/public/v2`, or a simulator's. */
  baseUrl: string;
  /** `https://multichannel-api.salesforge.ai/public`, or a simulator's. */
  multichannelBaseUrl: string;
  /** Total bound of all requests of one send, in milliseconds. */
  totalTimeoutMs?: number;
  /** Requests that a process makes in a second; 8 unless said otherwise. */
  requestsPerSecond?: number;
}

/** What the configuration says of it. null: only webhooks are configured. */
export function accountOf(settings: {
  apiKey: string | null;
  workspaceId: string | null;
  baseUrl: string;
  multichannelBaseUrl: string;
}): SalesforgeAccount | null {
  const { apiKey, workspaceId, baseUrl, multichannelBaseUrl } = settings;
  return apiKey === null || workspaceId === null ? null : { apiKey, workspaceId, baseUrl, multichannelBaseUrl };
}

type Method = HttpRequest['method'];

/** Requests that share one bound of time. Paths begin behind the workspace, unless they say otherwise. */
export interface SalesforgeApi {
  /** Contacts, mailboxes, threads. */
  core(method: Method, path: string, body?: object): Promise<HttpAnswer>;
  /** Sequences, and who is in them. */
  multichannel(method: Method, path: string, body?: object): Promise<HttpAnswer>;
  /** The list of what a step of a sequence can do, which belongs to no workspace. */
  actions(query: string): Promise<HttpAnswer>;
}

/** Waits for a turn; false: none is free within so many milliseconds. */
export type Turn = (withinMs: number) => Promise<boolean>;

/** Salesforge says nothing of its limits [unverified], so we keep our own: so many requests a second, evenly. */
export function createTurns(perSecond: number): Turn {
  const gapMs = 1_000 / perSecond;
  let freeAt = 0;
  return async (withinMs) => {
    const now = performance.now();
    const at = Math.max(now, freeAt);
    if (at - now > withinMs) return false;
    freeAt = at + gapMs;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
    return true;
  };
}

/**
 * Opens the API for one piece of work: all of its requests together take no longer than the bound.
 * @param touchId named in a header of each request, for whoever reads them; Salesforge does not
 */
export function openApi(
  account: SalesforgeAccount,
  { exchange }: Pick<Outside, 'exchange'>,
  turn: Turn,
  touchId = '',
): SalesforgeApi {
  const endsAt = performance.now() + (account.totalTimeoutMs ?? sendTimeoutMs);
  const workspace = `/workspaces/${encodeURIComponent(account.workspaceId)}`;
  const ask = async (method: Method, url: string, body?: object): Promise<HttpAnswer> => {
    const nobody: HttpAnswer = { kind: 'notConnected', error: 'timed_out' };
    if (!(await turn(endsAt - performance.now()))) return nobody;
    const timeoutMs = Math.floor(endsAt - performance.now());
    if (timeoutMs <= 0) return nobody;
    return exchange({
      method,
      url,
      headers: {
        // The raw key, without "Bearer".
        authorization: account.apiKey,
        'x-touch-id': touchId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMs,
    });
  };
  const multichannel = `${account.multichannelBaseUrl}/multichannel`;
  return {
    core: (method, path, body) => ask(method, `${account.baseUrl}${workspace}${path}`, body),
    multichannel: (method, path, body) => ask(method, `${multichannel}${workspace}${path}`, body),
    actions: (query) => ask('GET', `${multichannel}/actions?${query}`),
  };
}
