import type { HttpAnswer } from '../http-exchange';
import { asRecord, isRecord, notReached, notTheProvider, retryAfterSeconds, textField } from '../http-exchange';
import type { SendOutcome } from '../ports';

type Rejected = Extract<SendOutcome, { kind: 'rejected' }>;
type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

/** LinkedIn throttles a seat for a day or so, and does not say how long. In seconds. */
const aDay = 86_400;

/** Unipile's error types (`errors/…`) that say something certain about the seat or the person. */
const knownTypes: Readonly<Record<string, Pick<Rejected, 'retry' | 'network' | 'aboutTouch' | 'retryAfterSeconds'>>> = {
  disconnected_account: { retry: 'resource' },
  missing_credentials: { retry: 'resource' },
  expired_credentials: { retry: 'resource' },
  already_invited_recently: { retry: 'later', network: 'invited', aboutTouch: true },
  already_connected: { retry: 'later', network: 'connected', aboutTouch: true },
  no_connection_with_recipient: { retry: 'later', network: 'strangers', aboutTouch: true },
  invalid_recipient: { retry: 'never' },
  cannot_invite_attendee: { retry: 'never' },
  cannot_resend_yet: { retry: 'rest', retryAfterSeconds: aDay },
  limit_exceeded: { retry: 'rest', retryAfterSeconds: aDay },
};

/** A restricted seat rests until a person has looked, whatever else the answer says. */
const restricted = 'account_restricted';

/** Was it done, and not only answered? Its ids are not asked for: the reference is seat and person. */
export const isDone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300 && isRecord(answer.body);

/** What a failed send proves: typed errors and 4xx are definite, 5xx and lost answers are unknown. */
export function sendFailure(answer: HttpAnswer): SendOutcome {
  if (answer.kind === 'notConnected') return notReached(answer.error);
  if (answer.kind === 'lost') return { kind: 'unknown', error: answer.error };
  if (answer.status >= 200 && answer.status < 300) return { kind: 'unknown', error: 'malformed_answer' };
  if (isUndecided(answer)) return { kind: 'unknown', error: `http_${answer.status}` };
  return refused(answer);
}

/** What a failed look-up of the profile means: nothing was sent, so nothing is unknown. */
export function lookupFailure(answer: HttpAnswer): Rejected {
  if (answer.kind !== 'answered') return notReached(answer.error);
  // A profile that makes no sense is about this person; anything else is about the provider.
  if (answer.status === 200 && isRecord(answer.body)) {
    return { kind: 'rejected', retry: 'later', error: 'malformed_profile', aboutTouch: true };
  }
  if (isUndecided(answer))
    return { kind: 'rejected', retry: 'later', error: `lookup_http_${answer.status}`, down: true };
  if (answer.status === 404 && isRecord(answer.body))
    return { kind: 'rejected', retry: 'never', error: 'invalid_recipient' };
  return refused(answer);
}

/** May the request have been carried out, although it failed? A look that may have been made counts as one. */
export const mayHaveHappened = (answer: HttpAnswer): boolean =>
  answer.kind === 'lost' || (answer.kind === 'answered' && isUndecided(answer));

const isUndecided = ({ status }: Answered): boolean => status >= 500 || status < 400 || status === 408;

function refused(answer: Answered): Rejected {
  if (!isRecord(answer.body) && answer.status !== 429) return notTheProvider;
  const type = (textField(asRecord(answer.body), 'type') ?? '').replace(/^errors\//, '');
  if (type === restricted) return { kind: 'rejected', retry: 'rest', error: restricted };
  const known = knownTypes[type];
  const error = known === undefined ? wordOf(answer.status, type) : shortWord(type);
  const verdict: Rejected = { kind: 'rejected', error, ...(known ?? { retry: retryOf(answer) }) };
  const seconds = retryAfterSeconds(answer.headers);
  return seconds === undefined ? verdict : { ...verdict, retryAfterSeconds: seconds };
}

/** The engine's words for what Unipile calls otherwise. */
function shortWord(type: string): string {
  if (type === 'no_connection_with_recipient') return 'not_connected';
  return type === 'already_invited_recently' ? 'already_invited' : type;
}

function wordOf(status: number, type: string): string {
  if (status === 429) return type === 'too_many_requests' ? type : 'rate_limited';
  return status === 401 || status === 403 ? 'authentication_failed' : 'refused';
}

/** 429 that says how long is a seat that rests; one that does not may pass in a minute. */
function retryOf({ status, headers }: Answered): Rejected['retry'] {
  if (status === 429) return retryAfterSeconds(headers) === undefined ? 'later' : 'rest';
  return status === 401 || status === 403 ? 'resource' : 'never';
}
