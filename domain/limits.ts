import type { LocalDate } from './local-date';
import type { Channel } from './sequence';
import { warmUpDay, warmUpLimit } from './warm-up';

/** What a day's counter counts. The words of the database's CapacityKind. */
export type CapacityKind =
  'client_email' | 'client_sms' | 'domain' | 'mailbox' | 'number_voice' | 'number_sms' | 'seat_invitations';

/** The LIM table: touches per calendar day in the client's zone. A domain's limit is its warm-up's (WARM). */
export const dailyLimits: Readonly<Record<Exclude<CapacityKind, 'domain'>, number>> = {
  client_email: 200,
  mailbox: 100,
  number_voice: 50,
  seat_invitations: 20,
  number_sms: 100,
  client_sms: 200,
};

/** The LIM table: connection requests of a seat in any seven days. */
export const seatInvitationsPerSevenDays = 100;
/** The LIM table: calls of one account at the same time. */
export const concurrentCalls = 5;
/** The LIM table: a call's length in seconds, enforced by the carrier. */
export const callSeconds = 120;
/** A ringing call holds its line as well; the carrier stops ringing after this long. */
export const ringSeconds = 30;

/** TIME-6: seconds between two touches of one mailbox, number or seat. */
export const spacingSeconds = 120;
/** Slots are booked, and claimed, further apart, so that the way to the provider cannot eat the two minutes. */
export const bookedSpacingSeconds = 150;
export const claimedSpacingSeconds = 130;

/** A sending resource: what it is called and which counters a touch from it moves (LIM-1). */
export interface Sender {
  id: string;
  resources: readonly { kind: CapacityKind; id: string }[];
  /** Client-local date on which the domain's warm-up began; null: no domain is involved. */
  warmupStartedAt: LocalDate | null;
}

/** Which counters one touch of a channel moves, in the order of the LIM table. */
export function resourcesOf(
  channel: Channel,
  ids: { clientId: string; senderId: string; domainId: string | null },
): { kind: CapacityKind; id: string }[] {
  switch (channel) {
    case 'email':
      return [
        { kind: 'client_email', id: ids.clientId },
        { kind: 'domain', id: ids.domainId ?? ids.senderId },
        { kind: 'mailbox', id: ids.senderId },
      ];
    case 'voice':
      return [{ kind: 'number_voice', id: ids.senderId }];
    case 'linkedin':
      return [{ kind: 'seat_invitations', id: ids.senderId }];
    case 'sms':
      return [
        { kind: 'client_sms', id: ids.clientId },
        { kind: 'number_sms', id: ids.senderId },
      ];
  }
}

/** The limit of one counter on one client-local day (LIM, WARM-2: the limit of that date). */
export function limitOn(kind: CapacityKind, day: LocalDate, warmupStartedAt: LocalDate | null): number {
  if (kind !== 'domain') return dailyLimits[kind];
  return warmupStartedAt === null ? 0 : warmUpLimit(warmUpDay(warmupStartedAt, day));
}
