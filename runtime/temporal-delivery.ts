import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';

/** Signals workflows by id through Temporal's client; one that has ended needs no signal any more. */
export function signalWorkflow(client: WorkflowClient) {
  return async ({ id, workflowId, signal }: { id: string; workflowId: string; signal: string }): Promise<void> => {
    try {
      await client.getHandle(workflowId).signal(signal, { id });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
}
