import type { WorkflowClient } from '@temporalio/client';
import { campaignWorkflowId, leadsImportedSignal } from '../workflows/contract';
import type { CampaignWorkflows } from '../api/workflow-port';

/** Milliseconds after which the API gives up on telling a workflow; the facts hold without it. */
const tellWithinMs = 5_000;

/** The API's way to the campaigns' workflows, through Temporal's client. */
export function temporalCampaigns(client: WorkflowClient): CampaignWorkflows {
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    client.withAbortSignal(AbortSignal.timeout(tellWithinMs), call);
  const campaign = (campaignId: string) => client.getHandle(campaignWorkflowId(campaignId));
  return {
    leadsImported: (id) => within(() => campaign(id).signal(leadsImportedSignal, { id })),
    async isHealthy() {
      try {
        await within(() => client.workflowService.getSystemInfo({}));
        return true;
      } catch {
        return false;
      }
    },
  };
}
