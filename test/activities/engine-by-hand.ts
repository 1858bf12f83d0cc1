import { goodDns } from '../support/dns';
import { createActivities } from '../../activities/create-activities';
import type { ActivityDeps } from '../../activities/deps';
import type { Clock } from '../../runtime/clock';
import type { SendTimes } from '../../domain/send-times';
import type { Database } from '../../store/database';
import type { Claiming } from '../../store/touches/claims';
import type { NextMove } from '../../workflows/contract';
import { createAgency, createLeads, monday, secretKey, type Agency } from '../store/fixtures';
import { createRecordingProviders, type Behaviour, type RecordedRequest } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';

export type PlannedDelivery = NextMove & { kind: 'deliver' };

/** A clock that a test sets. */
export interface ManualClock extends Clock {
  set(instant: Date | number): void;
}

export function manualClock(start: Date): ManualClock {
  let at = start.getTime();
  return {
    now: () => Promise.resolve(new Date(at)),
    toWorkflowTime: (instant) => instant.getTime(),
    set: (instant) => void (at = instant.valueOf()),
  };
}

/** With what a test claims a touch at an instant. */
export const claimingAt = (now: Date): Claiming => ({ clock: { now: () => Promise.resolve(now) } });

/** Lets the time of every attempt pass that is at work now: their processes are dead, or as good as. */
export async function endLeases(database: Database): Promise<void> {
  await database.$executeRaw`UPDATE touch SET lease_until = clock_timestamp() WHERE status = 'sending'`;
}

/** The activities on PostgreSQL without Temporal: the test plays the workflow. */
export interface EngineByHand {
  clock: ManualClock;
  /** What the activities act on. */
  deps: ActivityDeps;
  requests: RecordedRequest[];
  /** Plans the lead's next touch and expects that there is one. */
  prepare(enrollmentId: string): Promise<PlannedDelivery>;
  /** Plans whatever comes next. */
  prepareAny(enrollmentId: string): Promise<NextMove>;
  /** Delivers a touch as the workflow would: at its slot. */
  deliver(enrollmentId: string, touch: PlannedDelivery): Promise<NextMove>;
  /** The same at the clock's present time. */
  deliverNow(enrollmentId: string, touch: { touchId: string }): Promise<NextMove>;
}

export function engineByHand(
  database: Database,
  behaviour: Behaviour = {},
  start: Date = monday,
  sendTimes?: SendTimes,
): EngineByHand {
  const clock = manualClock(start);
  const providers = createRecordingProviders(database, clock, behaviour);
  const publicBaseUrl = 'https://engine.example';
  const deps: ActivityDeps = {
    database,
    clock,
    providers,
    resolver: goodDns,
    deliverOutbox: () => Promise.resolve({ delivered: 0, failed: 0 }),
    log: silentLog,
    secretKey,
    publicBaseUrl,
    ...(sendTimes && { sendTimes }),
  };
  const activities = createActivities(deps);
  const deliverNow: EngineByHand['deliverNow'] = (enrollmentId, { touchId }) =>
    activities.deliver({ enrollmentId, touchId });
  return {
    clock,
    deps,
    requests: providers.requests,
    async prepare(enrollmentId) {
      return expectDelivery(await activities.prepare({ enrollmentId }));
    },
    prepareAny: (enrollmentId) => activities.prepare({ enrollmentId }),
    async deliver(enrollmentId, touch) {
      clock.set(touch.wakeAt);
      return deliverNow(enrollmentId, touch);
    },
    deliverNow,
  };
}

export function expectDelivery(next: NextMove): PlannedDelivery {
  if (next.kind !== 'deliver') throw new Error(`expected a delivery, got ${JSON.stringify(next)}`);
  return next;
}

/** An admitted lead of a new agency. */
export async function oneLead(
  database: Database,
  options: { mailboxes?: number } = {},
): Promise<{ agency: Agency; enrollmentId: string; leadId: string }> {
  const agency = await createAgency(database, options);
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  return { agency, enrollmentId, leadId };
}
