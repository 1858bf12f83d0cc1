import { Agent, buildConnector, fetch } from 'undici';
import { failpoint } from '../runtime/failpoints';
import { leaseOver, type Permit, type SendOutcome } from './ports';

type Rejected = Extract<SendOutcome, { kind: 'rejected' }>;

/**
 * One HTTP request with one total bound, told apart by what is known afterwards: the server answered, the connection
 * was never made or nothing was allowed to leave (so nothing was sent), or anything else (so it may have been).
 */
export type HttpAnswer =
  | { kind: 'answered'; status: number; headers: Headers; text: string; body: unknown }
  | { kind: 'notConnected'; error: string }
  | { kind: 'lost'; error: string };

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: string;
  headers?: Record<string, string>;
  /** A form travels as multipart/form-data. */
  body?: string | FormData;
  /** Total bound in milliseconds: connecting, sending, and reading the whole answer. */
  timeoutMs: number;
  /** The longest answer that is read. */
  atMostBytes?: number;
  /** Asked when the connection stands, before the first byte; the bound counts anew from then on. Missing: allowed. */
  permit?: Permit;
}

/** The longest any single send may take from its permit on, in milliseconds: `answerMs` of domain/send-times.ts covers it. */
export const sendTimeoutMs = 20_000;

/** What an answer to one touch may weigh. One that is longer is not read on. */
const answerBytes = 1024 * 1024;

/**
 * Never throws. For `openOutside` alone: clients ask through what that gives them. A connection of its own for each
 * request: a reused one that the server is just closing would look like an answer that was lost, and leave a touch
 * uncertain for nothing.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const way = oneConnection(request);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { accept: 'application/json', ...request.headers, connection: 'close' },
      body: request.body ?? null,
      redirect: 'manual',
      dispatcher: way.agent,
      signal: way.signal,
    });
    if (request.permit !== undefined) await failpoint('answer-unread');
    const { status } = response;
    const headers = new Headers([...response.headers]);
    const text = await textOf(response.body, request.atMostBytes ?? answerBytes).catch((error: unknown) => {
      // A refusal is one without its words; anything else that cannot be read says nothing.
      if (status >= 400) return '';
      throw error;
    });
    return { kind: 'answered', status, headers, text, body: parsed(text) };
  } catch (error) {
    return { kind: way.isOpen() ? 'lost' : 'notConnected', error: wordOf(errorCode(error)) };
  } finally {
    await way.close();
  }
}

/** @throws when the answer is longer than that, or ends too early */
async function textOf(body: AsyncIterable<Uint8Array> | null, atMostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > atMostBytes) throw Object.assign(new Error('too long'), { cause: { code: tooLong } });
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

const tooLong = 'ETOOLONG';

interface OneConnection {
  agent: Agent;
  signal: AbortSignal;
  /** Was the request let onto a connection that stood? Until then no byte of it can have left. */
  isOpen(): boolean;
  close(): Promise<void>;
}

/** The connection of one request. Names, refusals, certificates: all that can fail on the way to it has, before the permit is asked. */
function oneConnection({ permit, timeoutMs }: HttpRequest): OneConnection {
  const bound = new AbortController();
  const expire = (): void => bound.abort(new DOMException('the total bound was reached', 'TimeoutError'));
  let timer = setTimeout(expire, timeoutMs);
  let isOpen = false;
  const mayLeave = async (): Promise<boolean> => {
    if (permit === undefined || isOpen) return !bound.signal.aborted;
    if (!(await permit().catch(() => false)) || bound.signal.aborted) return false;
    clearTimeout(timer);
    timer = setTimeout(expire, timeoutMs);
    return true;
  };
  const connect = buildConnector({});
  const agent = new Agent({
    connect: (options, done) =>
      connect(options, (error, socket) => {
        if (error !== null) return done(error, null);
        void mayLeave().then((may) => {
          isOpen ||= may;
          if (may) return done(null, socket);
          socket.destroy();
          done(Object.assign(new Error('not permitted'), { code: notPermitted }), null);
        });
      }),
  });
  return {
    agent,
    signal: bound.signal,
    isOpen: () => isOpen,
    close: () => {
      clearTimeout(timer);
      return agent.destroy();
    },
  };
}

const notPermitted = 'ENOTPERMITTED';

/** Nobody was reached, or nothing was allowed to leave: certainly not sent. */
export const notReached = (error: string): Rejected => ({
  kind: 'rejected',
  retry: 'later',
  error,
  ...(error === leaseOver ? {} : { down: true }),
});

/** Is it JSON that the provider itself may have written? Gateways and proxies answer in HTML. */
export const isRecord = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

/** Somebody on the way refused the request, who knows nothing of the touch. */
export const notTheProvider: Rejected = { kind: 'rejected', retry: 'later', error: 'not_the_provider', down: true };

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
  return isRecord(value) ? value : {};
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
    // No answer from the DNS, for a name that may be there.
    EAI_AGAIN: 'host_not_found',
    [tooLong]: 'answer_too_long',
    [notPermitted]: leaseOver,
  };
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls_failed';
  return words[code] ?? (code.startsWith('HPE_') ? 'no_http' : code.toLowerCase());
}
