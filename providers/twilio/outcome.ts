import type { HttpAnswer } from '../http-exchange';
import { asRecord, isRecord, notReached, notTheProvider, retryAfterSeconds, textField } from '../http-exchange';
import type { SendOutcome } from '../ports';

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
  21610: { retry: 'never', error: 'recipient_unsubscribed' },
  21219: { retry: 'resource', error: 'trial_account' },
};

/** What an attempt to place a call proves: refusals are definite, 5xx and lost answers are unknown. */
export function callOutcome(answer: HttpAnswer): SendOutcome {
  if (answer.kind === 'notConnected') return notReached(answer.error);
  if (answer.kind === 'lost') return { kind: 'unknown', error: answer.error };
  const { status } = answer;
  if (status < 300) {
    const sid = textField(asRecord(answer.body), 'sid');
    return sid === null ? { kind: 'unknown', error: 'malformed_answer' } : { kind: 'accepted', reference: sid };
  }
  // 408: whoever gave up waiting may have passed the request on.
  if (status < 400 || status >= 500 || status === 408) return { kind: 'unknown', error: `http_${status}` };
  if (!isRecord(answer.body) && status !== 429) return notTheProvider;
  const code = asRecord(answer.body)['code'];
  const verdict = (typeof code === 'number' ? knownCodes[code] : undefined) ?? byStatus(status);
  return { kind: 'rejected', ...verdict, retryAfterSeconds: retryAfterSeconds(answer.headers) };
}

function byStatus(status: number): { retry: 'later' | 'never' | 'resource'; error: string } {
  if (status === 429) return { retry: 'later', error: 'rate_limited' };
  // 404 is about the account's own URL: placing a call names nothing else that could be missing.
  if (status === 401 || status === 403 || status === 404) return { retry: 'resource', error: 'authentication_failed' };
  return { retry: 'never', error: 'refused' };
}
