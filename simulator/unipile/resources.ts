import { stableId } from '../chance';
import { slugOf, providerId, type Person } from '../people';
import type { LinkedInNetwork, Relation, SentInvitation, SentMessage } from './network';

type Json = Record<string, unknown>;

export function profile(person: Person, seat: string, network: LinkedInNetwork): Json {
  const url = person.linkedinUrl ?? '';
  const connected = network.isConnected(seat, url);
  return {
    object: 'UserProfile',
    provider: 'LINKEDIN',
    provider_id: providerId(url),
    public_identifier: slugOf(url),
    member_urn: String(parseInt(stableId(8, 'member', slugOf(url)), 16)),
    first_name: person.firstName,
    last_name: person.lastName,
    headline: [person.title, person.company].filter(Boolean).join(' at '),
    network_distance: connected ? 'FIRST_DEGREE' : 'THIRD_DEGREE',
    is_relationship: connected,
    ...(network.isPending(seat, url) ? { invitation: { type: 'SENT', status: 'PENDING' } } : {}),
  };
}

export function invitationItem(sent: SentInvitation, person: Person | null): Json {
  return {
    object: 'InvitationSent',
    id: sent.id,
    date: sent.at.toDateString(),
    parsed_datetime: sent.at.toISOString(),
    invitation_text: sent.text,
    inviter: { inviter_id: providerId(`seat ${sent.seat}`) },
    invited_user: nameOf(person),
    invited_user_id: providerId(sent.profileUrl),
    invited_user_public_id: slugOf(sent.profileUrl),
    invited_user_description: person?.title ?? '',
  };
}

export function relationItem(relation: Relation, person: Person | null): Json {
  return {
    object: 'UserRelation',
    connection_urn: `urn:li:fsd_connection:${providerId(relation.profileUrl)}`,
    created_at: relation.at.getTime(),
    member_id: providerId(relation.profileUrl),
    member_urn: `urn:li:fsd_profile:${providerId(relation.profileUrl)}`,
    public_identifier: slugOf(relation.profileUrl),
    public_profile_url: relation.profileUrl,
    first_name: person?.firstName ?? '',
    last_name: person?.lastName ?? '',
    headline: person?.title ?? '',
  };
}

export function messageItem(sent: SentMessage): Json {
  return {
    object: 'Message',
    id: sent.id,
    provider_id: sent.id,
    chat_id: `chat_${sent.id}`,
    sender_id: providerId(`seat ${sent.seat}`),
    is_sender: 1,
    text: sent.text,
    timestamp: sent.at.toISOString(),
  };
}

/** One page of a list; the cursor is the index of the next item. */
export function slice(items: Json[], cursor = '0', limit = '100'): { items: Json[]; cursor: string | null } {
  const start = Number(cursor) || 0;
  const end = start + Math.min(250, Number(limit) || 100);
  return { items: items.slice(start, end), cursor: end < items.length ? String(end) : null };
}

function nameOf(person: Person | null): string {
  return [person?.firstName, person?.lastName].filter(Boolean).join(' ');
}
