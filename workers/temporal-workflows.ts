import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowClient,
} from '@temporalio/client';
import type { Workflows } from '../activities/deps';
import { signalWorkflow } from '../runtime/signal-workflow';
import { leadWorkflowId, searchAttributes, taskQueues, workflowTypes } from '../workflows/contract';

/** Starting and signalling workflows through Temporal's client. */
export function temporalWorkflows(client: WorkflowClient): Workflows {
  return {
    async startLeadSequence(input, summary) {
      try {
        await client.start(workflowTypes.leadSequence, {
          workflowId: leadWorkflowId(input.enrollmentId),
          taskQueue: taskQueues.sequences,
          args: [input],
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          staticSummary: summary,
          searchAttributes: {
            [searchAttributes.clientId]: [input.clientId],
            [searchAttributes.campaignId]: [input.campaignId],
            [searchAttributes.status]: ['active'],
          },
        });
      } catch (error) {
        // It ran to its end already: an enrollment has one workflow, ever.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    signal: signalWorkflow(client),
  };
}
