import type { HttpAnswer } from '../http-exchange';
import { asRecord, retryAfterSeconds, textField } from '../http-exchange';
import type { SendOutcome } from '../ports';

type Rejected = Extract<SendOutcome, { kind: 'rejected' }>;

/** Unipile's error types (`errors/…`) that say something certain about the seat or the person. */
const knownTypes: Readonly<Record<string, Rejected['retry']>> = {
  disconnected_account: 'resource',
  account_restricted: 'resource',
  missing_credentials: 'resource',
  expired_credentials: 'resource',
  // On a first try somebody else invited them already: this touch has nothing left to do.
  already_invited_recently: 'never',
  already_connected: 'never',
  invalid_recipient: 'never',
  cannot_invite_attendee: 'never',
  // The seat is throttled, for a day or so.
  cannot_resend_yet: 'later',
  limit_exceeded: 'later',
  too_many_requests: 'later',
};

/** What a failed invitation proves: typed errors and 4xx are definite, 5xx and lost answers are unknown. */
export function invitationFailure(answer: HttpAnswer): SendOutcome {
  if (answer.kind === 'notConnected') return { kind: 'rejected', retry: 'later', error: answer.error };
  if (answer.kind === 'lost') return { kind: 'unknown', error: answer.error };
  if (answer.status >= 500 || answer.status < 400 || answer.status === 408) {
    return { kind: 'unknown', error: `http_${answer.status}` };
  }
  return refused(answer);
}

/** What a failed look-up of the profile means: nothing was sent, so nothing is unknown. */
export function lookupFailure(answer: HttpAnswer): SendOutcome {
  if (answer.kind !== 'answered') return { kind: 'rejected', retry: 'later', error: answer.error };
  if (answer.status >= 500 || answer.status < 400 || answer.status === 408) {
    return { kind: 'rejected', retry: 'later', error: `lookup_http_${answer.status}` };
  }
  if (answer.status === 404) return { kind: 'rejected', retry: 'never', error: 'invalid_recipient' };
  return refused(answer);
}

function refused(answer: Extract<HttpAnswer, { kind: 'answered' }>): Rejected {
  const type = (textField(asRecord(answer.body), 'type') ?? '').replace(/^errors\//, '');
  const retry = knownTypes[type];
  const verdict: Rejected =
    retry === undefined ? byStatus(answer.status) : { kind: 'rejected', retry, error: shortWord(type) };
  return { ...verdict, retryAfterSeconds: retryAfterSeconds(answer.headers) };
}

/** The engine's words for what Unipile calls otherwise. */
function shortWord(type: string): string {
  return type === 'already_invited_recently' ? 'already_invited' : type;
}

function byStatus(status: number): Rejected {
  if (status === 429) return { kind: 'rejected', retry: 'later', error: 'rate_limited' };
  if (status === 401 || status === 403) return { kind: 'rejected', retry: 'resource', error: 'authentication_failed' };
  return { kind: 'rejected', retry: 'never', error: 'refused' };
}
