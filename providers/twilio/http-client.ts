import RequestClient from 'twilio/lib/base/RequestClient';
import type { HttpAnswer } from '../http-exchange';
import { asRecord, exchange, retryAfterSeconds } from '../http-exchange';

type TwilioRequest = Parameters<RequestClient['request']>[0];
type TwilioResponse = Awaited<ReturnType<RequestClient['request']>>;

/** What Twilio, or the way to it, answered instead of success. The SDK's own error drops the headers. */
export class TwilioRefusal extends Error {
  override readonly name = 'TwilioRefusal';
  constructor(
    /** Undefined when there was no answer. */
    readonly status: number | undefined,
    /** Twilio's error code, or null. */
    readonly code: number | null,
    readonly retryAfterSeconds: number | undefined,
    /** True when it is certain that no request left. */
    readonly notConnected: boolean,
    word: string,
  ) {
    super(word);
  }
}

/**
 * The SDK's transport: another base URL, one total bound, no retries, and every answer but 2xx as a TwilioRefusal.
 * @param timeoutMs total bound of one request in milliseconds
 */
export class TwilioHttpClient extends RequestClient {
  constructor(
    private readonly baseUrl: string,
    private readonly timeoutMs: number,
  ) {
    super({ autoRetry: false });
  }

  override async request<TData>(options: TwilioRequest): Promise<TwilioResponse & { body: TData }> {
    const answer = await exchange({
      method: options.method === 'post' ? 'POST' : 'GET',
      url: this.rewritten(options.uri, options.params),
      headers: {
        ...options.headers,
        authorization: `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`,
      },
      body: options.data === undefined ? undefined : formOf(options.data).toString(),
      timeoutMs: this.timeoutMs,
    });
    if (answer.kind !== 'answered' || answer.status >= 300 || answer.body === null) throw refusal(answer);
    return { statusCode: answer.status, body: answer.body as TData, headers: Object.fromEntries(answer.headers) };
  }

  /** The SDK's URL on our base URL: only its path and query are kept. */
  private rewritten(uri: string, params: unknown): string {
    const { pathname, searchParams } = new URL(uri);
    for (const [name, value] of formOf(params)) searchParams.append(name, value);
    const query = searchParams.toString();
    return `${this.baseUrl.replace(/\/$/, '')}${pathname}${query === '' ? '' : `?${query}`}`;
  }
}

/** Form fields; a list becomes one field for each of its values, as Twilio expects. */
function formOf(data: unknown): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(asRecord(data))) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) form.append(name, String(one));
    }
  }
  return form;
}

function refusal(answer: HttpAnswer): TwilioRefusal {
  if (answer.kind !== 'answered') {
    return new TwilioRefusal(undefined, null, undefined, answer.kind === 'notConnected', answer.error);
  }
  const code = asRecord(answer.body)['code'];
  return new TwilioRefusal(
    answer.status,
    typeof code === 'number' ? code : null,
    retryAfterSeconds(answer.headers),
    false,
    answer.status < 300 ? 'malformed_answer' : `http_${answer.status}`,
  );
}
