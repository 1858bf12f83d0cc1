import { localDate, type LocalDate } from '../../domain/calendar/local-date';
import type { SenderKind } from '../../domain/channels/channel-rules';
import type { Resource } from '../../domain/limits';
import { accountId } from './account';

/** What a sender's limits depend on. */
export interface SenderPlace {
  id: string;
  kind: SenderKind;
  /** Through which its touches go. */
  provider: string;
  domain: { id: string; warmupStartedAt: LocalDate; isHalved: boolean } | null;
  restedUntil: Date | null;
}

/** Everything that a touch of this sender counts against (LIM-1). */
export function resourcesOf(client: { id: string; timezone: string }, place: SenderPlace): Resource[] {
  const { provider, domain } = place;
  return [
    { kind: 'client', id: client.id },
    ...(domain === null ? [] : [{ kind: 'domain' as const, ...domain }]),
    senderResource(place, client.timezone),
    { kind: 'account', id: accountId(provider) },
  ];
}

/** The sender itself, with what its own limits depend on. @param timezone the client's, where days are counted (LIM) */
export function senderResource(
  { id, kind, restedUntil }: Pick<SenderPlace, 'id' | 'kind' | 'restedUntil'>,
  timezone: string,
): Resource {
  return restedUntil === null ? { kind, id } : { kind, id, restedUntil: localDate(restedUntil, timezone) };
}
