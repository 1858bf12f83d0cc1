import { refreshSequences } from '../../store/campaigns/campaigns';
import { createDomain, listDomains, readDomain, updateDomain, type DomainRecord } from '../../store/senders/domains';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { clientToday, domainViews } from '../resource-views';
import { answers, idParam, pageOf, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { domain, domainChanges, newDomain } from '../schemas/resources';
import { controlRoutes, registerOnce, showOne, showPage, type Shown } from './resource-controls';

export function domainRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['resources'];
  const shown = {
    kind: 'domains',
    noun: 'domain',
    schema: domain,
    read: (clientId: string, id: string) => readDomain(database, clientId, id),
    views: (clientId: string, rows: DomainRecord[]) => domainViews(deps, clientId, rows),
  } satisfies Shown<DomainRecord, unknown>;

  api.post(
    '/v1/domains',
    {
      config: { needs: 'write' },
      schema: { tags, summary: 'Register a sending domain', body: newDomain, response: answers({ 201: domain }) },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const warmupStartedAt = request.body.warmupStartedAt ?? (await clientToday(deps, clientId));
      const now = await clock.now();
      const row = await registerOnce(
        'name',
        createDomain(database, { clientId, name: request.body.name, warmupStartedAt, now }),
      );
      await refreshSequences(database, clientId);
      return reply.code(201).send(await showOne(shown, clientId, row.id));
    },
  );

  api.get(
    '/v1/domains',
    {
      schema: { tags, summary: 'Sending domains', querystring: pageQuery, response: answers({ 200: pageOf(domain) }) },
    },
    async (request) => {
      const clientId = clientOf(request);
      const page = await listDomains(database, clientId, pageRequest(request.query));
      return pageView(await showPage(shown, clientId, page), (view) => view);
    },
  );

  api.patch(
    '/v1/domains/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Correct when the warm-up began (WARM-3)',
        params: idParam,
        body: domainChanges,
        response: answers({ 200: domain }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      await updateDomain(database, owner, request.body);
      return showOne(shown, owner.clientId, owner.id);
    },
  );

  controlRoutes(api, deps, shown);
}
