import { z } from 'zod';
import { eraseLead, stopLeadOnRequest } from '../../store/leads/lead-control';
import { listCampaignLeads, readLead, type LeadWithSequences } from '../../store/leads/leads';
import { plannedTouches, readTimeline } from '../../store/reports/timeline';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { notFound } from '../problem';
import {
  answers,
  boundedText,
  idParam,
  noBody,
  pageSchema,
  pageQuery,
  pageRequest,
  pageView,
  stillOnItsWay,
} from '../schemas/basics';
import { campaignLead, campaignLeadView, lead, leadView, plannedView, timeline, timelineView } from '../schemas/leads';
import { stopAndDrain } from '../stops';
import { existingCampaign } from './campaigns';

const leadFilter = pageQuery.extend({
  status: z.enum(['waiting', 'active', 'completed', 'stopped']).optional(),
  email: boundedText(254).toLowerCase().optional().describe('Exactly this address'),
});

export function leadRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock, config } = deps;
  const tags = ['leads'];
  const existing = async (clientId: string, id: string): Promise<LeadWithSequences> => {
    const row = await readLead(database, clientId, id);
    if (row === null) throw notFound('lead');
    return row;
  };

  api.get(
    '/v1/campaigns/:id/leads',
    {
      schema: {
        tags,
        summary: 'Leads of a campaign, in the order of import',
        params: idParam,
        querystring: leadFilter,
        response: answers({ 200: pageSchema(campaignLead) }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const { id } = await existingCampaign(database, clientId, request.params.id);
      const page = await listCampaignLeads(database, { clientId, id }, pageRequest(request.query), request.query);
      return pageView(page, campaignLeadView);
    },
  );

  api.get(
    '/v1/leads/:id',
    { schema: { tags, summary: 'One lead with its touches', params: idParam, response: answers({ 200: lead }) } },
    async (request) => leadView(await existing(clientOf(request), request.params.id)),
  );

  api.get(
    '/v1/leads/:id/timeline',
    {
      schema: {
        tags,
        summary: 'What was done, skipped, delayed and is planned, each with reason, rule and numbers (TRUTH-3)',
        params: idParam,
        querystring: pageQuery,
        response: answers({ 200: timeline }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      await existing(owner.clientId, owner.id);
      const page = await readTimeline(database, owner, pageRequest(request.query, 'number'));
      const planned = await plannedTouches(database, owner);
      return { ...pageView(page, timelineView), planned: planned.map(plannedView) };
    },
  );

  api.post(
    '/v1/leads/:id/stop',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Stop every sequence of this lead (CTL-3)',
        params: idParam,
        body: noBody,
        response: answers({ 200: lead, ...stillOnItsWay }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), leadId: request.params.id };
      await stopAndDrain(deps, async () => {
        const stopped = await stopLeadOnRequest(database, owner, await clock.now());
        if (stopped === null) throw notFound('lead');
        return stopped;
      });
      return leadView(await existing(owner.clientId, owner.leadId));
    },
  );

  api.delete(
    '/v1/leads/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Stop and erase a lead',
        description:
          'Removes what is personal. Keyed hashes of the address, mobile number and profile stay as suppressions, so ' +
          'that the person is not contacted again; touches stay as ids.',
        params: idParam,
        response: answers({ 204: z.undefined().describe('Erased'), ...stillOnItsWay }),
      },
    },
    async (request, reply) => {
      const owner = { clientId: clientOf(request), leadId: request.params.id };
      await stopAndDrain(deps, async () => {
        const erased = await eraseLead(database, config.secretKey, owner, await clock.now());
        if (erased === null) throw notFound('lead');
        return erased;
      });
      return reply.code(204).send();
    },
  );
}
