import { readFileSync } from 'node:fs';
import { ApiClient } from './api-client';
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
  imported: ImportAnswer;
}

interface WithId {
  id: string;
}

/** Sets a client up through the API, imports the leads and activates the campaign, as an agency's own program would. */
export async function launchCampaign(
  apiUrl: string,
  operatorKey: string,
  setup: Setup,
  leadsFile: string,
): Promise<LaunchedCampaign> {
  const operator = new ApiClient(apiUrl, operatorKey);
  const created = await operator.post<WithId & { apiKey: { secret: string } }>('/v1/clients', setup.client);
  const api = new ApiClient(apiUrl, created.apiKey.secret);
  await createSenders(api, setup);
  const campaign = await api.post<WithId>('/v1/campaigns', setup.campaign);
  const csv = readFileSync(leadsFile);
  const imported = await api.post<ImportAnswer>(`/v1/campaigns/${campaign.id}/leads`, csv, 'text/csv');
  const active = await api.post<WithId & Pick<LaunchedCampaign, 'sequence'>>(`/v1/campaigns/${campaign.id}/activate`);
  return { campaignId: campaign.id, clientId: created.id, sequence: active.sequence, imported };
}

async function createSenders(api: ApiClient, setup: Setup): Promise<void> {
  for (const { mailboxes, ...domain } of setup.domains) {
    const { id: domainId } = await api.post<WithId>('/v1/domains', domain);
    for (const address of mailboxes) await api.post('/v1/mailboxes', { domainId, address });
  }
  for (const number of setup.phoneNumbers) await api.post('/v1/phone-numbers', number);
  for (const seat of setup.linkedinSeats) await api.post('/v1/linkedin-seats', { accountId: seat.id, name: seat.name });
}
