import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client';
import { UserError } from '../user-error';
import type { DemoOptions } from './options';
import type { Setup } from './setup';

export interface ImportAnswer {
  imported: number;
  duplicates: number;
  suppressed: number;
  rejected: { row: number; field: string; reason: string }[];
}

export interface LaunchedCampaign {
  campaignId: string;
  clientId: string;
  sequence: { step: number; day: number; channel: string; purpose: string; replaces: string | null }[];
  /** null: there was no file. */
  imported: ImportAnswer | null;
  /** null: nobody was searched for. */
  sourced: SourcedAnswer | null;
}

/** What a search for leads has brought. */
export interface SourcedAnswer {
  status: 'open' | 'done' | 'failed';
  imported: number;
  credits: number;
  lastError: string | null;
}

/** Leads that a search brings. */
const leadsWanted = 60;

interface WithId {
  id: string;
}

/** Sets a client up through the API, imports the leads or has them found, and activates the campaign, as an agency's own program would. */
export async function launchCampaign(
  apiUrl: string,
  operatorKey: string,
  setup: Setup,
  { leads, source }: Pick<DemoOptions, 'leads' | 'source'>,
): Promise<LaunchedCampaign> {
  const operator = new ApiClient(apiUrl, operatorKey);
  const created = await operator.post<WithId & { apiKey: { secret: string } }>('/v1/clients', setup.client);
  const api = new ApiClient(apiUrl, created.apiKey.secret);
  await createSenders(api, setup);
  const campaign = await api.post<WithId>('/v1/campaigns', setup.campaign);
  const imported = leads === null ? null : await importFile(api, campaign.id, leads);
  const sourced = source ? await findLeads(api, campaign.id) : null;
  const active = await api.post<WithId & Pick<LaunchedCampaign, 'sequence'>>(`/v1/campaigns/${campaign.id}/activate`);
  return { campaignId: campaign.id, clientId: created.id, sequence: active.sequence, imported, sourced };
}

const importFile = (api: ApiClient, campaignId: string, file: string): Promise<ImportAnswer> =>
  api.post(`/v1/campaigns/${campaignId}/leads`, readFileSync(file), 'text/csv');

/** Milliseconds between two looks at what was asked for. */
const lookEveryMs = 250;

/** Asks for leads by targeting, and waits until they are there. */
async function findLeads(api: ApiClient, campaignId: string): Promise<SourcedAnswer> {
  const path = `/v1/campaigns/${campaignId}/source`;
  await api.post(path, { count: leadsWanted });
  for (;;) {
    const { requests } = await api.get<{ requests: SourcedAnswer[] }>(path);
    const [latest] = requests;
    if (latest?.status === 'done') return latest;
    if (latest?.status === 'failed') throw new UserError(`no leads were found: ${latest.lastError ?? 'unknown'}`);
    await sleep(lookEveryMs);
  }
}

async function createSenders(api: ApiClient, setup: Setup): Promise<void> {
  for (const { mailboxes, ...domain } of setup.domains) {
    const { id: domainId } = await api.post<WithId>('/v1/domains', domain);
    for (const address of mailboxes) await api.post('/v1/mailboxes', { domainId, address });
  }
  for (const number of setup.phoneNumbers) await api.post('/v1/phone-numbers', number);
  for (const seat of setup.linkedinSeats) await api.post('/v1/linkedin-seats', { accountId: seat.id, name: seat.name });
}
