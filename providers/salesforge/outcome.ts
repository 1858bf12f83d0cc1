import type { HttpAnswer } from '../http-exchange';
import { asRecord, retryAfterSeconds, textField } from '../http-exchange';
import type { SendOutcome } from '../ports';

type Rejected = Extract<SendOutcome, { kind: 'rejected' }>;

/** The send ended before anything could leave. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  constructor(readonly outcome: Rejected) {
    super(outcome.error);
  }
}

export const notSent = (retry: Rejected['retry'], error: string): NotSent =>
  new NotSent({ kind: 'rejected', retry, error });

/** What an answer that refuses says, whichever request it refuses; null: it does not refuse for certain. */
export function refusalOf(answer: HttpAnswer): Rejected | null {
  if (answer.kind === 'notConnected') return { kind: 'rejected', retry: 'later', error: answer.error };
  if (answer.kind === 'lost') return null;
  const { status } = answer;
  const known = Object.hasOwn(refusals, status) ? refusals[status] : undefined;
  if (status === 429)
    return { ...rejected('later', 'rate_limited'), retryAfterSeconds: retryAfterSeconds(answer.headers) };
  if (known !== undefined) return rejected(...known);
  return status >= 400 && status < 500 && status !== 408 ? rejected('never', 'refused') : null;
}

const rejected = (retry: Rejected['retry'], error: string): Rejected => ({ kind: 'rejected', retry, error });

/** Documented refusals [3p]. What concerns the account takes the mailbox out, until somebody has acted. */
const refusals: Readonly<Record<number, [Rejected['retry'], string]>> = {
  401: ['resource', 'authentication_failed'],
  402: ['resource', 'out_of_credits'],
  403: ['resource', 'not_permitted'],
  404: ['later', 'not_found'],
  409: ['later', 'conflict'],
  422: ['resource', 'contact_limit_reached'],
  423: ['later', 'busy'],
};

/**
 * The body of a preparatory request's answer. Whatever became of that request, the mail has not left.
 * @throws NotSent unless it succeeded
 */
export function prepared(answer: HttpAnswer): Record<string, unknown> {
  const refusal = refusalOf(answer);
  if (refusal !== null) throw new NotSent(refusal);
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) return asRecord(answer.body);
  throw notSent('later', lostWord(answer));
}

/** What an answer says that neither accepts nor refuses. */
export function lostWord(answer: HttpAnswer): string {
  if (answer.kind !== 'answered') return answer.error;
  return answer.status >= 200 && answer.status < 300 ? 'malformed_answer' : `http_${answer.status}`;
}

/** Is it the refusal of a preflight that has grown old, or is no longer there? Then nothing was enrolled. */
export function isStale(answer: HttpAnswer): boolean {
  if (answer.kind !== 'answered') return false;
  if (answer.status === 404) return true;
  return answer.status === 409 && textField(asRecord(answer.body), 'message') === 'preflight_stale';
}

/** The objects of a list, under the first of these names that holds one; null: there is no list. */
export function listIn(body: Record<string, unknown>, ...names: string[]): Record<string, unknown>[] | null {
  for (const name of names) if (Array.isArray(body[name])) return body[name].map(asRecord);
  return null;
}
