import type { SequenceStep } from '../../domain/sequence';
import { createImportedCampaign } from '../../store/campaigns/imports';
import type { CampaignRecord } from '../../store/campaigns/campaigns';
import type { LeadPosition } from '../../store/leads/lead-draft';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { readCampaignLeads } from '../import/campaign-leads';
import { campaignOutlooks } from '../campaign-outlook';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { answers } from '../schemas/basics';
import { campaignImport, campaignImportAnswer } from '../schemas/campaign-import';
import { campaignView } from '../schemas/campaigns';
import { existingCampaign } from './campaigns';
import { bodyLimit, hasMoved, importLeadsInto } from './lead-import';

const description = `Brings a custom campaign with its own steps and the position of its leads, as a draft with
\`usesDefaultSequence: false\`; activate it and it runs as it is. Windows, limits and every promise hold for it too. This is
the one route where steps may be named (CTL-2). A lead's position: \`finishedSteps: [{step, doneAt, channel}]\` (channel: if
another than the step's own) and, where later steps were passed over, \`lastFinishedStep\`. Finished steps are facts: they
are never repeated, and two days lie between them and what comes next (SEQ-2). A bad lead is refused with row, field and
reason (the first lead is row 1); the good ones are imported. The same \`externalId\` again makes no second campaign: it
adds the leads that are missing, and leaves name, description and targeting as they are.`;

export function campaignImportRoute(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;

  api.post(
    '/v1/campaigns/import',
    {
      bodyLimit,
      config: { needs: 'write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Import a custom campaign with its steps and leads (MIG-1)',
        description,
        body: campaignImport,
        response: answers({ 200: campaignImportAnswer, 201: campaignImportAnswer }),
      },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const now = await clock.now();
      const { leads, ...campaign } = request.body;
      const steps = campaign.steps.map((step): SequenceStep => ({ ...step, replaces: null }));
      const { id, created } = await createImportedCampaign(database, { ...campaign, clientId, steps }, now);
      const record = await existingCampaign(database, clientId, id);
      refuseOtherSteps(record, steps);
      const positions = new Map<number, LeadPosition>();
      const rows = readCampaignLeads(leads, steps, now, positions);
      const report = await importLeadsInto(deps, { id, clientId, status: record.status, positions }, rows);
      const outlookOf = await campaignOutlooks(deps, clientId);
      return reply.code(created ? 201 : 200).send({ ...report, campaign: campaignView(record, outlookOf(id)) });
    },
  );
}

/** @throws Problem 409 when the campaign that was imported under this id runs on other steps */
function refuseOtherSteps({ id, usesDefaultSequence, sequence }: CampaignRecord, steps: readonly SequenceStep[]): void {
  if (usesDefaultSequence) throw hasMoved(id);
  const words = (list: readonly SequenceStep[]): string =>
    JSON.stringify(list.map(({ step, day, channel, purpose }) => [step, day, channel, purpose]));
  if (words(sequence) === words(steps)) return;
  const message = 'are not those under which this externalId was imported; send the same, or another externalId';
  throw new Problem('conflict', `Campaign ${id} has other steps.`, [{ field: 'steps', message }]);
}
