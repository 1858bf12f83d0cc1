import { goodDns } from '../support/dns';
import { WorkflowClient } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { createActivities } from '../../activities/create-activities';
import type { ProviderEvent } from '../../providers/ports';
import type { Clock } from '../../runtime/clock';
import { virtualTimeFrom } from '../../embedded/virtual-time';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { temporalDelivery } from '../../temporal/outbox-delivery';
import { workflowRuns } from '../../temporal/workflow-runs';
import { dispatch } from '../../store/outbox/dispatch';
import { oweCampaignStart, type Wanted } from '../../store/outbox/outbox';
import { bundleWorkflows, startWorkers } from '../../workers/create-worker';
import { installTemporalRuntime } from '../../workers/temporal-runtime';
import { secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { startTimeSkippingServer } from '../support/temporal';
import { createRecordingProviders, type Behaviour, type RecordedRequest } from './recording-providers';
import { silentLog } from './silent-log';

/** The engine's workflows, activities and store on a time-skipping server and PostgreSQL; only the outside is made up. */
export interface VirtualEngine {
  database: Database;
  clock: Clock;
  client: WorkflowClient;
  /** Delivers what is owed to workflows by now. */
  deliverOwed(): Promise<void>;
  /** What providers were asked so far, in order of time. */
  requests: RecordedRequest[];
  /** Starts a campaign's workflow, as an activation does. */
  startCampaign(campaign: { clientId: string; campaignId: string }): Promise<void>;
  /** Something that happens at an instant of the run; `runUntil` carries it out while the time stands still. */
  at(instant: string, happening: (now: Date) => Promise<void>): void;
  /** Lets the time skip until then, stopping for every happening on the way. */
  runUntil(instant: string): Promise<void>;
  /** Stores an event as a webhook would, then signals what it owes. */
  receive(event: ProviderEvent): Promise<void>;
  stop(): Promise<void>;
}

export async function startVirtualEngine(start: Date, behaviour: Behaviour = {}): Promise<VirtualEngine> {
  installTemporalRuntime(silentLog);
  const [{ database, drop }, server, bundle] = await Promise.all([
    createTestDatabase(),
    startTimeSkippingServer(),
    bundleWorkflows(),
  ]);
  const { clock } = await virtualTimeFrom(server.connection, start);
  const client = new WorkflowClient({ connection: server.connection });
  const deliver = temporalDelivery(client);
  const deliverOutbox = (wanted: Wanted) => dispatch(database, clock, deliver, wanted);
  const providers = createRecordingProviders(database, clock, behaviour);
  const publicBaseUrl = 'https://engine.example';
  const deps = {
    database,
    clock,
    providers,
    resolver: goodDns,
    deliverOutbox,
    workflows: workflowRuns(client),
    choresEverySeconds: 3_600,
    log: silentLog,
    secretKey,
    publicBaseUrl,
  };
  const activities = createActivities(deps);
  const workers = await startWorkers({ address: server.address, namespace: 'default', activities, bundle });
  const deliverOwed = async (): Promise<void> => {
    while ((await deliverOutbox({ kind: 'due' })).delivered > 0);
  };

  const happenings: { at: Date; happen: (now: Date) => Promise<void> }[] = [];
  const skipUntil = async (instant: Date): Promise<void> => {
    const duration = instant.getTime() - (await clock.now()).getTime();
    if (duration <= 0) return;
    await server.connection.testService.unlockTimeSkippingWithSleep({ duration: msToTs(duration) });
  };
  return {
    database,
    clock,
    client,
    requests: providers.requests,
    deliverOwed,
    async startCampaign({ clientId, campaignId }) {
      await oweCampaignStart(database.sql, { clientId, id: campaignId }, await clock.now());
      await deliverOwed();
    },
    at: (instant, happen) => void happenings.push({ at: new Date(instant), happen }),
    async runUntil(instant) {
      happenings.sort((a, b) => a.at.getTime() - b.at.getTime());
      const end = new Date(instant);
      for (let next = happenings[0]; next !== undefined && next.at <= end; next = happenings[0]) {
        happenings.shift();
        await skipUntil(next.at);
        await next.happen(await clock.now());
      }
      await skipUntil(end);
    },
    async receive(event) {
      await recordEvent(database, event, secretKey, await clock.now());
      await deliverOwed();
    },
    async stop() {
      await workers.stop();
      await server.stop();
      await drop();
    },
  };
}
