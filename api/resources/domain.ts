import { warmUpDay, warmUpLimit, warmUpStages } from '../../domain/warm-up';
import { createDomain, listDomains, readDomain, updateDomain, type DomainRecord } from '../../store/senders/domains';
import type { ApiDeps } from '../ports';
import { isoOrNull } from '../schemas/basics';
import { domain, domainChanges, newDomain } from '../schemas/resources';
import { clientCalendar, clientToday, limitUses, limitViews, stateView, todaysUse } from './capacity-view';
import type { ApiResource } from './resource';

export function domainKind(
  deps: ApiDeps,
): ApiResource<typeof newDomain, typeof domainChanges, typeof domain, DomainRecord> {
  const { database } = deps;
  return {
    path: 'domains',
    noun: 'domain',
    summaries: { create: 'Register a sending domain', change: 'Correct when the warm-up began (WARM-3)' },
    schemas: { create: newDomain, changes: domainChanges, view: domain },
    unique: 'name',
    async create(clientId, { name, warmupStartedAt }, now) {
      const began = warmupStartedAt ?? (await clientToday(deps, clientId));
      return createDomain(database, { clientId, name, warmupStartedAt: began, now });
    },
    list: (clientId, page) => listDomains(database, clientId, page),
    read: (owner) => readDomain(database, owner),
    change: (owner, body) => updateDomain(database, owner, body),
    pausable: ({ clientId, id }) => ({ kind: 'domain', domainId: id, clientId }),
    async views(clientId, rows) {
      const { today, now } = await clientCalendar(deps, clientId);
      const resources = rows.map(({ id, warmupStartedAt }) => ({
        resource: { kind: 'domain', id, warmupStartedAt } as const,
        counts: ['email'] as const,
      }));
      const uses = await limitUses(deps, today, resources);
      return rows.map(({ pauses, createdAt, reviewedAt, ...row }) => {
        const use = uses.get(row.id) ?? [];
        const day = warmUpDay(row.warmupStartedAt, today);
        const stage = warmUpStages.filter((each) => day >= each.fromDay).length;
        return {
          ...row,
          ...stateView({ pauses, createdAt }, now),
          ...todaysUse(use, ['email']),
          limits: limitViews(use),
          warmUp: { day, stage, limit: warmUpLimit(day) },
          reviewedAt: isoOrNull(reviewedAt),
        };
      });
    },
  };
}
