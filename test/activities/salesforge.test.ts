import { createActivities } from '../../activities/create-activities';
import type { ActivityDeps } from '../../activities/deps';
import { lookIntoNext } from '../../activities/watch-mailboxes';
import { handoverTimes, settleHandovers } from '../../activities/maintenance/settle-handovers';
import { openOutside } from '../../providers/outside';
import type { ChannelSender, EmailMessage, Providers } from '../../providers/ports';
import { salesforgeSender } from '../../providers/salesforge/client';
import { salesforgeWatch } from '../../providers/salesforge/watch';
import { salesforgeEvents } from '../../providers/salesforge/webhook';
import type { SimulatorConfigInput } from '../../simulator/config';
import type { Database } from '../../store/database';
import { stopLead } from '../../store/enrollments/stop-lead';
import { recordEvent } from '../../store/events/record-event';
import { carrierMemory } from '../../store/senders/carriers';
import { countersAndHolds, monday, secretKey } from '../store/fixtures';
import { goodDns } from '../support/dns';
import { createTestDatabase } from '../support/database';
import { openEngineSink, type EngineSink } from '../simulator/support/engine-sink';
import { config, only, secrets } from '../simulator/support/settings';
import { openWorld, type TestWorld } from '../simulator/support/world';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { expectDelivery, manualClock, oneLead, type PlannedDelivery } from './engine-by-hand';

// The activities on PostgreSQL with the simulated Salesforge; the test plays the workflow, the clock and the network.

let database: Database;
let drop: () => Promise<void>;
const clock = manualClock(monday);
let world: TestWorld;
let sink: EngineSink;
let deps: ActivityDeps;
let lead: { clientId: string; leadId: string; enrollmentId: string; email: string; mailbox: string; mailboxId: string };
/** What happens between Salesforge's answer and the engine's hearing of it. */
let beforeTheAnswer: () => void | Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

// TRUTH: whatever a test did, the counters equal the holds, and a touch that may have been sent keeps its own (LIM-6).
afterEach(async () => {
  await world.world.close();
  await sink.close();
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  const touches = await database.touch.findMany({ where: { status: { in: ['sending', 'sent', 'uncertain'] } } });
  for (const { id } of touches) expect(await consumed(id)).toBeGreaterThan(0);
});

const consumed = (touchId: string) => database.capacityHold.count({ where: { touchId, state: 'consumed' } });

/** An agency whose mailbox sends by Salesforge, with one lead. */
async function begin(settings: (email: string) => SimulatorConfigInput['salesforge'] = () => ({})): Promise<void> {
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const { clientId } = agency;
  await database.senderChannel.updateMany({ where: { clientId, channel: 'email' }, data: { provider: 'salesforge' } });
  const { id: mailboxId, address } = await database.sender.findUniqueOrThrow({ where: { id: agency.mailboxIds[0] } });
  const { email } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
  lead = { clientId, leadId, enrollmentId, email, mailbox: address, mailboxId };
  clock.set(monday);
  beforeTheAnswer = () => undefined;
  sink = await openEngineSink();
  const resources = { mailboxes: [address], phoneNumbers: [], linkedinSeats: [] };
  world = await openWorld(
    config({ resources, engineBaseUrl: sink.url, salesforge: settings(email), prospects: only(email, 'reply') }),
    () => clock.now(),
  );
  deps = {
    database,
    clock,
    providers: throughSalesforge(),
    resolver: goodDns,
    deliverOutbox: () => Promise.resolve({ delivered: 0, failed: 0 }),
    log: silentLog,
    secretKey,
    publicBaseUrl: 'https://engine.example',
  };
}

const here = { publicBaseUrl: 'https://engine.example', onlyThisMachine: true };
const account = (apiKey: string = secrets.salesforgeApiKey) => ({
  apiKey,
  workspaceId: secrets.salesforgeWorkspace,
  baseUrl: `${world.httpUrl}/salesforge/public/v2`,
  multichannelBaseUrl: `${world.httpUrl}/salesforge/public`,
  requestsPerSecond: 1_000,
});

