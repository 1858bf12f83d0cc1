import { asRecord } from '../http-exchange';
import type { FindOutcome, InvitationRequest, Permit, SendOutcome } from '../ports';
import { permitForBoth, type Ask } from './exchange';
import { findInList } from './lists';
import { isDone, sendFailure } from './outcome';
import { lookUp } from './profile';

/**
 * The reference of what a seat sent to a person: acceptances and messages name only those two, and a person may be reached
 * by seats of several clients.
 */
export const personReference = (accountId: string, providerId: string): string => `${accountId}:${providerId}`;

/** Looks at the profile, and invites whoever is neither connected nor invited. */
export async function invite(ask: Ask, request: InvitationRequest, permit: Permit): Promise<SendOutcome> {
  const { accountId, touchId, note, look } = request;
  const leave = permitForBoth(permit);
  const lookup = await lookUp(ask, request, look ? leave : null);
  if (lookup.kind === 'failed') return lookup.failure;
  const { providerId, connected, invitationPending } = lookup.profile;
  if (connected) return notNeeded('already_connected', 'connected', look);
  if (invitationPending) return notNeeded('already_invited', 'invited', look);
  const invitation = { account_id: accountId, provider_id: providerId, message: note };
  const answer = await ask(touchId, '/users/invite', invitation, leave);
  if (isDone(answer)) return { kind: 'accepted', reference: personReference(accountId, providerId) };
  const failure = sendFailure(answer);
  return failure.kind === 'rejected' && look ? { ...failure, looked: true } : failure;
}

const notNeeded = (error: string, network: 'invited' | 'connected', looked: boolean): SendOutcome => ({
  kind: 'rejected',
  retry: 'later',
  error,
  network,
  aboutTouch: true,
  ...(looked ? { looked } : {}),
});

/** An accepted invitation leaves the list, so a person who is connected by now is 'unknown', not 'absent'. */
export async function findInvitation(ask: Ask, request: InvitationRequest): Promise<FindOutcome> {
  const lookup = await lookUp(ask, request);
  if (lookup.kind === 'failed' || lookup.profile.connected) return 'unknown';
  const { providerId, invitationPending } = lookup.profile;
  const read = async (query: URLSearchParams) => {
    const answer = await ask(request.touchId, `/users/invite/sent?${query.toString()}`);
    return answer.kind === 'answered' ? answer : null;
  };
  const found = await findInList(read, request.accountId, (item) => invites(item, providerId));
  if (typeof found !== 'string') return 'found';
  return found === 'absent' && invitationPending ? 'unknown' : found;
}

/** The list's field for the person has more than one name in Unipile's own texts. */
function invites(item: Record<string, unknown>, providerId: string): boolean {
  return [item['invited_user_id'], item['provider_id'], asRecord(item['invited_user'])['provider_id']].includes(
    providerId,
  );
}
