import { ensureMaintenance } from '../../temporal/outbox-delivery';
import { workflowRuns } from '../../temporal/workflow-runs';
import { campaignWorkflowId, leadWorkflowId, maintenanceWorkflowId } from '../../workflows/contract';
import { countersAndHolds, createAgency, createLeads, type Agency } from '../store/fixtures';
import { startVirtualEngine, type VirtualEngine } from './virtual-engine';

// It begins on Monday, 2 March 2026, at 07:00 in Sydney (UTC+11). On Tuesday somebody terminates every lead's workflow,
// on the Monday after every workflow that there is.
let engine: VirtualEngine;
let agency: Agency;
let leads: string[];
let runningAfter: { leads: number; campaigns: number }[];

async function terminate(workflowIds: readonly string[]): Promise<void> {
  for (const id of workflowIds)
    await engine.client
      .getHandle(id)
      .terminate('by hand')
      .catch(() => undefined);
}

async function running(): Promise<{ leads: number; campaigns: number }> {
  const counts = { leads: 0, campaigns: 0 };
  for await (const page of workflowRuns(engine.client).running('lead')) counts.leads += page.length;
  for await (const page of workflowRuns(engine.client).running('campaign')) counts.campaigns += page.length;
  return counts;
}

beforeAll(async () => {
  engine = await startVirtualEngine(new Date('2026-03-01T20:00:00Z'));
  agency = await createAgency(engine.database);
  leads = await createLeads(engine.database, agency, 6, 'waiting');
  await engine.startCampaign(agency);
  await ensureMaintenance(engine.client);
  runningAfter = [];
  const note = async () => void runningAfter.push(await running());
  engine.at('2026-03-03T02:20:00Z', async () => {
    await terminate(leads.map(leadWorkflowId));
    await note();
  });
  engine.at('2026-03-03T03:30:00Z', note);
  engine.at('2026-03-09T02:20:00Z', async () => {
    await terminate([...leads.map(leadWorkflowId), campaignWorkflowId(agency.campaignId), maintenanceWorkflowId]);
    await note();
    // As every worker does each minute.
    await ensureMaintenance(engine.client);
  });
  engine.at('2026-03-09T03:30:00Z', note);
  await engine.runUntil('2026-03-17T02:00:00Z');
}, 120_000);
afterAll(() => engine.stop());

test('TRUTH-4: whatever was terminated runs again after the next look', () => {
  expect(runningAfter).toEqual([
    { leads: 0, campaigns: 1 },
    { leads: 6, campaigns: 1 },
    { leads: 0, campaigns: 0 },
    { leads: 6, campaigns: 1 },
  ]);
});

test('every lead goes on to its end, and the campaign goes on looking', async () => {
  const { campaignId } = agency;
  const ended = await engine.database.enrollment.findMany({ where: { campaignId } });
  expect(ended.map(({ status }) => status)).toEqual(leads.map(() => 'completed'));
  expect(await running()).toEqual({ leads: 0, campaigns: 1 });
});

test('TRUTH-1: nobody is touched twice by a step, and every step was taken', () => {
  const touches = engine.requests.map(({ enrollmentId, step }) => `${enrollmentId} ${step}`);
  expect(new Set(touches).size).toBe(touches.length);
  expect(touches).toHaveLength(leads.length * 5);
});

test('LIM-6: counters and holds agree, and nothing stays booked', async () => {
  const { counters, holds } = await countersAndHolds(engine.database);
  expect(counters).toEqual(holds);
  expect(await engine.database.capacityHold.count({ where: { state: 'booked' } })).toBe(0);
});
