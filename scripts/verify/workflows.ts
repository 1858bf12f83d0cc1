import type { WorkflowClient } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../store/database';
import {
  readLastEnded,
  readOpen,
  readPersonalWords,
  stillOpen,
  type PersonalWords,
} from '../../store/verification/workflow-facts';
import { isRunning, listRunning, readHistoryText } from '../../temporal/read-workflows';
import type { Violation } from '../../verification/check';
import type { Finding } from '../../verification/report';
import { campaignWorkflowId, leadWorkflowId } from '../../workflows/contract';

/** Workflows that are asked for at the same time. */
const atOnce = 20;
/** How many ended sequences are looked at where Temporal keeps no list. */
const endedLookedAt = 1_000;
/** How many histories are read: those of the leads that were admitted last. */
const historiesRead = 300;
/** Milliseconds in which a workflow ends, or begins, after the fact that it follows. */
const settlesWithinMs = 5_000;

const about = {
  running: {
    id: 'SEQ-8',
    name: 'every open sequence and campaign has its running workflow, and no ended one has',
    source: 'Temporal',
  },
  silent: { id: 'TRUTH-6', name: 'no history holds a name, an address or a text', source: 'Temporal' },
} as const;

/** What needs Temporal, and why it cannot be asked. */
export const leftOutWorkflows = (reason: string): Finding[] => [
  { ...about.running, kind: 'leftOut', reason },
  { ...about.silent, kind: 'leftOut', reason },
];

/** Holds the workflows against the facts. Its memory grows with the sequences that are open, not with those that ended. */
export async function verifyWorkflows(database: Pick<Database, 'sql'>, client: WorkflowClient): Promise<Finding[]> {
  return [await verifyRunning(database, client), await verifyHistories(database, client)];
}

interface Expected {
  workflowId: string;
  /** Of the enrollment or campaign. */
  id: string;
}

async function verifyRunning({ sql }: Pick<Database, 'sql'>, client: WorkflowClient): Promise<Finding> {
  const { enrollments, campaigns } = await readOpen(sql);
  const open = [...enrollments.map(leadOf), ...campaigns.map((id) => ({ id, workflowId: campaignWorkflowId(id) }))];
  const listed = await listRunning(client);
  const wanted = new Set(open.map(({ workflowId }) => workflowId));
  const missing = listed === null ? open : open.filter(({ workflowId }) => !listed.has(workflowId));
  const ended = listed === null ? (await readLastEnded(sql, endedLookedAt)).map(leadOf) : [];
  const surplus = listed === null ? ended : [...listed].filter((id) => !wanted.has(id)).map(idOfWorkflow);
  const lost = await disagreeing(missing, { sql, client, shouldRun: true });
  const stray = await disagreeing(surplus, { sql, client, shouldRun: false });
  const violations = [
    ...lost.map(({ workflowId }) => `no workflow runs: ${workflowId}`),
    ...stray.map(({ workflowId }) => `a workflow runs that nobody needs: ${workflowId}`),
  ].map((text): Violation => ({ text, touchId: null }));
  const lookedAt = {
    sequences: enrollments.length,
    campaigns: campaigns.length,
    workflows: listed?.size ?? open.length + ended.length,
  };
  return { ...about.running, kind: 'checked', lookedAt, count: violations.length, first: violations };
}

const leadOf = (id: string): Expected => ({ id, workflowId: leadWorkflowId(id) });
const idOfWorkflow = (workflowId: string): Expected => ({
  workflowId,
  id: workflowId.slice(workflowId.indexOf('-') + 1),
});

/** Those that still disagree with the facts after the time in which things settle, each asked anew. */
async function disagreeing(
  suspects: readonly Expected[],
  { sql, client, shouldRun }: { sql: Database['sql']; client: WorkflowClient; shouldRun: boolean },
): Promise<Expected[]> {
  let left = suspects;
  for (const waitsMs of [0, settlesWithinMs]) {
    if (left.length === 0) return [];
    await sleep(waitsMs);
    const wrong: Expected[] = [];
    for (let from = 0; from < left.length; from += atOnce) {
      const some = left.slice(from, from + atOnce);
      const runs = await Promise.all(some.map(({ workflowId }) => isRunning(client, workflowId)));
      const open = await stillOpen(
        sql,
        some.map(({ id }) => id),
      );
      wrong.push(...some.filter(({ id }, at) => runs[at] !== shouldRun && open.has(id) === shouldRun));
    }
    left = wrong;
  }
  return [...left];
}

async function verifyHistories({ sql }: Pick<Database, 'sql'>, client: WorkflowClient): Promise<Finding> {
  const people = await readPersonalWords(sql, historiesRead);
  let histories = 0;
  const violations: Violation[] = [];
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce);
    const texts = await Promise.all(
      some.map(({ enrollmentId }) => readHistoryText(client, leadWorkflowId(enrollmentId))),
    );
    for (const [at, text] of texts.entries()) {
      if (text === null) continue;
      histories += 1;
      violations.push(...foundIn(text, some[at]));
    }
  }
  const lookedAt = { histories, words: people.reduce((sum, { words }) => sum + words.length, 0) };
  return { ...about.silent, kind: 'checked', lookedAt, count: violations.length, first: violations };
}

function foundIn(history: string, person: PersonalWords | undefined): Violation[] {
  const said = history.toLowerCase();
  if (!person?.words.some((word) => said.includes(word.toLowerCase()))) return [];
  return [{ text: `personal data in the history of ${leadWorkflowId(person.enrollmentId)}`, touchId: null }];
}
