import { readClient } from '../../store/tenants/clients';
import type { LeadDraft } from '../../store/leads/lead-draft';
import { importLeads, type ImportCounts } from '../../store/leads/lead-import';
import type { ApiDeps } from '../ports';
import type { RawRow, Rejection } from './csv';
import { checkRow } from './lead-row';

export interface ImportReport extends ImportCounts {
  rejected: Rejection[];
}

/** Checks rows and enrolls the good ones. Refused rows are named, each once, in the order of the file. */
export async function importInto(
  { database, clock, config }: ApiDeps,
  campaign: { clientId: string; campaignId: string },
  { rows, rejected }: { rows: RawRow[]; rejected: Rejection[] },
): Promise<ImportReport> {
  const { id, timezone, country } = await readClient(database, campaign.clientId);
  const drafts: LeadDraft[] = [];
  const refused = [...rejected];
  for (const row of rows) {
    const checked = checkRow(row, country);
    if ('reason' in checked) refused.push(checked);
    else drafts.push(checked);
  }
  const target = {
    campaignId: campaign.campaignId,
    client: { id, timezone, country },
    secretKey: config.secretKey,
    now: await clock.now(),
  };
  const counts = await importLeads(database, target, drafts);
  return { ...counts, rejected: refused.sort((a, b) => a.row - b.row) };
}
