import { limitOn, type CapacityKind } from '../../domain/limits';
import type { LocalDate } from '../../domain/local-date';
import { dateValue } from '../dates';
import type { Database } from '../database';

/** The kinds of sending resources, as the API names them. */
export const resourceKinds = ['domains', 'mailboxes', 'phone-numbers', 'linkedin-seats'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** One counter of one resource on one client-local day. */
export interface CapacityUse {
  limit: number;
  /** Planned, not yet sent. */
  booked: number;
  consumed: number;
}

/** What a resource's counter says today, for many resources at once; a day without a row has seen no booking. */
export async function readCapacityUse(
  database: Database,
  kind: CapacityKind,
  day: LocalDate,
  resources: readonly { id: string; warmupStartedAt?: LocalDate }[],
): Promise<Map<string, CapacityUse>> {
  const rows = await database.capacityDay.findMany({
    where: { kind, day: dateValue(day), resourceId: { in: resources.map((resource) => resource.id) } },
  });
  const byId = new Map(rows.map((row) => [row.resourceId, row]));
  return new Map(
    resources.map(({ id, warmupStartedAt }) => {
      const row = byId.get(id);
      const limit = limitOn(kind, day, warmupStartedAt ?? null);
      return [id, { limit, booked: row?.booked ?? 0, consumed: row?.consumed ?? 0 }];
    }),
  );
}

/**
 * Pauses a resource (`since` is an instant) or lets it send again (null).
 * @returns false when the client has no such resource
 */
export async function setPaused(
  database: Database,
  kind: ResourceKind,
  owner: { clientId: string; id: string },
  pause: { since: Date; reason: string } | null,
): Promise<boolean> {
  const data = { pausedAt: pause?.since ?? null, pauseReason: pause?.reason ?? null };
  // Pausing twice keeps the first moment and reason.
  const where = pause === null ? owner : { ...owner, pausedAt: null };
  const change = { where, data };
  switch (kind) {
    case 'domains':
      await database.sendingDomain.updateMany(change);
      break;
    case 'mailboxes':
      await database.mailbox.updateMany(change);
      break;
    case 'phone-numbers':
      await database.phoneNumber.updateMany(change);
      break;
    case 'linkedin-seats':
      await database.linkedInSeat.updateMany(change);
      break;
  }
  return resourceExists(database, kind, owner);
}

/** HLTH-2: someone looked at what the alerts about this resource say. @returns false when there is no such resource */
export async function markReviewed(
  database: Database,
  kind: ResourceKind,
  owner: { clientId: string; id: string },
  now: Date,
): Promise<boolean> {
  if (!(await resourceExists(database, kind, owner))) return false;
  await database.alert.updateMany({
    where: { clientId: owner.clientId, resourceId: owner.id, resolvedAt: null },
    data: { resolvedAt: now },
  });
  if (kind === 'domains') await database.sendingDomain.updateMany({ where: owner, data: { reviewedAt: now } });
  return true;
}

async function resourceExists(
  database: Database,
  kind: ResourceKind,
  where: { clientId: string; id: string },
): Promise<boolean> {
  switch (kind) {
    case 'domains':
      return (await database.sendingDomain.count({ where })) > 0;
    case 'mailboxes':
      return (await database.mailbox.count({ where })) > 0;
    case 'phone-numbers':
      return (await database.phoneNumber.count({ where })) > 0;
    case 'linkedin-seats':
      return (await database.linkedInSeat.count({ where })) > 0;
  }
}
