import { setImmediate as nextTurn } from 'node:timers/promises';
import { importBatchSize, importLeads, type ImportCounts } from '../../store/leads/lead-import';
import type { LeadDraft, LeadPosition } from '../../store/leads/lead-draft';
import type { RawRow, Rejection } from '../../store/leads/lead-fields';
import { rowChecker } from '../../store/leads/lead-row';
import { readClient } from '../../store/tenants/clients';
import type { ApiDeps } from '../ports';

export interface ImportReport extends ImportCounts {
  rejected: Rejection[];
}

/**
 * Checks rows as they are read and enrolls the good ones, batch by batch. Refused rows are named, each once, in the order
 * of the file.
 */
export async function importInto(
  { database, clock, config }: ApiDeps,
  campaign: { clientId: string; campaignId: string; positions?: ReadonlyMap<number, LeadPosition> },
  rows: Iterable<RawRow | Rejection> | AsyncIterable<RawRow | Rejection>,
): Promise<ImportReport> {
  const { id, timezone, country } = await readClient(database, campaign.clientId);
  const rejected: Rejection[] = [];
  const target = {
    campaignId: campaign.campaignId,
    client: { id, timezone, country },
    secretKey: config.secretKey,
    now: await clock.now(),
    positions: campaign.positions ?? new Map<number, LeadPosition>(),
  };
  const counts = await importLeads(database, target, batchesOf(checked(rows, country, rejected)));
  return { ...counts, rejected };
}

/** The good rows; what is refused is noted. */
async function* checked(
  rows: Iterable<RawRow | Rejection> | AsyncIterable<RawRow | Rejection>,
  clientCountry: string,
  rejected: Rejection[],
): AsyncGenerator<LeadDraft> {
  const checkRow = rowChecker(clientCountry);
  let sinceTurn = 0;
  for await (const row of rows) {
    sinceTurn += 1;
    if (sinceTurn % rowsInTurn === 0) await nextTurn();
    const draft = 'reason' in row ? row : checkRow(row);
    if ('reason' in draft) rejected.push(draft);
    else yield draft;
  }
}

/** Rows are read in small turns: the database's answers, and other requests, are heard in between. */
const rowsInTurn = 25;

async function* batchesOf(drafts: AsyncIterable<LeadDraft>): AsyncGenerator<LeadDraft[]> {
  let batch: LeadDraft[] = [];
  for await (const draft of drafts) {
    batch.push(draft);
    if (batch.length < importBatchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
