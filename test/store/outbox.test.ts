import { randomUUID } from 'node:crypto';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { dispatch, type DeliverMessage } from '../../store/outbox/dispatch';
import {
  attemptsAtMost,
  attemptsBeforeAlert,
  oweSignal,
  oweWakeUps,
  type LeasedMessage,
} from '../../store/outbox/outbox';
import { manualClock, type ManualClock } from '../activities/engine-by-hand';
import { createTestDatabase } from '../support/database';
import { createAgency, createLeads, monday } from './fixtures';

let database: Database;
let url: string;
let drop: () => Promise<void>;
let clock: ManualClock;
let delivered: LeasedMessage[];

beforeAll(async () => {
  ({ database, url, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(async () => {
  await database.outbox.deleteMany();
  await database.alert.deleteMany();
  clock = manualClock(monday);
  delivered = [];
});

const deliver: DeliverMessage = (message) => {
  delivered.push(message);
  return Promise.resolve();
};
const fail: DeliverMessage = () => Promise.reject(new Error('Temporal is away'));
const due = (send: DeliverMessage = deliver, on = database) => dispatch(on, clock, send, { kind: 'due' });

/** Owes signals to leads of a new client. @returns the messages' ids */
async function owed(count: number): Promise<string[]> {
  const agency = await createAgency(database);
  const ids: string[] = [];
  for (const enrollmentId of await createLeads(database, agency, count)) {
    ids.push(await oweSignal(database.sql, { clientId: agency.clientId, enrollmentId }, 'leadReplied', monday));
  }
  return ids;
}

test('two processes at once deliver each message once', async () => {
  const ids = await owed(60);
  const other = openDatabase(url, 4);
  const slowly: DeliverMessage = async (message) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    delivered.push(message);
  };
  for (let round = 0; round < 4; round += 1) await Promise.all([due(slowly), due(slowly, other)]);
  await closeDatabase(other);
  expect(delivered.map((message) => message.id).sort()).toEqual([...ids].sort());
});

test('what fails is tried again after growing intervals', async () => {
  await owed(1);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    expect(await due(fail)).toEqual({ delivered: 0, failed: 1 });
    const [row] = await database.outbox.findMany();
    waits.push(((row?.nextAttemptAt.getTime() ?? 0) - (await clock.now()).getTime()) / 1000);
    expect(await due(fail)).toEqual({ delivered: 0, failed: 0 });
    clock.set(row?.nextAttemptAt ?? 0);
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
  expect(await due()).toEqual({ delivered: 1, failed: 0 });
  expect(await database.outbox.findMany()).toMatchObject([
    { attempts: 12, lastError: 'Temporal is away', deliveredAt: expect.any(Date) as Date, leasedUntil: null },
  ]);
});

test('what has been tried for hours is an alert, and is tried again', async () => {
  const [id] = await owed(1);
  await database.outbox.updateMany({ data: { attempts: attemptsBeforeAlert - 1 } });
  expect(await due(fail)).toEqual({ delivered: 0, failed: 1 });
  const [alert] = await database.alert.findMany();
  expect(alert?.message).toMatch(/50 attempts: .*\. The attempts go on\.$/);
  clock.set(monday.getTime() + 86_400_000);
  expect(await due()).toEqual({ delivered: 1, failed: 0 });
  expect(await database.outbox.findMany({ where: { id } })).toMatchObject([{ gaveUpAt: null }]);
});

test('what has been tried too often is given up with an alert', async () => {
  const [id] = await owed(1);
  await database.outbox.updateMany({ data: { attempts: attemptsAtMost - 1 } });
  expect(await due(fail)).toEqual({ delivered: 0, failed: 1 });
  clock.set(monday.getTime() + 86_400_000);
  expect(await due()).toEqual({ delivered: 0, failed: 0 });
  const [row] = await database.outbox.findMany({ where: { id } });
  expect(row).toMatchObject({ gaveUpAt: monday, deliveredAt: null });
  expect(await database.alert.findMany()).toMatchObject([{ kind: 'outbox', resourceId: row?.subjectId }]);
});

test('a message whose process died is delivered by another one when its lease has ended', async () => {
  await owed(1);
  const never: DeliverMessage = () => new Promise(() => undefined);
  void due(never);
  while ((await database.outbox.count({ where: { leasedUntil: { not: null } } })) === 0);
  expect(await due()).toEqual({ delivered: 0, failed: 0 });
  clock.set(monday.getTime() + 31_000);
  expect(await due()).toEqual({ delivered: 1, failed: 0 });
});

test('nobody stands behind the thousands of another tenant', async () => {
  const big = await createAgency(database);
  await createLeads(database, big, 1_500);
  await oweWakeUps(database.sql, big.campaignId, monday);
  const [small] = await owed(1);
  await due();
  expect(delivered.map((message) => message.id)).toContain(small);
  expect(delivered.length).toBeLessThan(200);
});

test('a stop delivers its own signals alone, before what has been owed for longer', async () => {
  await owed(300);
  const mine = await owed(1);
  expect(await dispatch(database, clock, deliver, { kind: 'ids', ids: mine })).toEqual({ delivered: 1, failed: 0 });
  expect(delivered.map((message) => message.id)).toEqual(mine);
});

test('a lead that is owed a wake-up already gets no second one, unless the first is on its way', async () => {
  const agency = await createAgency(database);
  await createLeads(database, agency, 3);
  await oweWakeUps(database.sql, agency.campaignId, monday);
  await oweWakeUps(database.sql, agency.campaignId, monday);
  expect(await database.outbox.count()).toBe(3);
  await database.outbox.updateMany({ data: { leasedUntil: new Date(monday.getTime() + 1_000) } });
  await oweWakeUps(database.sql, agency.campaignId, monday);
  expect(await database.outbox.count()).toBe(6);
});

test('an unknown id delivers nothing', async () => {
  expect(await dispatch(database, clock, deliver, { kind: 'ids', ids: [randomUUID()] })).toEqual({
    delivered: 0,
    failed: 0,
  });
});
