/**
 * How the API reaches the workflows. Every method may fail when Temporal is away; the facts are committed before any
 * of them is called, so nothing is lost when one fails.
 */
export interface WorkflowStarter {
  /** Starts the campaign's workflow; does nothing when it runs already. */
  startCampaign(campaign: { campaignId: string; clientId: string }): Promise<void>;
  pauseCampaign(campaignId: string): Promise<void>;
  resumeCampaign(campaignId: string): Promise<void>;
  completeCampaign(campaignId: string): Promise<void>;
  /** Leads were added to an active campaign: it may admit them today. */
  leadsImported(campaignId: string): Promise<void>;
  /** Tries to deliver the signals that committed facts owe to workflows. */
  deliverSignals(): Promise<void>;
  isHealthy(): Promise<boolean>;
}
