import type { SendOutcome } from '../ports';
import { TwilioRefusal } from './http-client';

/** Twilio's error codes that say something certain about the recipient, the number or the account. */
const knownCodes: Readonly<Record<number, { retry: 'later' | 'never' | 'resource'; error: string }>> = {
  10001: { retry: 'resource', error: 'account_inactive' },
  10004: { retry: 'later', error: 'rate_limited' },
  20003: { retry: 'resource', error: 'authentication_failed' },
  20005: { retry: 'resource', error: 'account_inactive' },
  20429: { retry: 'later', error: 'rate_limited' },
  21201: { retry: 'never', error: 'invalid_recipient' },
  21202: { retry: 'never', error: 'recipient_not_permitted' },
  21203: { retry: 'never', error: 'recipient_not_permitted' },
  21210: { retry: 'resource', error: 'number_not_verified' },
  21211: { retry: 'never', error: 'invalid_recipient' },
  21212: { retry: 'resource', error: 'invalid_number' },
  21213: { retry: 'resource', error: 'invalid_number' },
  21214: { retry: 'never', error: 'invalid_recipient' },
  21215: { retry: 'never', error: 'recipient_not_permitted' },
  21216: { retry: 'never', error: 'recipient_blocked' },
  21217: { retry: 'never', error: 'invalid_recipient' },
  21219: { retry: 'resource', error: 'trial_account' },
};

/** What a failed attempt to place a call proves: refusals are definite, 5xx and lost answers are unknown. */
export function callFailure(error: unknown): SendOutcome {
  if (!(error instanceof TwilioRefusal)) return { outcome: 'unknown', error: 'unexpected_error' };
  const { status, code } = error;
  if (error.notConnected) return { outcome: 'rejected', retry: 'later', error: error.message };
  // 408: whoever gave up waiting may have passed the request on.
  if (status === undefined || status < 400 || status >= 500 || status === 408)
    return { outcome: 'unknown', error: error.message };
  const known = code === null ? undefined : knownCodes[code];
  const verdict = known ?? byStatus(status);
  return { outcome: 'rejected', ...verdict, retryAfterSeconds: error.retryAfterSeconds };
}

function byStatus(status: number): { retry: 'later' | 'never' | 'resource'; error: string } {
  if (status === 429) return { retry: 'later', error: 'rate_limited' };
  // 404 is about the account's own URL: placing a call names nothing else that could be missing.
  if (status === 401 || status === 403 || status === 404) return { retry: 'resource', error: 'authentication_failed' };
  return { retry: 'never', error: 'refused' };
}