/** E-mail by Salesforge, everything else by providers that accept it. */
function throughSalesforge(apiKey: string = secrets.salesforgeApiKey): Providers {
  const others = createRecordingProviders(database, clock);
  const real = salesforgeSender(account(apiKey), openOutside(here), carrierMemory(database));
  const watched: ChannelSender<EmailMessage> = {
    ...real,
    async send(message, permit) {
      const outcome = await real.send(message, permit);
      await beforeTheAnswer();
      return outcome;
    },
  };
  const sender = ((channel, name) =>
    channel === 'email' && name === 'salesforge' ? watched : others.sender(channel, name)) as Providers['sender'];
  return { ...others, sender };
}

const activities = () => createActivities(deps);
const prepare = async () => expectDelivery(await activities().prepare({ enrollmentId: lead.enrollmentId }));
async function deliver(touch: PlannedDelivery): Promise<PlannedDelivery> {
  clock.set(touch.wakeAt);
  return expectDelivery(await deliverNow(touch));
}
const deliverNow = ({ touchId }: { touchId: string }) =>
  activities().deliver({ enrollmentId: lead.enrollmentId, touchId });
const touchRow = (touchId: string) => database.touch.findUniqueOrThrow({ where: { id: touchId } });
const handoverRow = (touchId: string) => database.handover.findUniqueOrThrow({ where: { touchId } });
const alerts = () => database.alert.findMany({ where: { clientId: lead.clientId }, select: { kind: true } });
const mails = () => world.outbox().filter(({ operation }) => operation === 'send');

/** The moment of the mail that was handed over last has come. */
async function departs(): Promise<void> {
  const waiting = world.reactions.findLast(({ reactions }) => reactions[0]?.kind === 'leaves');
  await world.world.teller.tellEngine({ deliveryId: waiting?.deliveryId ?? '', kind: 'leaves', facts: {} });
}

/** Salesforge's webhooks that wait reach the engine, so many times each. @returns which were new */
async function webhooksArrive(times = 1): Promise<string[]> {
  const told: string[] = [];
  for (const { body } of sink.received.splice(0)) {
    for (let n = 0; n < times; n += 1) {
      const now = await clock.now();
      const request = { secret: secrets.salesforgeWebhook, headers: {}, rawBody: body, receivedAt: now };
      for (const event of salesforgeEvents(request, { secret: secrets.salesforgeWebhook })) {
        const { isNew } = await recordEvent(database, event, secretKey, now);
        if (isNew) told.push(event.kind);
      }
    }
  }
  return told;
}

const later = (touch: PlannedDelivery, ms: number) => clock.set(touch.wakeAt + ms);
const settle = () => settleHandovers(deps, () => undefined);

test('handed over is not sent: the sequence goes on, and the event makes it so, once', async () => {
  await begin();
  const touch = await prepare();
  const next = await deliver(touch);
  expect(next).toMatchObject({ step: 2, channel: 'voice' });
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'uncertain', reference: null, rule: 'TRUTH-1' });
  expect(mails()).toHaveLength(0);
  await departs();
  expect(mails()).toMatchObject([{ touchId: touch.touchId, recipient: lead.email, resource: lead.mailbox }]);
  later(touch, 20_000);
  await world.happen('sent');
  expect(await webhooksArrive(3)).toEqual(['sent']);
  expect(await touchRow(touch.touchId)).toMatchObject({
    status: 'sent',
    reason: 'confirmed by the provider: sent',
    reference: mails()[0]?.detail['reference'],
    sentAt: new Date(touch.wakeAt),
  });
  expect(await deliverNow(touch)).toEqual(next);
  later(touch, 5 * 60_000);
  await settle();
  expect(await handoverRow(touch.touchId)).toMatchObject({ settledAt: new Date(touch.wakeAt + 5 * 60_000) });
  expect(mails()).toHaveLength(1);
});

