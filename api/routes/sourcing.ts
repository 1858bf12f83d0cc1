import { audienceOf, namesSomebody } from '../../domain/sourcing';
import { SourceUnavailable, type FoundPage, type LeadSource } from '../../providers/ports';
import type { CampaignRecord } from '../../store/campaigns/campaigns';
import { listSearches } from '../../store/sourcing/searches';
import { askForLeads, listSourceRequests } from '../../store/sourcing/source-requests';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { answers, idParam } from '../schemas/basics';
import {
  audienceView,
  exampleView,
  searchView,
  sourceOrder,
  sourceRequest,
  sourceRequestView,
  sourcingView,
} from '../schemas/sourcing';
import { existingCampaign } from './campaigns';

/** People whom a preview shows. */
const examplesShown = 25;

const notConfigured = (): Problem =>
  new Problem(
    'conflict',
    'Finding leads is not configured here. The operator sets APOLLO_API_KEY, or APIFY_TOKEN with APIFY_ACTOR_ID; until then import leads.',
  );

const completed = (so: string): Problem => new Problem('conflict', `The campaign is completed; ${so}.`);

const atWork = (): Problem =>
  new Problem('conflict', 'Leads are being found or enriched for this campaign already. Ask again when that is done.');

const nobodyTargeted = (): Problem => {
  const message = 'names nobody; give titles, industries, locations, or company sizes such as "51-200"';
  return new Problem('conflict', 'The targeting has no word to search by. Change the campaign first.', [
    { field: 'targeting', message },
  ]);
};

/** Leads by targeting: what a search would find, and the wish for some of them. */
export function sourcingRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock, leadSources, canEnrich } = deps;
  const tags = ['leads'];
  /** @throws Problem 409 while another request of the campaign is open */
  const owe = async (campaign: { clientId: string; campaignId: string }, order: Parameters<typeof askForLeads>[2]) => {
    const owed = await askForLeads(database, campaign, order, await clock.now());
    if (owed === null) throw atWork();
    return sourceRequestView(owed);
  };

  api.post(
    '/v1/campaigns/:id/source',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Find leads for a campaign by its targeting',
        description:
          'Answers at once; the leads come in the background, enriched, without anybody who is a lead or suppressed ' +
          'already. One request at a time; GET shows how far it is. Each person who is found costs credits at the provider.',
        params: idParam,
        body: sourceOrder,
        response: answers({ 202: sourceRequest }),
      },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const campaign = await existingCampaign(database, clientId, request.params.id);
      if (campaign.status === 'completed') throw completed('it takes no leads');
      targetedBy(campaign);
      if (leadSources.length === 0) throw notConfigured();
      return reply
        .code(202)
        .send(await owe({ clientId, campaignId: campaign.id }, { kind: 'source', wanted: request.body }));
    },
  );

  api.post(
    '/v1/campaigns/:id/enrich',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Complete what is known of the leads that wait',
        description:
          'For leads of a CSV that lack a place, a number, a profile or the like. What the import says stays as it is. ' +
          'Each lead is asked for once, and costs credits at the provider. GET …/source shows how far it is.',
        params: idParam,
        body: sourceOrder,
        response: answers({ 202: sourceRequest }),
      },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const campaign = await existingCampaign(database, clientId, request.params.id);
      if (campaign.status === 'completed') throw completed('no leads wait');
      if (!canEnrich)
        throw new Problem('conflict', 'Enrichment is not configured here. The operator sets APOLLO_API_KEY.');
      return reply
        .code(202)
        .send(await owe({ clientId, campaignId: campaign.id }, { kind: 'enrich', wanted: request.body }));
    },
  );

  api.get(
    '/v1/campaigns/:id/source',
    {
      schema: {
        tags,
        summary: 'What was asked for, and how far the searches have come',
        params: idParam,
        response: answers({ 200: sourcingView }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const { id: campaignId } = await existingCampaign(database, clientId, request.params.id);
      const requests = await listSourceRequests(database, { clientId, campaignId });
      const searches = await listSearches(database, { clientId, campaignId });
      return { requests: requests.map(sourceRequestView), searches: searches.map(searchView) };
    },
  );

  api.get(
    '/v1/campaigns/:id/audience',
    {
      schema: {
        tags,
        summary: 'Whom the targeting finds: their number, and up to 25 of them',
        description: 'Searched now, and stored nowhere. Names are shortened, and there are no addresses.',
        params: idParam,
        response: answers({ 200: audienceView }),
      },
    },
    async (request) => {
      const campaign = await existingCampaign(database, clientOf(request), request.params.id);
      const { audience, notUnderstood } = targetedBy(campaign);
      if (leadSources.length === 0) throw notConfigured();
      const source = leadSources.find(({ preview }) => preview !== undefined);
      if (source?.preview === undefined) {
        const name = leadSources[0]?.name ?? '';
        throw new Problem('conflict', `${name} shows nobody without a search that costs. Ask for leads instead.`);
      }
      const page = await previewOf(source, source.preview(audience, examplesShown));
      const examples = page.people.slice(0, examplesShown).map(exampleView);
      return { provider: source.name, total: page.total, examples, notUnderstood };
    },
  );
}

/** @throws Problem 409 when there is no word to search by */
function targetedBy(campaign: CampaignRecord): ReturnType<typeof audienceOf> {
  const targeted = audienceOf(campaign.targeting);
  if (!namesSomebody(targeted.audience)) throw nobodyTargeted();
  return targeted;
}

/** @throws Problem 503 when the provider gives no answer */
async function previewOf({ name }: LeadSource, preview: Promise<FoundPage>): Promise<FoundPage> {
  try {
    return await preview;
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    const { retry, reason, retryAfterSeconds } = error;
    const remedy = retry === 'later' ? 'Try again later.' : 'The operator has to look at its account.';
    const headers = retry === 'later' ? { 'retry-after': String(retryAfterSeconds ?? 30) } : undefined;
    throw new Problem('unavailable', `${name} does not answer: ${reason}. ${remedy}`, [], headers);
  }
}
