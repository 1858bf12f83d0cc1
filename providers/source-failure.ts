import { retryAfterSeconds, type HttpAnswer } from './http-exchange';
import { SourceUnavailable } from './ports';

/** Seconds after which a busy source is asked again when it does not say. */
const busySeconds = 30;

/** What a request's failed answer means: nothing was sent to anybody, so it may be asked again whenever that can help. */
export function sourceFailure(provider: string, answer: HttpAnswer): SourceUnavailable {
  if (answer.kind !== 'answered') return new SourceUnavailable(provider, answer.error, { retry: 'later' });
  const { status } = answer;
  if (status === 429) {
    const seconds = retryAfterSeconds(answer.headers) ?? busySeconds;
    return new SourceUnavailable(provider, 'rate_limited', { retry: 'later', retryAfterSeconds: seconds });
  }
  // Something between us and the provider answered in its place.
  if (status < 400) return new SourceUnavailable(provider, 'malformed_answer', { retry: 'later' });
  if (status >= 500 || status === 408) return new SourceUnavailable(provider, `http_${status}`, { retry: 'later' });
  return new SourceUnavailable(provider, reasons[status] ?? 'refused', { retry: 'never' });
}

const reasons: Readonly<Record<number, string>> = {
  401: 'authentication_failed',
  402: 'no_credits',
  403: 'permission_denied',
  404: 'not_found',
};
