import { warmUpDay, warmUpLimit, warmUpStages } from '../../domain/warm-up';
import { bulkSenderRules } from '../../domain/bulk-sender-rules';
import {
  createDomain,
  listDomains,
  readDomain,
  updateDomain,
  type DomainDns,
  type DomainRecord,
} from '../../store/senders/domains';
import type { ApiDeps } from '../ports';
import { isoOrNull } from '../schemas/basics';
import { domain, domainChanges, newDomain } from '../schemas/resources';
import { clientToday, limitUses, limitViews, stateView, todaysUse } from './capacity-view';
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
    async views(clientId, rows) {
      const today = await clientToday(deps, clientId);
      const resources = rows.map(({ id, warmupStartedAt }) => ({
        resource: { kind: 'domain', id, warmupStartedAt } as const,
        counts: ['email'] as const,
      }));
      const uses = await limitUses(deps, today, resources);
      return rows.map(({ pauses, createdAt, reviewedAt, dns, ...row }) => {
        const use = uses.get(row.id) ?? [];
        const day = warmUpDay(row.warmupStartedAt, today);
        const stage = warmUpStages.filter((each) => day >= each.fromDay).length;
        return {
          ...row,
          ...stateView({ pauses, createdAt }),
          ...todaysUse(use, ['email']),
          limits: limitViews(use),
          warmUp: { day, stage, limit: warmUpLimit(day) },
          dns: dnsView(dns),
          reviewedAt: isoOrNull(reviewedAt),
        };
      });
    },
  };
}

/** Complaints, TLS and the servers' records have no source here. Every mail carries RFC 8058's headers (SEQ-5). */
function dnsView({ askedAt, failure, checkedAt, records }: DomainDns) {
  const unmeasured = { complaintRate: null, tls: null, forwardRecords: null };
  return {
    askedAt: isoOrNull(askedAt),
    couldNotBeAsked: failure,
    checkedAt: isoOrNull(checkedAt),
    records: records ?? [],
    bulkSenderRules: bulkSenderRules({ records, oneClickUnsubscribe: true, ...unmeasured }),
  };
}
