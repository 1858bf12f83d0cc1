import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { ChannelSender, LinkedInRequest } from '../ports';
import { apiOf, unipileAsks, type UnipileSettings } from './exchange';
import { findInvitation, invite } from './invitations';
import { findMessage, sendMessage } from './messages';

/**
 * Invites and writes through Unipile, API v1. The reference of either is seat and person, not Unipile's own id:
 * acceptances and messages name only those.
 */
export function unipileNetworker(
  settings: UnipileSettings,
  outside: Pick<Outside, 'exchange'>,
): ChannelSender<LinkedInRequest> {
  const ask = unipileAsks(settings, outside);
  return {
    send: (request, permit) =>
      request.form === 'invitation' ? invite(ask, request, permit) : sendMessage(ask, request, permit),
    listing: { listingDelayMs: 30 * 60_000, horizonMs: 48 * 3_600_000 },
    find: (request, since) =>
      request.form === 'invitation' ? findInvitation(ask, request) : findMessage(ask, request, since),
  };
}

/** Lists one account: the cheapest request that needs the key. */
export async function unipileSign(settings: UnipileSettings, { exchange }: Outside): Promise<SignOfLife> {
  const url = `${apiOf(settings)}/accounts?limit=1`;
  const headers = { 'x-api-key': settings.apiKey };
  return signOf(await exchange({ method: 'GET', url, headers, timeoutMs: signOfLifeMs }));
}
