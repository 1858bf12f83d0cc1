import { planMigration, previewMigration, stepsBehind } from '../../domain/migration';
import type { SequenceStep } from '../../domain/sequence';
import type { CampaignRecord } from '../../store/campaigns/campaigns';
import { migrateCampaign, MoveRefused, nothingToMove, previewCampaign } from '../../store/campaigns/migration';
import { readEnrollment } from '../../store/enrollments/facts';
import { listCampaignLeads, type EnrolledLead } from '../../store/leads/leads';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { answers, idParam, noBody, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { leadMigrationView, migrationAnswer, migrationPreview, type LeadMigration } from '../schemas/migration';
import { existingCampaign } from './campaigns';

const description = `A lead goes on at the step after its last finished one, by number; of what follows, a step whose channel
and purpose it has had already is left out (MIG-2). A finished step is never repeated. Preview and move answer the same
again when they are asked again.`;

export function migrationRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['campaigns'];

  api.post(
    '/v1/campaigns/:id/migration',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Preview the move of a custom campaign to the default sequence, lead by lead; nothing changes (MIG-2)',
        description,
        params: idParam,
        querystring: pageQuery,
        body: noBody,
        response: answers({ 200: migrationPreview }),
      },
    },
    async (request) => {
      const campaign = await movable(deps, clientOf(request), request.params.id);
      const { sequence, summary } = await previewCampaign(database, campaign);
      const page = await listCampaignLeads(database, campaign, pageRequest(request.query), {});
      const now = await clock.now();
      const rows: ReturnType<typeof leadMigrationView>[] = [];
      for (const row of page.rows) {
        rows.push(leadMigrationView(row, await migrationOf(deps, campaign, { row, sequence }, now)));
      }
      const leads = pageView({ rows, next: page.next }, (lead) => lead);
      const { id, usesDefaultSequence } = campaign;
      return { campaignId: id, usesDefaultSequence, sequence, summary, leads };
    },
  );

  api.post(
    '/v1/campaigns/:id/migration/apply',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Move a custom campaign and its leads to the default sequence (MIG-2)',
        description,
        params: idParam,
        body: noBody,
        response: answers({ 200: migrationAnswer }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const { id } = await movable(deps, clientId, request.params.id);
      const summary = await migrateCampaign(database, { id, clientId }, await clock.now()).catch((error: unknown) => {
        throw error instanceof MoveRefused ? new Problem('conflict', error.message) : error;
      });
      deps.deliverOutbox({ kind: 'campaign', campaignId: id }).catch((error: unknown) => {
        deps.logger.warn({ err: error, campaignId: id }, 'wake-ups are owed; the relay will deliver them');
      });
      const { usesDefaultSequence, sequence } = await existingCampaign(database, clientId, id);
      return { campaignId: id, usesDefaultSequence, sequence, summary };
    },
  );
}

type MovableCampaign = CampaignRecord & { clientId: string };

/** @throws Problem 404, 409 when it is completed */
async function movable({ database }: ApiDeps, clientId: string, id: string): Promise<MovableCampaign> {
  const campaign = await existingCampaign(database, clientId, id);
  if (campaign.status === 'completed') throw new Problem('conflict', nothingToMove);
  return { ...campaign, clientId };
}

async function migrationOf(
  { database, config }: ApiDeps,
  campaign: MovableCampaign,
  { row, sequence }: { row: EnrolledLead; sequence: readonly SequenceStep[] },
  now: Date,
): Promise<LeadMigration> {
  if (row.status === 'completed' || row.status === 'stopped') return { outcome: row.status };
  if (campaign.usesDefaultSequence) return { outcome: 'alreadyThere' };
  const record = await readEnrollment(database.sql, row.id, config.secretKey, now);
  if (record === null) return { outcome: 'alreadyThere' };
  const { facts } = record;
  const plan = planMigration(
    { own: campaign.sequence, behind: stepsBehind(facts), passed: facts.fromStep - 1 },
    sequence,
  );
  return { outcome: 'moves', position: plan.position, preview: previewMigration(facts, plan, sequence, now) };
}
