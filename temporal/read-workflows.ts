import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';
import { workflowTypes } from '../workflows/contract';

/** gRPC's words for what is not there, and for what a server does not offer: the time-skipping one keeps no list. */
const notFound = 5;
const unimplemented = 12;

/** Does an error say this, by itself or by what caused it? */
function saysCode(error: unknown, code: number): boolean {
  const { code: own, cause } = error as { code?: number; cause?: { code?: number } };
  return own === code || cause?.code === code;
}

/**
 * Ids of the leads' and campaigns' workflows that run, as Temporal lists them: a list that lags by seconds.
 * @returns null when the server keeps no list
 */
export async function listRunning(client: WorkflowClient): Promise<Set<string> | null> {
  const types = [workflowTypes.leadSequence, workflowTypes.campaign].map((type) => `'${type}'`).join(', ');
  const running = new Set<string>();
  try {
    const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.list({ query })) running.add(workflowId);
    return running;
  } catch (error) {
    if (saysCode(error, unimplemented)) return null;
    throw error;
  }
}

/** Does this workflow run at this moment? Asked of the workflow itself, not of the list. */
export async function isRunning(client: WorkflowClient, workflowId: string): Promise<boolean> {
  try {
    return (await client.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Everything in a workflow's history that can hold words, payloads included; null: there is no such workflow any more. */
export async function readHistoryText(client: WorkflowClient, workflowId: string): Promise<string | null> {
  try {
    const texts: string[] = [];
    collectTexts(await client.getHandle(workflowId).fetchHistory(), texts);
    return texts.join('\n');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || saysCode(error, notFound)) return null;
    throw error;
  }
}

function collectTexts(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (value instanceof Uint8Array) into.push(Buffer.from(value).toString('utf8'));
  else if (Array.isArray(value)) for (const one of value) collectTexts(one, into);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) collectTexts(one, into);
}