test('the event that comes before the answer is not lost', async () => {
  await begin();
  const touch = await prepare();
  beforeTheAnswer = async () => {
    await departs();
    await world.happen('sent');
    expect(await webhooksArrive(2)).toEqual(['sent']);
  };
  await deliver(touch);
  const { status, reference } = await touchRow(touch.touchId);
  expect({ status, reference }).toEqual({ status: 'sent', reference: mails()[0]?.detail['reference'] });
  expect(await database.handover.count({ where: { touchId: touch.touchId } })).toBe(0);
});

test('an attempt that dies after the confirmation hands nothing over again; a look finds the mail', async () => {
  await begin();
  const touch = await prepare();
  beforeTheAnswer = () => {
    throw new Error('the worker was killed');
  };
  await expect(deliver(touch)).rejects.toThrow('the worker was killed');
  beforeTheAnswer = () => undefined;
  later(touch, 2_000);
  await deliverNow(touch);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'uncertain' });
  await departs();
  later(touch, 3 * 60_000);
  await settle();
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', reason: 'found at the provider' });
  expect(mails()).toHaveLength(1);
});

test('silence is found out: after the deadline the touch has failed, keeps its capacity, and somebody is told', async () => {
  await begin((email) => ({ dnc: [email] }));
  const touch = await prepare();
  await deliver(touch);
  await departs();
  for (const minutes of [2, 5, 10, 30, 119]) {
    later(touch, minutes * 60_000);
    await settle();
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'uncertain' });
  }
  later(touch, handoverTimes.deadline + 60_000);
  await settle();
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'failed', sentAt: null, sentOn: null, rule: 'LIM-6' });
  expect(await consumed(touch.touchId)).toBeGreaterThan(0);
  expect(await alerts()).toContainEqual({ kind: 'handover_silent' });
  expect(mails()).toHaveLength(0);
});

test('what Salesforge cannot tell stays uncertain after the deadline, with an alert, and is not asked for ever', async () => {
  await begin();
  const touch = await prepare();
  await deliver(touch);
  // Another key: Salesforge refuses every question.
  deps = { ...deps, providers: throughSalesforge('revoked') };
  later(touch, handoverTimes.deadline + 1);
  await settle();
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'uncertain' });
  expect(await alerts()).toContainEqual({ kind: 'handover_unknown' });
  expect((await handoverRow(touch.touchId)).settledAt).not.toBeNull();
});

test('a stop takes back what is held, whenever its look would have been due; nothing leaves', async () => {
  await begin();
  const touch = await prepare();
  await deliver(touch);
  later(touch, 3 * 60_000);
  await settle();
  later(touch, 4 * 60_000);
  const stop = { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' } as const;
  await stopLead(database.sql, lead.leadId, stop, await clock.now());
  await settle();
  expect(await handoverRow(touch.touchId)).toMatchObject({ withdrawnAt: new Date(touch.wakeAt + 4 * 60_000) });
  await departs();
  expect(mails()).toHaveLength(0);
  later(touch, handoverTimes.deadline + 1);
  await settle();
  const reason = 'the provider did not send it in time, and it was taken back';
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'failed', reason });
});

