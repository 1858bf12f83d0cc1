import { z } from 'zod';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { readCsv } from '../import/csv';
import { importInto, type ImportReport } from '../import/import-into';
import { readJsonLeads } from '../import/json';
import type { ApiDeps } from '../ports';
import type { CampaignRecord } from '../../store/campaigns/campaigns';
import { CampaignCompleted } from '../../store/campaigns/moves-lock';
import { leadFields } from '../../store/leads/lead-fields';
import type { LeadPosition } from '../../store/leads/lead-draft';
import { CampaignMoved } from '../../store/leads/lead-positions';
import { Problem } from '../problem';
import { answers, idParam } from '../schemas/basics';
import { importReport } from '../schemas/lead-import';
import { existingCampaign } from './campaigns';

/** Bytes of some 100,000 leads. */
export const bodyLimit = 32 * 1024 * 1024;

const jsonLeads = z.strictObject({
  leads: z
    .array(z.record(z.string(), z.unknown()))
    .describe('Fields as in the Leads CSV, in camelCase (firstName) or as the CSV spells them (first_name)'),
});

const description = `A CSV (\`text/csv\`) or \`{"leads": [...]}\`. The CSV has a header row, is UTF-8 with or without BOM,
separated by comma or semicolon, with quotes where needed. Columns by name, in any order, also under the names of
Apollo's export; other columns are ignored: ${leadFields.join(', ')}. City, state, country and timezone are the company
headquarters'. A bad row is refused with its row number, field and reason (the header is row 1, so the first lead of a
CSV is row 2); the good rows are imported. A second import of the same file finds duplicates only.`;

const takesNoLeads = (): Problem =>
  new Problem(
    'conflict',
    'The campaign is completed and takes no leads any more. Make a new one and import them there.',
  );

/** For leads whose position was told in steps that the campaign does not have any more (MIG-2). */
export function hasMoved(id: string): Problem {
  const detail = `Campaign ${id} has moved to the default sequence. Import further leads by POST /v1/campaigns/${id}/leads.`;
  return new Problem('conflict', detail);
}

/**
 * Imports rows into a campaign, and has its workflow look at them when it is active.
 * @throws Problem 409 when the campaign is completed or has moved, also meanwhile
 */
export async function importLeadsInto(
  deps: ApiDeps,
  campaign: Pick<CampaignRecord, 'id' | 'status'> & { clientId: string; positions?: ReadonlyMap<number, LeadPosition> },
  rows: Parameters<typeof importInto>[2],
): Promise<ImportReport> {
  const { id, status, ...target } = campaign;
  if (status === 'completed') throw takesNoLeads();
  const answer = await importInto(deps, { campaignId: id, ...target }, rows).catch((error: unknown) => {
    if (error instanceof CampaignCompleted) throw takesNoLeads();
    throw error instanceof CampaignMoved ? hasMoved(id) : error;
  });
  if (answer.imported > 0 && status === 'active') {
    // The campaign finds them on its next sending day anyway.
    deps.workflows.leadsImported(id).catch((error: unknown) => {
      deps.logger.warn({ err: error, campaignId: id }, 'the campaign workflow did not hear of new leads');
    });
  }
  return answer;
}

/** CSVs are accepted here and nowhere else. */
export function leadImportRoute(api: Api, deps: ApiDeps): void {
  const { database } = deps;
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
        response: answers({ 200: importReport }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const { id, status } = await existingCampaign(database, clientId, request.params.id);
      const { body } = request;
      const rows = Buffer.isBuffer(body) ? readCsv(body) : readJsonLeads(body.leads);
      return importLeadsInto(deps, { clientId, id, status }, rows);
    },
  );
}
