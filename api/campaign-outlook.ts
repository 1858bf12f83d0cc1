import type { LocalDate } from '../domain/calendar/local-date';
import { dayTarget, expectedLastAdmissions, sharesOf } from '../domain/pacing';
import { waitingCampaigns } from '../store/campaigns/waiting';
import { readPacing } from '../store/tenants/pacing';
import type { ApiDeps } from './ports';

/** What a campaign may expect of its client's month (PACE-2, PACE-4). */
export interface CampaignOutlook {
  waiting: number;
  admittedToday: number;
  /** Leads that today is expected to admit of it in all, as far as capacity allows. */
  shareToday: number;
  /** The client's date on which its last waiting lead is expected to be admitted; null: nobody waits, or not within a year. */
  expectedLastOn: LocalDate | null;
}

const nothing: CampaignOutlook = { waiting: 0, admittedToday: 0, shareToday: 0, expectedLastOn: null };

/** Of each campaign of a client. */
export async function campaignOutlooks(
  { database, clock }: ApiDeps,
  clientId: string,
): Promise<(campaignId: string) => CampaignOutlook> {
  const pacing = await readPacing(database.sql, clientId, await clock.now());
  const campaigns = await waitingCampaigns(database.sql, clientId, pacing.since);
  const active = campaigns.filter(({ isActive }) => isActive);
  const { target } = dayTarget(pacing.today, pacing);
  const left = Math.min(pacing.remaining, Math.max(0, target - pacing.admittedToday));
  const shares = sharesOf(left, active);
  const last = expectedLastAdmissions(pacing.today, pacing, active);
  const outlooks = campaigns.map(({ campaignId, waiting, admittedToday }): [string, CampaignOutlook] => [
    campaignId,
    {
      waiting,
      admittedToday,
      shareToday: admittedToday + (shares.get(campaignId) ?? 0),
      expectedLastOn: last.get(campaignId) ?? null,
    },
  ]);
  const byCampaign = new Map(outlooks);
  return (campaignId) => byCampaign.get(campaignId) ?? nothing;
}
