import { goodDns } from '../support/dns';
import { randomUUID } from 'node:crypto';
import { Connection, WorkflowClient } from '@temporalio/client';
import { createActivities } from '../../activities/create-activities';
import type { Clock } from '../../runtime/clock';
import type { DevServer } from '../../embedded/temporal-servers';
import { temporalDelivery } from '../../temporal/outbox-delivery';
import { dispatch } from '../../store/outbox/dispatch';
import type { Wanted } from '../../store/outbox/outbox';
import { startWorkers, type RunningWorkers } from '../../workers/create-worker';
import { installTemporalRuntime } from '../../workers/temporal-runtime';
import { leadWorkflowId } from '../../workflows/contract';
import { createAgency, createLeads, secretKey } from '../store/fixtures';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startDevServer } from '../support/temporal';
import { createRecordingProviders, type RecordingProviders } from './recording-providers';
import { silentLog } from './silent-log';

// The numbers that architecture.md sets for a lead with all five touches, measured on the real server.
const limits = { events: 95, workflowTasks: 18, bytes: 16_000 };

/** A workflow of one lead sees its waits shrink to this many milliseconds; the facts keep their days. */
const shortWaitMs = 60;

/** Real time, but each wait ends at once: the clock jumps to the instant that the workflow waits for. */
function leapingClock(start: Date): Clock {
  let offsetMs = start.getTime() - Date.now();
  return {
    now: () => Promise.resolve(new Date(Date.now() + offsetMs)),
    toWorkflowTime(instant) {
      const at = Date.now() + shortWaitMs;
      offsetMs = instant.getTime() - at;
      return at;
    },
  };
}

const clock = leapingClock(new Date('2026-03-01T20:00:00Z')); // Monday 07:00 in Sydney
let server: DevServer;
let connection: Connection;
let client: WorkflowClient;
let workers: RunningWorkers;
let providers: RecordingProviders;
let testDatabase: TestDatabase;

beforeAll(async () => {
  installTemporalRuntime(silentLog);
  [server, testDatabase] = await Promise.all([startDevServer(), createTestDatabase()]);
  const { database } = testDatabase;
  connection = await Connection.connect({ address: server.address });
  client = new WorkflowClient({ connection });
  providers = createRecordingProviders(database, clock);
  const deliver = temporalDelivery(client);
  const deliverOutbox = (wanted: Wanted) => dispatch(database, clock, deliver, wanted);
  const deps = { database, clock, providers, resolver: goodDns, deliverOutbox, log: silentLog, secretKey };
  const activities = createActivities({ ...deps, publicBaseUrl: 'https://engine.example' });
  workers = await startWorkers({ address: server.address, namespace: 'default', activities });
});

afterAll(async () => {
  await workers.stop();
  await connection.close();
  await server.stop();
  await testDatabase.drop();
});

/** Starts the workflow of a new, admitted lead. @returns the enrollment's id */
async function startLead(): Promise<string> {
  const agency = await createAgency(testDatabase.database);
  const [enrollmentId = ''] = await createLeads(testDatabase.database, agency, 1);
  const { clientId, campaignId } = agency;
  const message = { id: randomUUID(), clientId, attempts: 0, kind: 'startLead', subjectId: enrollmentId } as const;
  await temporalDelivery(client)({ ...message, payload: { campaignId } });
  return enrollmentId;
}

/** Waits for the end and measures what the server keeps of the workflow. */
async function measure(enrollmentId: string) {
  const handle = client.getHandle(leadWorkflowId(enrollmentId));
  await handle.result();
  const { historyLength, historySize } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const activities = (events ?? []).flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  const timers = (events ?? []).filter((event) => event.timerStartedEventAttributes);
  const summaries = timers.map(({ userMetadata }) => JSON.parse(String(userMetadata?.summary?.data ?? '""')) as string);
  const workflowTasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
  return { events: historyLength, workflowTasks, bytes: historySize ?? Infinity, activities, summaries };
}

function expectWithin(measured: Awaited<ReturnType<typeof measure>>): void {
  console.log(`history: ${measured.events} events, ${measured.workflowTasks} workflow tasks, ${measured.bytes} bytes`);
  expect(measured.events).toBeLessThanOrEqual(limits.events);
  expect(measured.workflowTasks).toBeLessThanOrEqual(limits.workflowTasks);
  expect(measured.bytes).toBeLessThanOrEqual(limits.bytes);
}

test('a lead with all five touches stays inside the limits, and nothing polls for capacity', async () => {
  const measured = await measure(await startLead());
  expect(providers.requests.map((request) => request.channel)).toEqual(['email', 'voice', 'linkedin', 'email', 'sms']);
  expectWithin(measured);
  // One activity a touch, and one that plans the first: none asks for room and comes back with nothing.
  expect(measured.activities).toEqual(['prepare', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver']);
  expect(measured.summaries).toEqual([
    expect.stringMatching(/^step 1 email · Mon 2 Mar \d\d:\d\d Sydney$/),
    expect.stringMatching(/^step 2 voice · Thu 5 Mar \d\d:\d\d Sydney$/),
    expect.stringMatching(/^step 3 linkedin · Mon 9 Mar \d\d:\d\d Sydney$/),
    expect.stringMatching(/^step 4 email · Wed 11 Mar \d\d:\d\d Sydney$/),
    expect.stringMatching(/^step 5 sms · Mon 16 Mar \d\d:\d\d Sydney$/),
  ]);
});
