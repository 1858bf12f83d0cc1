/**
 * How the API reaches the campaigns' workflows. Every method may fail when Temporal is away; the facts are committed
 * before any of them is called, so nothing is lost when one fails. Moves, starts and lead signals go through the outbox.
 */
export interface CampaignWorkflows {
  /** Leads were added to an active campaign: it may admit them today. */
  leadsImported(campaignId: string): Promise<void>;
  isHealthy(): Promise<boolean>;
}
