import { Connection, WorkflowClient } from '@temporalio/client';
import type { ActivityDeps } from '../../activities/deps';
import { rebuildWorkflows } from '../../activities/maintenance/rebuild';
import type { DevServer } from '../../embedded/temporal-servers';
import { dispatch } from '../../store/outbox/dispatch';
import { temporalDelivery } from '../../temporal/outbox-delivery';
import { workflowRuns } from '../../temporal/workflow-runs';
import { campaignWorkflowId, leadWorkflowId } from '../../workflows/contract';
import { manualClock } from '../activities/engine-by-hand';
import { createAgency, createLeads, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { goodDns } from '../support/dns';
import { startDevServer } from '../support/temporal';
import { createRecordingProviders } from './recording-providers';
import { silentLog } from './silent-log';

// The real server and its list of what runs. No worker: what matters is which workflows there are.
const clock = manualClock(monday);
let server: DevServer;
let connection: Connection;
let client: WorkflowClient;
let testDatabase: TestDatabase;
let deps: ActivityDeps;
let agency: Agency;
let enrollments: string[];

const minutes = (count: number): Date => new Date(monday.getTime() + count * 60_000);
const leadOf = (enrollmentId: string) => client.getHandle(leadWorkflowId(enrollmentId));
const statusOf = async (handle: ReturnType<typeof leadOf>): Promise<string> => (await handle.describe()).status.name;
const rebuild = () => rebuildWorkflows(deps, () => undefined);

/** Until the server's list shows so many workflows of leads: it lags behind. */
async function listed(count: number): Promise<void> {
  for (let found = -1; found !== count;) {
    found = 0;
    for await (const page of workflowRuns(client).running('lead')) found += page.length;
    if (found !== count) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const alerts = () =>
  testDatabase.database.alert.findMany({ where: { kind: 'workflows' }, orderBy: { createdAt: 'asc' } });

beforeAll(async () => {
  [server, testDatabase] = await Promise.all([startDevServer(), createTestDatabase()]);
  connection = await Connection.connect({ address: server.address });
  client = new WorkflowClient({ connection });
  const { database } = testDatabase;
  const deliver = temporalDelivery(client);
  deps = {
    database,
    clock,
    providers: createRecordingProviders(database, clock, {}),
    resolver: goodDns,
    deliverOutbox: (wanted) => dispatch(database, clock, deliver, wanted),
    workflows: workflowRuns(client),
    log: silentLog,
    secretKey,
    publicBaseUrl: '',
  };
  agency = await createAgency(database);
  await database.campaign.update({ where: { id: agency.campaignId }, data: { activatedAt: monday } });
  enrollments = await createLeads(database, agency, 3);
}, 60_000);
afterAll(async () => {
  await connection.close();
  await server.stop();
  await testDatabase.drop();
});

test('what has just become active has its start under way, and is left alone', async () => {
  clock.set(minutes(1));
  await rebuild();
  expect(await alerts()).toEqual([]);
});

test('TRUTH-4: who should run and does not, because a start never arrived, is started', async () => {
  clock.set(minutes(3));
  await rebuild();
  await listed(3);
  for (const id of enrollments) expect(await statusOf(leadOf(id))).toBe('RUNNING');
  expect(await statusOf(client.getHandle(campaignWorkflowId(agency.campaignId)))).toBe('RUNNING');
  expect(await alerts()).toEqual([
    expect.objectContaining({
      clientId: agency.clientId,
      message: expect.stringContaining('Started again: 3 of leads, 1 of campaigns') as string,
      resolvedAt: null,
    }),
  ]);
});

test('a round that finds everything in order starts nobody, and closes the alert', async () => {
  const runs = await Promise.all(enrollments.map(async (id) => (await leadOf(id).describe()).runId));
  await rebuild();
  expect(await Promise.all(enrollments.map(async (id) => (await leadOf(id).describe()).runId))).toEqual(runs);
  expect(await alerts()).toEqual([expect.objectContaining({ resolvedAt: minutes(3) })]);
});

test('two processes that look at once start each once, and a list that lags does no harm', async () => {
  for (const id of enrollments) await leadOf(id).terminate('by hand');
  await listed(0);
  await Promise.all([rebuild(), rebuild(), rebuild()]);
  for (const id of enrollments) expect(await statusOf(leadOf(id))).toBe('RUNNING');
  const { count } = await client.count(`WorkflowType = 'leadSequence' AND ExecutionStatus = 'Running'`);
  expect(count).toBeLessThanOrEqual(3);
  await listed(3);
});

test('a workflow whose sequence has ended long ago is ended; one that ended just now hears of it by itself', async () => {
  const [long = '', now = ''] = enrollments;
  const stop = (id: string, finishedAt: Date) =>
    testDatabase.database.enrollment.update({
      where: { id },
      data: { status: 'stopped', stopReason: 'x', stopRule: 'SEQ-3', finishedAt },
    });
  clock.set(minutes(20));
  await stop(long, minutes(5));
  await stop(now, minutes(19));
  await rebuild();
  expect(await statusOf(leadOf(long))).toBe('TERMINATED');
  expect(await statusOf(leadOf(now))).toBe('RUNNING');
  expect((await alerts()).at(-1)?.message).toContain('ended: 1 of leads, 0 of campaigns');
});

test('a running workflow that this database does not know is nobody’s to end', async () => {
  const stranger = leadWorkflowId('00000000-0000-4000-8000-000000000000');
  await client.start('leadSequence', { workflowId: stranger, taskQueue: 'elsewhere' });
  await listed(3);
  clock.set(minutes(60));
  await rebuild();
  expect(await statusOf(client.getHandle(stranger))).toBe('RUNNING');
  await client.getHandle(stranger).terminate();
});

test('thousands are looked at page by page, of the facts and of the list', async () => {
  const many = await createAgency(testDatabase.database);
  const ids = await createLeads(testDatabase.database, many, 1_300);
  clock.set(minutes(120));
  await rebuild();
  await listed(1_301);
  expect((await alerts()).at(-1)?.message).toContain('Started again: 1300 of leads, 1 of campaigns');
  await leadOf(ids.at(-1) ?? '').terminate('by hand');
  await listed(1_300);
  await rebuild();
  expect((await alerts()).at(-1)?.message).toContain('Started again: 1 of leads, 0 of campaigns');
}, 60_000);

test('Temporal away is a chore that failed, and not a workflow that is missing', async () => {
  const unreachable = () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('Temporal is away')) }),
  });
  const away = { ...deps, workflows: { ...workflowRuns(client), running: unreachable } };
  const before = (await alerts()).length;
  await expect(rebuildWorkflows(away, () => undefined)).rejects.toThrow('Temporal is away');
  expect(await alerts()).toHaveLength(before);
});
