import {
  createCampaign,
  listCampaigns,
  markContentReviewed,
  readCampaign,
  updateCampaign,
  type CampaignRecord,
} from '../../store/campaigns/campaigns';
import type { CampaignMove } from '../../domain/campaign-moves';
import type { Database } from '../../store/database';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { carryOut } from '../campaign-moves';
import { campaignOutlooks } from '../campaign-outlook';
import type { ApiDeps } from '../ports';
import { notFound } from '../problem';
import { scoreAnew } from '../score-anew';
import { answers, idParam, noBody, pageSchema, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { campaignAnswer, campaignChanges, campaignView, newCampaign } from '../schemas/campaigns';

const systemDecides = 'Sequence, timing, limits, warm-up and content are set by the system and refused here (CTL-2).';

/** @throws Problem 404 */
export async function existingCampaign(database: Database, clientId: string, id: string): Promise<CampaignRecord> {
  const record = await readCampaign(database, clientId, id);
  if (record === null) throw notFound('campaign');
  return record;
}

export function campaignRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['campaigns'];
  const show = async (clientId: string, record: CampaignRecord) =>
    campaignView(record, (await campaignOutlooks(deps, clientId))(record.id));

  api.post(
    '/v1/campaigns',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Make a campaign: name, description and targeting (CTL-1)',
        description: systemDecides,
        body: newCampaign,
        response: answers({ 201: campaignAnswer }),
      },
    },
    async (request, reply) => {
      const now = await clock.now();
      const record = await createCampaign(database, { clientId: clientOf(request), ...request.body, now });
      return reply.code(201).send(await show(clientOf(request), record));
    },
  );

  api.get(
    '/v1/campaigns',
    {
      schema: {
        tags,
        summary: 'Campaigns',
        querystring: pageQuery,
        response: answers({ 200: pageSchema(campaignAnswer) }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const outlookOf = await campaignOutlooks(deps, clientId);
      const page = await listCampaigns(database, clientId, pageRequest(request.query));
      return pageView(page, (record) => campaignView(record, outlookOf(record.id)));
    },
  );

  api.get(
    '/v1/campaigns/:id',
    { schema: { tags, summary: 'One campaign', params: idParam, response: answers({ 200: campaignAnswer }) } },
    async (request) => {
      const clientId = clientOf(request);
      return show(clientId, await existingCampaign(database, clientId, request.params.id));
    },
  );

  api.patch(
    '/v1/campaigns/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Change name, description or targeting',
        description: systemDecides,
        params: idParam,
        body: campaignChanges,
        response: answers({ 200: campaignAnswer }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const record = await existingCampaign(database, clientId, request.params.id);
      const changed = await updateCampaign(database, record, request.body);
      if (request.body.targeting !== undefined) await scoreAnew(deps, { clientId, campaignId: record.id });
      return show(clientId, changed);
    },
  );

  api.post(
    '/v1/campaigns/:id/reviewed',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Mark its texts as reviewed (HLTH-2)',
        params: idParam,
        body: noBody,
        response: answers({ 200: campaignAnswer }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      if (!(await markContentReviewed(database, owner, await clock.now()))) throw notFound('campaign');
      return show(owner.clientId, await existingCampaign(database, owner.clientId, owner.id));
    },
  );

  const moves: Record<CampaignMove, string> = {
    activate: 'draft → active: generate the sequence and begin to admit leads',
    pause: 'active → paused: nothing more is sent (CTL-3)',
    resume: 'paused → active: missed touches go through the same slots and limits (TRUTH-4)',
    complete: 'active or paused → completed: for good (CTL-3)',
  };
  for (const [move, summary] of Object.entries(moves)) {
    api.post(
      `/v1/campaigns/:id/${move}`,
      {
        config: { needs: 'write' },
        schema: { tags, summary, params: idParam, body: noBody, response: answers({ 200: campaignAnswer }) },
      },
      async (request) => {
        const owner = { clientId: clientOf(request), id: request.params.id };
        return show(owner.clientId, await carryOut(deps, owner, move as CampaignMove));
      },
    );
  }
}
