import { asRecord, textField } from '../http-exchange';
import type { LinkedInRequest, Permit, SendOutcome } from '../ports';
import type { Ask } from './exchange';
import { lookupFailure, mayHaveHappened } from './outcome';

/** What is read of a LinkedIn profile. */
export interface Profile {
  providerId: string;
  connected: boolean;
  invitationPending: boolean;
}

export type Lookup =
  { kind: 'found'; profile: Profile } | { kind: 'failed'; failure: Extract<SendOutcome, { kind: 'rejected' }> };

/** Looks a person up. @param visibly the permit of a look that the person sees, and that counts as a profile view */
export async function lookUp(ask: Ask, request: LinkedInRequest, visibly: Permit | null = null): Promise<Lookup> {
  const slug = profileSlug(request.profileUrl);
  if (slug === null) return failed({ kind: 'rejected', retry: 'never', error: 'invalid_recipient' });
  const query = new URLSearchParams({ account_id: request.accountId, ...(visibly === null ? {} : { notify: 'true' }) });
  const path = `/users/${encodeURIComponent(slug)}?${query.toString()}`;
  const answer = await ask(request.touchId, path, undefined, visibly ?? undefined);
  const profile = answer.kind === 'answered' && answer.status === 200 ? profileIn(answer.body) : null;
  if (profile !== null) return { kind: 'found', profile };
  const failure = lookupFailure(answer);
  return failed(visibly !== null && mayHaveHappened(answer) ? { ...failure, looked: true } : failure);
}

const failed = (failure: Extract<SendOutcome, { kind: 'rejected' }>): Lookup => ({ kind: 'failed', failure });

/** `https://www.linkedin.com/in/jane-doe/?x=y` → `jane-doe`; a bare slug or provider id stays; else null. */
export function profileSlug(profileUrl: string): string | null {
  const match = /^(?:(?:https?:\/\/)?(?:[a-z]+\.)?linkedin\.com\/in\/)?([^/?#\s]+)\/?(?:[?#].*)?$/i.exec(
    profileUrl.trim(),
  );
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}

function profileIn(body: unknown): Profile | null {
  const record = asRecord(body);
  const providerId = textField(record, 'provider_id');
  if (providerId === null) return null;
  const invitation = asRecord(record['invitation']);
  return {
    providerId,
    connected: record['network_distance'] === 'FIRST_DEGREE' || record['is_relationship'] === true,
    invitationPending: invitation['type'] === 'SENT' && invitation['status'] === 'PENDING',
  };
}
