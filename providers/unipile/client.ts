import type { HttpAnswer } from '../http-exchange';
import { asRecord, textField } from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { ChannelSender, FindOutcome, InvitationRequest, SendOutcome } from '../ports';
import { invitationFailure, lookupFailure } from './outcome';

export interface UnipileSettings {
  /** `https://{dsn}`, or a simulator's; without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** Bounds in milliseconds; together at most 20 s. */
  lookupTimeoutMs?: number;
  inviteTimeoutMs?: number;
}

/** What is read of a LinkedIn profile. */
interface Profile {
  providerId: string;
  connected: boolean;
  invitationPending: boolean;
}

type Lookup = { kind: 'found'; profile: Profile } | { kind: 'failed'; failure: SendOutcome };

/** Pages of sent invitations that are read before giving up, 100 each. */
const pagesRead = 10;

/**
 * Invites through Unipile, API v1. An accepted invitation's reference is seat and person, not the invitation's id:
 * acceptances and messages name only those.
 */
export function unipileNetworker(
  settings: UnipileSettings,
  { exchange }: Pick<Outside, 'exchange'>,
): ChannelSender<InvitationRequest> {
  const { lookupTimeoutMs = 8_000, inviteTimeoutMs = 12_000 } = settings;
  const api = apiOf(settings);

  function ask(touchId: string, path: string, timeoutMs: number, body?: object): Promise<HttpAnswer> {
    return exchange({
      method: body ? 'POST' : 'GET',
      url: `${api}${path}`,
      headers: {
        'x-api-key': settings.apiKey,
        'x-touch-id': touchId,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
      timeoutMs,
    });
  }

  async function lookUp(request: InvitationRequest): Promise<Lookup> {
    const slug = profileSlug(request.profileUrl);
    if (slug === null) return failed({ kind: 'rejected', retry: 'never', error: 'invalid_recipient' });
    const path = `/users/${encodeURIComponent(slug)}?account_id=${encodeURIComponent(request.accountId)}`;
    const answer = await ask(request.touchId, path, lookupTimeoutMs);
    const profile = answer.kind === 'answered' && answer.status === 200 ? profileIn(answer.body) : null;
    return profile ? { kind: 'found', profile } : failed(lookupFailure(answer));
  }

  return {
    async send(request: InvitationRequest): Promise<SendOutcome> {
      const lookup = await lookUp(request);
      if (lookup.kind === 'failed') return lookup.failure;
      const { providerId, connected, invitationPending } = lookup.profile;
      if (connected) return { kind: 'rejected', retry: 'never', error: 'already_connected' };
      if (invitationPending) return { kind: 'rejected', retry: 'never', error: 'already_invited' };
      const answer = await ask(request.touchId, '/users/invite', inviteTimeoutMs, {
        account_id: request.accountId,
        provider_id: providerId,
        message: request.note,
      });
      const done = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
      return done
        ? { kind: 'accepted', reference: invitationReference(request.accountId, providerId) }
        : invitationFailure(answer);
    },

    /** An accepted invitation leaves the list, so a person who is connected by now is 'unknown', not 'absent'. */
    async find(request: InvitationRequest): Promise<FindOutcome> {
      const lookup = await lookUp(request);
      if (lookup.kind === 'failed' || lookup.profile.connected) return 'unknown';
      let cursor: string | null = '';
      for (let page = 0; page < pagesRead && cursor !== null; page++) {
        const query = new URLSearchParams({
          account_id: request.accountId,
          limit: '100',
          ...(cursor ? { cursor } : {}),
        });
        const answer = await ask(request.touchId, `/users/invite/sent?${query.toString()}`, lookupTimeoutMs);
        if (answer.kind !== 'answered' || answer.status !== 200) return 'unknown';
        const list = asRecord(answer.body);
        if (!Array.isArray(list['items'])) return 'unknown';
        if (list['items'].some((item) => invites(item, lookup.profile.providerId))) return 'found';
        cursor = textField(list, 'cursor');
      }
      return cursor === null && !lookup.profile.invitationPending ? 'absent' : 'unknown';
    },
  };
}

/** Lists one account: the cheapest request that needs the key. */
export async function unipileSign(settings: UnipileSettings, { exchange }: Outside): Promise<SignOfLife> {
  const url = `${apiOf(settings)}/accounts?limit=1`;
  const headers = { 'x-api-key': settings.apiKey };
  return signOf(await exchange({ method: 'GET', url, headers, timeoutMs: signOfLifeMs }));
}

const apiOf = ({ baseUrl }: UnipileSettings): string => `${baseUrl.replace(/\/$/, '')}/api/v1`;

const failed = (failure: SendOutcome): Lookup => ({ kind: 'failed', failure });

/** The reference of an invitation: a person may be invited by seats of several clients. */
export const invitationReference = (accountId: string, providerId: string): string => `${accountId}:${providerId}`;

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

/** The list's field for the person has more than one name in Unipile's own texts. */
function invites(item: unknown, providerId: string): boolean {
  const record = asRecord(item);
  return [record['invited_user_id'], record['provider_id'], asRecord(record['invited_user'])['provider_id']].includes(
    providerId,
  );
}
