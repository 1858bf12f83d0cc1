import type { LocalDate } from '../../domain/calendar/local-date';
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
}

/** Everything that a touch of this sender counts against (LIM-1). */
export function resourcesOf(clientId: string, { id, kind, provider, domain }: SenderPlace): Resource[] {
  return [
    { kind: 'client', id: clientId },
    ...(domain === null ? [] : [{ kind: 'domain' as const, ...domain }]),
    { kind, id },
    { kind: 'account', id: accountId(provider) },
  ];
}
