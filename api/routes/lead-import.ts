import { z } from 'zod';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { readCsv } from '../import/csv';
import { importInto } from '../import/import-into';
import { readJsonLeads } from '../import/json';
import type { ApiDeps } from '../ports';
import { CampaignCompleted } from '../../store/campaigns/moves-lock';
import { leadFields } from '../../store/leads/lead-fields';
import { Problem } from '../problem';
import { answers, idParam } from '../schemas/basics';
import { existingCampaign } from './campaigns';

/** Some 100,000 leads. */
const bodyLimit = 32 * 1024 * 1024;

const jsonLeads = z.strictObject({
  leads: z
    .array(z.record(z.string(), z.unknown()))
    .describe('Fields as in the Leads CSV, in camelCase (firstName) or as the CSV spells them (first_name)'),
});

const report = z.object({
  imported: z.number(),
  duplicates: z.number().describe('Twice in the file, or in this campaign already'),
  suppressed: z.number().describe('Suppressed by address, domain, number or profile'),
  rejected: z
    .array(z.object({ row: z.number(), field: z.string(), reason: z.string() }))
    .describe('Each refused row once. In a CSV the header is row 1; in JSON the first lead is row 1'),
});

const description = `A CSV (\`text/csv\`) or \`{"leads": [...]}\`. The CSV has a header row, is UTF-8 with or without BOM,
separated by comma or semicolon, with quotes where needed. Columns by name, in any order, also under the names of
Apollo's export; other columns are ignored: ${leadFields.join(', ')}. City, state, country and timezone are the company
headquarters'. A bad row is refused with its row number, field and reason (the header is row 1, so the first lead of a
CSV is row 2); the good rows are imported. A second import of the same file finds duplicates only.`;

const takesNoLeads = (): Problem => new Problem('conflict', 'The campaign is completed; it takes no leads.');

/** CSVs are accepted here and nowhere else. */
export function leadImportRoute(api: Api, deps: ApiDeps): void {
  const { database, workflows, logger } = deps;
  api.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));

  api.post(
    '/v1/campaigns/:id/leads',
    {
      bodyLimit,
      config: { needs: 'write' },
      schema: {
        tags: ['leads'],
        summary: 'Import leads into a campaign',
        description,
        consumes: ['text/csv', 'application/json'],
        params: idParam,
        // The file first: checked as JSON, every byte of it would be a key that nobody knows.
        body: z.union([z.instanceof(Buffer), jsonLeads], 'send a CSV as text/csv, or {"leads": […]}'),
        response: answers({ 200: report }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const campaign = await existingCampaign(database, clientId, request.params.id);
      if (campaign.status === 'completed') throw takesNoLeads();
      const { body } = request;
      const rows = Buffer.isBuffer(body) ? readCsv(body) : readJsonLeads(body.leads);
      const answer = await importInto(deps, { clientId, campaignId: campaign.id }, rows).catch((error: unknown) => {
        throw error instanceof CampaignCompleted ? takesNoLeads() : error;
      });
      if (answer.imported > 0 && campaign.status === 'active') {
        // The campaign finds them on its next sending day anyway.
        workflows.leadsImported(campaign.id).catch((error: unknown) => {
          logger.warn({ err: error, campaignId: campaign.id }, 'the campaign workflow did not hear of new leads');
        });
      }
      return answer;
    },
  );
}
