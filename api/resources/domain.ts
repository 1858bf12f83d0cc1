import { createDomain, listDomains, readDomain, updateDomain, type DomainRecord } from '../../store/senders/domains';
import type { ApiDeps } from '../ports';
import { domain, domainChanges, newDomain } from '../schemas/resources';
import { clientToday } from './capacity-view';
import { domainViews } from './domain-view';
import type { ApiResource } from './resource';

export function domainKind(
  deps: ApiDeps,
): ApiResource<typeof newDomain, typeof domainChanges, typeof domain, DomainRecord> {
  const { database } = deps;
  return {
    path: 'domains',
    noun: 'domain',
    summaries: {
      create: 'Register a sending domain',
      change: 'Correct when the warm-up began (WARM-3), or name the selector of DKIM',
    },
    schemas: { create: newDomain, changes: domainChanges, view: domain },
    unique: 'name',
    async create(clientId, { name, warmupStartedAt, dkimSelector = null }, now) {
      const began = warmupStartedAt ?? (await clientToday(deps, clientId));
      const created = await createDomain(database, { clientId, name, warmupStartedAt: began, dkimSelector, now });
      await deps.checkDomainDns(created.id, now);
      return created;
    },
    list: (clientId, page) => listDomains(database, clientId, page),
    read: (owner) => readDomain(database, owner),
    async change(owner, body) {
      await updateDomain(database, owner, body);
      if (body.dkimSelector !== undefined) await deps.checkDomainDns(owner.id, await deps.clock.now());
    },
    check: {
      summary: 'Ask the DNS again whether SPF, DKIM and DMARC are there',
      act: ({ id }, now) => deps.checkDomainDns(id, now),
    },
    pausable: ({ clientId, id }) => ({ kind: 'domain', domainId: id, clientId }),
    views: (clientId, rows) => domainViews(deps, clientId, rows),
  };
}
