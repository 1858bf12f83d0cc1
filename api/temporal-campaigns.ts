import type { WorkflowClient } from '@temporalio/client';
import {
  campaignWorkflowId,
  completeCampaignUpdate,
  leadsImportedSignal,
  pauseCampaignUpdate,
  resumeCampaignUpdate,
  searchAttributes,
  taskQueues,
  workflowTypes,
} from '../workflows/contract';
import type { WorkflowStarter } from './workflow-port';

/** Milliseconds after which the API gives up on telling a workflow; the facts hold without it. */
const tellWithinMs = 5_000;

/**
 * The API's way to the workflows, through Temporal's client.
 * @param deliverSignals delivers what committed facts owe
 */
export function temporalWorkflowStarter(client: WorkflowClient, deliverSignals: () => Promise<void>): WorkflowStarter {
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    client.withAbortSignal(AbortSignal.timeout(tellWithinMs), call);
  const campaign = (campaignId: string) => client.getHandle(campaignWorkflowId(campaignId));
  return {
    async startCampaign({ campaignId, clientId }) {
      // With a signal, so that a workflow that runs already, after a lost answer, looks at once.
      await within(() =>
        client.signalWithStart(workflowTypes.campaign, {
          signal: leadsImportedSignal,
          signalArgs: [{ id: campaignId }],
          workflowId: campaignWorkflowId(campaignId),
          taskQueue: taskQueues.sequences,
          args: [{ campaignId, clientId }],
          searchAttributes: {
            [searchAttributes.clientId]: [clientId],
            [searchAttributes.campaignId]: [campaignId],
            [searchAttributes.status]: ['active'],
          },
        }),
      );
    },
    pauseCampaign: async (id) => void (await within(() => campaign(id).executeUpdate(pauseCampaignUpdate))),
    resumeCampaign: async (id) => void (await within(() => campaign(id).executeUpdate(resumeCampaignUpdate))),
    completeCampaign: async (id) => void (await within(() => campaign(id).executeUpdate(completeCampaignUpdate))),
    leadsImported: (id) => within(() => campaign(id).signal(leadsImportedSignal, { id })),
    deliverSignals,
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
