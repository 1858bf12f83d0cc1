import { readFileSync } from 'node:fs';
import { ApiClient } from './api-client';
import type { CampaignSetup, Setup } from './setup';

export interface ImportAnswer {
  imported: number;
  duplicates: number;
  suppressed: number;
  rejected: { row: number; field: string; reason: string }[];
}

export interface LaunchedCampaign {
  campaignId: string;
  name: string;
  sequence: { step: number; day: number; channel: string; purpose: string; replaces: string | null }[];
  /** null: there was no file; the campaign finds its leads by its targeting. */
  imported: ImportAnswer | null;
}

interface WithId {
  id: string;
}

/** Sets a client up through the API, imports the leads and activates the campaigns, as an agency's own program would. */
export async function launchCampaigns(
  apiUrl: string,
  operatorKey: string,
  setup: Setup,
): Promise<{ clientId: string; campaigns: LaunchedCampaign[] }> {
  const operator = new ApiClient(apiUrl, operatorKey);
  const created = await operator.post<WithId & { apiKey: { secret: string } }>('/v1/clients', setup.client);
  const api = new ApiClient(apiUrl, created.apiKey.secret);
  await createSenders(api, setup);
  const brought = [];
  for (const campaign of setup.campaigns) brought.push(await bring(api, campaign));
  const campaigns: LaunchedCampaign[] = [];
  // Activated when all are there, so that they share the first day.
  for (const { id, name, imported } of brought) {
    const { sequence } = await api.post<Pick<LaunchedCampaign, 'sequence'>>(`/v1/campaigns/${id}/activate`);
    campaigns.push({ campaignId: id, name, sequence, imported });
  }
  return { clientId: created.id, campaigns };
}

async function bring(api: ApiClient, { leadsFile, ...campaign }: CampaignSetup) {
  const { id } = await api.post<WithId>('/v1/campaigns', campaign);
  const importFile = (file: string): Promise<ImportAnswer> =>
    api.post(`/v1/campaigns/${id}/leads`, readFileSync(file), 'text/csv');
  const imported = leadsFile === null ? null : await importFile(leadsFile);
  return { id, name: campaign.name, imported };
}

async function createSenders(api: ApiClient, setup: Setup): Promise<void> {
  for (const { mailboxes, email = 'smtp', ...domain } of setup.domains) {
    const { id: domainId } = await api.post<WithId>('/v1/domains', domain);
    for (const address of mailboxes) await api.post('/v1/mailboxes', { domainId, address, providers: { email } });
  }
  for (const number of setup.phoneNumbers) await api.post('/v1/phone-numbers', number);
  for (const seat of setup.linkedinSeats) await api.post('/v1/linkedin-seats', { accountId: seat.id, name: seat.name });
}