test('a stop while Salesforge is away is tried again, not at once and not never', async () => {
  await begin();
  const touch = await prepare();
  await deliver(touch);
  const stop = { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' } as const;
  await stopLead(database.sql, lead.leadId, stop, await clock.now());
  const url = `${world.httpUrl}/control/salesforge/misbehave`;
  const body = JSON.stringify({ method: 'POST', path: '/remove', answer: 503 });
  await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await settle();
  expect(await handoverRow(touch.touchId)).toMatchObject({ looks: 1, withdrawnAt: null });
  later(touch, 31_000);
  await settle();
  expect(await handoverRow(touch.touchId)).toMatchObject({ looks: 2, withdrawnAt: new Date(touch.wakeAt + 31_000) });
});

test('TIME-7: what has not left when the window is over is taken back, and does not leave on another day', async () => {
  await begin();
  const touch = await prepare();
  await deliver(touch);
  later(touch, handoverTimes.withdrawAfter);
  await settle();
  expect((await handoverRow(touch.touchId)).withdrawnAt).not.toBeNull();
  await departs();
  expect(mails()).toHaveLength(0);
});

test('SEQ-9: the fourth step answers the first one in its thread', async () => {
  await begin();
  const first = await prepare();
  let next = await deliver(first);
  await departs();
  await world.happen('sent');
  await webhooksArrive();
  while (next.step < 4) next = await deliver(next);
  expect(next).toMatchObject({ channel: 'email' });
  await deliver(next);
  await departs();
  const [one, four] = mails();
  expect(four).toMatchObject({ touchId: next.touchId, resource: lead.mailbox });
  expect(four?.detail['subject']).toBe(`Re: ${String(one?.detail['subject'])}`);
  // It leaves as a reply, which no sequence carries.
  expect(four?.detail['sequenceId']).toBeNull();
  await world.happen('sent');
  expect(await webhooksArrive(2)).toEqual(['sent']);
  expect(await touchRow(next.touchId)).toMatchObject({ status: 'sent', reference: four?.detail['reference'] });
});

describe('threads are read, because webhooks are not repeated', () => {
  const look = (apiKey?: string) =>
    lookIntoNext({ ...deps, watches: [salesforgeWatch(account(apiKey), openOutside(here))] });
  const watchRow = () => database.mailboxWatch.findUniqueOrThrow({ where: { senderId: lead.mailboxId } });
  /** Mailboxes of other tests are not looked into. */
  const alone = () =>
    database.senderChannel.updateMany({
      where: { channel: 'email', senderId: { not: lead.mailboxId } },
      data: { provider: 'smtp' },
    });

  test('what no webhook told is known all the same, and what comes by both roads counts once', async () => {
    await begin();
    await alone();
    const touch = await prepare();
    await deliver(touch);
    await departs();
    await world.happen('sent');
    await world.happen('reply');
    later(touch, 60_000);
    expect(await look()).toBe(true);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
    const { status, stopReason } = await database.enrollment.findUniqueOrThrow({ where: { id: lead.enrollmentId } });
    expect({ status, stopReason }).toEqual({ status: 'stopped', stopReason: 'reply' });
    expect(sink.received).toHaveLength(2);
    expect(await webhooksArrive(2)).toEqual([]);
    expect(await look()).toBe(false);
    later(touch, 3 * 60_000);
    expect(await look()).toBe(true);
    expect(await database.eventSubject.count({ where: { leadId: lead.leadId } })).toBe(2);
  });

  test('a look that fails comes again later and later, from where it was', async () => {
    await begin();
    await alone();
    const began = (await clock.now()).getTime();
    const waits: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      expect(await look('revoked')).toBe(true);
      const { nextLookAt, lastError, cursor } = await watchRow();
      expect({ lastError, cursor }).toEqual({ lastError: 'authentication_failed', cursor: null });
      waits.push(nextLookAt.getTime() - (await clock.now()).getTime());
      expect(await look()).toBe(false);
      clock.set(nextLookAt);
    }
    expect(waits).toEqual([60_000, 120_000, 240_000]);
    expect((await clock.now()).getTime()).toBe(began + 420_000);
    expect(await look()).toBe(true);
    expect(await watchRow()).toMatchObject({ failures: 0, lastError: null });
  });
});

test('the same person at two clients: an event belongs to the one whose carrier it names', async () => {
  await begin();
  const theirs = await prepare();
  await deliver(theirs);
  const [their, theirWorld, theirSink] = [{ ...lead }, world, sink];
  await begin();
  await database.lead.update({ where: { id: lead.leadId }, data: { email: their.email } });
  const mine = await prepare();
  await deliver(mine);
  await departs();
  await world.happen('sent');
  expect(await webhooksArrive()).toEqual(['sent']);
  expect(await touchRow(mine.touchId)).toMatchObject({ status: 'sent' });
  expect(await touchRow(theirs.touchId)).toMatchObject({ status: 'uncertain' });
  await theirWorld.world.close();
  await theirSink.close();
}, 60_000);
