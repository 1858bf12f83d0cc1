import {
  activeEnrollments,
  endedCampaigns,
  endedEnrollments,
  openCampaigns,
  type ReadEnded,
  type ReadRunning,
  type Running,
} from '../../store/campaigns/runs';
import { raiseAlert, resolveAlert, openAlerts } from '../../store/tenants/alerts';
import type { ActivityDeps, RunKind, WorkflowRuns } from '../deps';

/** Until a start that is owed has arrived, and a list has heard of it, in milliseconds. */
const startGraceMs = 120_000;
/** Until a workflow whose fact has ended has heard of it, in milliseconds. */
const endGraceMs = 600_000;
/** Facts that are compared at a time. */
const pageSize = 500;
/** Workflows that are started or ended side by side. */
const atOnce = 20;

const kinds: Readonly<Record<RunKind, { shouldRun: ReadRunning; hasEnded: ReadEnded }>> = {
  campaign: { shouldRun: openCampaigns, hasEnded: endedCampaigns },
  lead: { shouldRun: activeEnrollments, hasEnded: endedEnrollments },
};

/** What one round did for a client. */
interface Rebuilt {
  started: Record<RunKind, number>;
  ended: Record<RunKind, number>;
}

/**
 * The facts rebuild the workflows (TRUTH-4): whoever should have a running workflow and has none gets one under the same
 * id, and one that nobody needs is ended. A start is refused where one runs, so a list that lags does no harm; an end
 * follows facts that stand for good, never the list. Ids are compared in pages; only those that run are held, some
 * 100 bytes each.
 */
export async function rebuildWorkflows(deps: ActivityDeps, beat: () => void): Promise<void> {
  const { workflows, database, clock, log } = deps;
  if (workflows === undefined) return;
  const byClient = new Map<string, Rebuilt>();
  for (const kind of ['campaign', 'lead'] as const) {
    const running = await endStrays(deps, workflows, kind, { byClient, beat });
    await startMissing(deps, workflows, kind, { byClient, beat, running });
  }
  const now = await clock.now();
  for (const clientId of await openAlerts(database.sql, alertKind)) {
    if (!byClient.has(clientId))
      await resolveAlert(database.sql, { clientId, kind: alertKind, resourceId: clientId }, now);
  }
  for (const [clientId, rebuilt] of byClient) {
    log.warn({ clientId, ...rebuilt }, 'workflows were rebuilt from the facts');
    const about = { clientId, kind: alertKind, resourceId: clientId };
    await resolveAlert(database.sql, about, now);
    await raiseAlert(database.sql, { ...about, message: messageOf(rebuilt) }, now);
  }
}

const alertKind = 'workflows';

interface Round {
  byClient: Map<string, Rebuilt>;
  beat: () => void;
}

/** Ends what runs and is done. @returns the ids of whatever runs */
async function endStrays(
  { database, clock }: ActivityDeps,
  workflows: WorkflowRuns,
  kind: RunKind,
  { byClient, beat }: Round,
): Promise<ReadonlySet<string>> {
  const running = new Set<string>();
  const before = new Date((await clock.now()).getTime() - endGraceMs);
  for await (const page of workflows.running(kind)) {
    beat();
    const ids = page.map(({ subjectId }) => subjectId);
    ids.forEach((id) => running.add(id));
    const ended = await kinds[kind].hasEnded(database.sql, ids, before);
    await inGroups(ended, beat, async ({ id, clientId }) => {
      await workflows.end(kind, id, 'its sequence or campaign has ended');
      countOf(byClient, clientId).ended[kind] += 1;
    });
  }
  return running;
}

async function startMissing(
  { database, clock }: ActivityDeps,
  workflows: WorkflowRuns,
  kind: RunKind,
  { byClient, beat, running }: Round & { running: ReadonlySet<string> },
): Promise<void> {
  const before = new Date((await clock.now()).getTime() - startGraceMs);
  let page: Running[] = [];
  do {
    beat();
    page = await kinds[kind].shouldRun(database.sql, before, page.at(-1)?.cursor ?? null, pageSize);
    const missing = page.filter(({ id }) => !running.has(id));
    await inGroups(missing, beat, async ({ id, clientId, campaignId }) => {
      if (await workflows.start(kind, { id, clientId, campaignId })) countOf(byClient, clientId).started[kind] += 1;
    });
  } while (page.length === pageSize);
}

async function inGroups<T>(all: readonly T[], beat: () => void, work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) {
    beat();
    await Promise.all(all.slice(at, at + atOnce).map(work));
  }
}

function countOf(byClient: Map<string, Rebuilt>, clientId: string): Rebuilt {
  const known = byClient.get(clientId) ?? { started: { lead: 0, campaign: 0 }, ended: { lead: 0, campaign: 0 } };
  byClient.set(clientId, known);
  return known;
}

const messageOf = ({ started, ended }: Rebuilt): string =>
  `Workflows were not as the facts want them. Started again: ${started.lead} of leads, ${started.campaign} of campaigns; ` +
  `ended: ${ended.lead} of leads, ${ended.campaign} of campaigns. Nothing is to be done, unless nobody knows why.`;
