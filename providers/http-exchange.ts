import { failpoint } from '../runtime/failpoints';

/**
 * One HTTP request with one total bound, told apart by what is known afterwards: the server answered, the connection
 * was never made (so nothing was sent), or anything else (so it may have been).
 */
export type HttpAnswer =
  | { kind: 'answered'; status: number; headers: Headers; text: string; body: unknown }
  | { kind: 'notConnected'; error: string }
  | { kind: 'lost'; error: string };

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  /** A form travels as multipart/form-data. */
  body?: string | FormData;
  /** Total bound in milliseconds: connecting, sending, and reading the whole answer. */
  timeoutMs: number;
}

/** The longest any single send may take, in milliseconds: shorter than the activity's own time-out. */
export const sendTimeoutMs = 20_000;

/** Milliseconds after which the bytes of a request to this machine have left, and its answer is not yet there. */
const bytesMs = 4;

/** Errors of the phase in which no byte of the request can have left. */
const beforeConnection = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Never throws. For `openOutside` alone: clients ask through what that gives them. A connection of its own for each
 * request: a reused one that the server is just closing would look like an answer that was lost, and leave a touch
 * uncertain for nothing.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  try {
    const answering = fetch(request.url, {
      method: request.method,
      headers: { accept: 'application/json', ...request.headers, connection: 'close' },
      body: request.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    if (request.method === 'POST') setTimeout(() => void failpoint('bytes-sent'), bytesMs);
    const response = await answering;
    if (request.method === 'POST') await failpoint('answer-unread');
    const text = await response.text();
    return { kind: 'answered', status: response.status, headers: response.headers, text, body: parsed(text) };
  } catch (error) {
    const code = errorCode(error);
    return { kind: beforeConnection.has(code) ? 'notConnected' : 'lost', error: wordOf(code) };
  }
}

/**
 * Seconds that a provider asks to wait: Retry-After as a number or as an HTTP date, measured against the answer's own
 * Date header, so that no clock is read. Undefined when it does not say.
 */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Math.ceil(Number(value));
  const seconds = Math.ceil((Date.parse(value) - Date.parse(headers.get('date') ?? '')) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** The value as a record, or an empty one: providers' answers are read leniently. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The first of the named fields that holds text (or a number, as text); null when none does. */
export function textField(record: Record<string, unknown>, ...names: string[]): string | null {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** fetch hides the reason in `cause`; several addresses tried in vain make an AggregateError with a code. */
function errorCode(error: unknown): string {
  const { name, cause } = asRecord(error);
  if (name === 'TimeoutError') return 'TIMED_OUT';
  return textField(asRecord(cause), 'code') ?? 'CONNECTION_LOST';
}

/** The engine's words for system error codes. */
function wordOf(code: string): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'connection_refused',
    ENOTFOUND: 'host_not_found',
    ECONNRESET: 'connection_lost',
    UND_ERR_SOCKET: 'connection_lost',
    UND_ERR_CONNECT_TIMEOUT: 'connection_timed_out',
  };
  return words[code] ?? code.toLowerCase();
}
