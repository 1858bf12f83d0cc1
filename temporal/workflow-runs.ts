import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type WorkflowClient,
} from '@temporalio/client';
import type { Run, RunKind, Subject, WorkflowRuns } from '../activities/deps';
import { campaignWorkflowId, leadWorkflowId, workflowTypes } from '../workflows/contract';
import { campaignRun, leadRun } from './runs';

/** Milliseconds that one question may take. */
const answerWithinMs = 10_000;
/** Workflows of one page of the list. */
const pageSize = 1_000;
/** gRPC: the time-skipping test server lists in an older way only. */
const unimplemented = 12;

const kinds = {
  lead: {
    type: workflowTypes.leadSequence,
    idOf: leadWorkflowId,
    options: ({ id, clientId, campaignId }: Subject) => leadRun({ enrollmentId: id, clientId, campaignId }),
  },
  campaign: {
    type: workflowTypes.campaign,
    idOf: campaignWorkflowId,
    options: ({ id, clientId }: Subject) => campaignRun({ campaignId: id, clientId }),
  },
} as const;

/** What runs, through Temporal's client. */
export function workflowRuns(client: WorkflowClient): WorkflowRuns {
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    client.withAbortSignal(AbortSignal.timeout(answerWithinMs), call);
  return {
    running: (kind) => runningOf(client, within, kind),
    async start(kind, subject) {
      const { type, options } = kinds[kind];
      try {
        await within(() =>
          client.start(type, {
            ...options(subject),
            workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
        throw error;
      }
    },
    async end(kind, subjectId, reason) {
      try {
        await within(() => client.getHandle(kinds[kind].idOf(subjectId)).terminate(reason));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

type Within = <T>(call: () => Promise<T>) => Promise<T>;
type Page = {
  executions?: { execution?: { workflowId?: string | null } | null }[] | null;
  nextPageToken?: Uint8Array | null;
};

async function* runningOf(client: WorkflowClient, within: Within, kind: RunKind): AsyncIterable<readonly Run[]> {
  const { type, idOf } = kinds[kind];
  const prefix = idOf('');
  let nextPageToken: Uint8Array | undefined;
  do {
    const page: Page = await within(() => askForPage(client, type, nextPageToken));
    const ids = (page.executions ?? []).map(({ execution }) => execution?.workflowId ?? '');
    yield ids.filter((id) => id.startsWith(prefix)).map((id) => ({ subjectId: id.slice(prefix.length) }));
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken !== undefined && nextPageToken.length > 0);
}

async function askForPage(client: WorkflowClient, type: string, nextPageToken?: Uint8Array): Promise<Page> {
  const { namespace } = client.options;
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
  try {
    return await client.workflowService.listWorkflowExecutions({ namespace, query, pageSize, nextPageToken });
  } catch (error) {
    if ((error as { code?: number }).code !== unimplemented) throw error;
    return client.workflowService.listOpenWorkflowExecutions({ namespace, maximumPageSize: pageSize, nextPageToken });
  }
}
