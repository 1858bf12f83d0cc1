import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type WorkflowClient,
} from '@temporalio/client';
import type { DeliverMessage } from '../store/outbox/dispatch';
import type { LeasedMessage } from '../store/outbox/outbox';
import {
  leadsImportedSignal,
  leadWorkflowId,
  lookNowSignal,
  maintenanceWorkflowId,
  taskQueues,
  workflowTypes,
  type CampaignInput,
  type LeadSequenceInput,
} from '../workflows/contract';
import { campaignRun, leadRun } from './runs';

/** Milliseconds that one delivery may take; the message is tried again later. */
const deliverWithinMs = 5_000;

/** Delivers the outbox's messages to Temporal. */
export function temporalDelivery(client: WorkflowClient): DeliverMessage {
  return (message) => client.withAbortSignal(AbortSignal.timeout(deliverWithinMs), () => deliver(client, message));
}

async function deliver(client: WorkflowClient, message: LeasedMessage): Promise<void> {
  switch (message.kind) {
    case 'leadSignal':
      return signalLead(client, message.subjectId, message.payload.signal, message.id);
    case 'startLead':
      return startLead(client, {
        enrollmentId: message.subjectId,
        campaignId: message.payload.campaignId,
        clientId: message.clientId,
      });
    case 'startCampaign':
      return startCampaign(client, { campaignId: message.subjectId, clientId: message.clientId });
    case 'maintenance':
      return askMaintenance(client, message.id);
  }
}

/** A workflow that has ended needs no signal any more. */
async function signalLead(client: WorkflowClient, enrollmentId: string, signal: string, id: string): Promise<void> {
  try {
    await client.getHandle(leadWorkflowId(enrollmentId)).signal(signal, { id });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Starts a lead's workflow, or finds it running; never starts a second one. */
async function startLead(client: WorkflowClient, input: LeadSequenceInput): Promise<void> {
  try {
    await client.start(workflowTypes.leadSequence, {
      ...leadRun(input),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    });
  } catch (error) {
    // It ran to its end already. If it should not have, the maintenance starts it again.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** With a signal, so that a workflow that runs already, after a lost answer, looks at once. */
async function startCampaign(client: WorkflowClient, campaign: CampaignInput): Promise<void> {
  await client.signalWithStart(workflowTypes.campaign, {
    signal: leadsImportedSignal,
    signalArgs: [{ id: campaign.campaignId }],
    ...campaignRun(campaign),
  });
}

/** Has the maintenance look now; starts it when it does not run. */
async function askMaintenance(client: WorkflowClient, id: string): Promise<void> {
  await client.signalWithStart(workflowTypes.maintenance, {
    signal: lookNowSignal,
    signalArgs: [{ id }],
    workflowId: maintenanceWorkflowId,
    taskQueue: taskQueues.sequences,
  });
}

/** Sees to it that the maintenance runs. */
export async function ensureMaintenance(client: WorkflowClient): Promise<void> {
  try {
    await client.withAbortSignal(AbortSignal.timeout(deliverWithinMs), () =>
      client.start(workflowTypes.maintenance, {
        workflowId: maintenanceWorkflowId,
        taskQueue: taskQueues.sequences,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
