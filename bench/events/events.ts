import { randomUUID } from 'node:crypto';
import { clickSendReceiptEvents } from '../../providers/clicksend/webhook';
import { recordEvent } from '../../store/events/record-event';
import { monday } from '../capacity/booking';
import { startCaller, type CalledRequest, type WebhookCaller } from '../http/caller';
import { listenApi, listenBare, storeBare, webhookSecret, type Listening } from '../http/servers';
import { atMost, rowOf } from '../rows';
import { operationsIn, ratioOfRates, takeBatches, takeTurns, type Batch, type Measured } from '../rounds';
import { secretKey, type BenchRun } from '../run';
import { bareRequest, requestKinds, requestsByKind, type RequestKind, type Subject } from './requests';
import { peopleWhoAnswer, type EventAudience } from './audience';

/** An API on a database with so many leads, and the bare route on the same database. */
interface Station extends EventAudience {
  api: Listening;
  bare: Listening;
}

/** Connections of the caller that are used at a time. */
const connections = [16, 1] as const;

/** Webhooks stored and applied, against a bare route that proves and stores the same bytes (TRUTH-5). */
export async function measureEvents(run: BenchRun): Promise<void> {
  const { sizes, report } = run;
  const course = { rounds: sizes.rounds, perRound: sizes.perRound * 2, warmUp: sizes.warmUp * 4 };
  const stations: Station[] = [];
  for (const leads of sizes.leads) {
    const audience = await peopleWhoAnswer(run, leads, { each: operationsIn(course), uses: connections.length });
    const { database } = audience.world;
    stations.push({ ...audience, api: await listenApi(database), bare: await listenBare(database) });
  }
  const caller = startCaller();
  try {
    for (const [use, at] of connections.entries()) {
      report.progress(`webhooks over ${at} connections …`);
      await measureRoutes(run, { stations, caller, connections: at, use, course });
    }
    report.progress('recording events without a route …');
    for (const station of stations) await measureRecording(run, station);
  } finally {
    caller.stop();
    for (const { api, bare, world } of stations) {
      await api.stop();
      await bare.stop();
      await world.close();
    }
  }
}

interface RouteCourse {
  stations: readonly Station[];
  caller: WebhookCaller;
  connections: number;
  /** Which of its people are used: an event stops a lead once. */
  use: number;
  course: { rounds: number; perRound: number; warmUp: number };
}

async function measureRoutes(
  run: BenchRun,
  { stations, caller, connections, use, course }: RouteCourse,
): Promise<void> {
  const batch =
    (listening: Listening, requestOf: (index: number) => CalledRequest): Batch =>
    (first, count) => {
      const requests = Array.from({ length: count }, (_, offset) => requestOf(first + offset));
      return caller.call({ origin: listening.origin, connections, requests });
    };
  const subjects: Record<string, Batch> = {};
  for (const { leads, api, bare, subjectOf } of stations) {
    const subject = (kind: RequestKind, index: number): Subject => subjectOf(kind, use * operationsIn(course) + index);
    for (const kind of requestKinds) {
      subjects[`${leads} ${kind}`] = batch(api, (index) => requestsByKind[kind](subject(kind, index), randomUUID()));
    }
    const [kind = 'reply, by the person'] = requestKinds;
    subjects[`${leads} bare`] = batch(bare, (index) => bareRequest(subject(kind, index), randomUUID()));
  }
  const results = await takeBatches(subjects, course);
  const of = (name: string): Measured => results[name] ?? { latencies: [], medians: [], rates: [] };
  for (const kind of requestKinds) {
    for (const { leads } of stations) {
      const measured = of(`${leads} ${kind}`);
      // Nobody is found among no leads, so the first world with people in it is the one to be as fast as.
      const first = stations.find((station) => station.leads > 0)?.leads ?? leads;
      run.report.add(
        rowOf({
          part: 'events',
          what: `${kind}, ${connections} connections, ${leads} leads`,
          measured,
          floor: { what: 'a bare route that proves and stores the same bytes', measured: of(`${leads} bare`) },
          by: 'rate',
          verdicts: ({ ratio }) => [
            atMost('× bare route', ratio, 2),
            atMost(`× ${first} leads`, ratioOfRates(measured, of(`${first} ${kind}`)), 1.5),
          ],
        }),
      );
    }
  }
}

/** `recordEvent` alone, against the one row alone. */
async function measureRecording({ sizes, report }: BenchRun, { world, leads, subjectOf }: Station): Promise<void> {
  const { database } = world;
  const eventOf = (index: number) => {
    const { body = '' } = bareRequest(subjectOf('delivered, by the touch', index), randomUUID());
    const received = { secret: webhookSecret, headers: {}, rawBody: body, receivedAt: monday };
    const [event] = clickSendReceiptEvents(received, webhookSecret);
    if (event === undefined) throw new Error('a receipt without an event');
    return { event, body };
  };
  const results = await takeTurns(
    {
      record: (index) => recordEvent(database, eventOf(index).event, secretKey, monday),
      floor: (index) => storeBare(database, eventOf(index).body),
    },
    { rounds: sizes.rounds, perRound: sizes.perRound, warmUp: sizes.warmUp, writers: 1 },
  );
  report.add(
    rowOf({
      part: 'events',
      what: `recordEvent, delivered, ${leads} leads`,
      measured: results.record,
      floor: { what: 'one row in one statement', measured: results.floor },
    }),
  );
}
