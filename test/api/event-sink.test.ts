import { setTimeout as delay } from 'node:timers/promises';
import { createEventSink } from '../../api/event-sink';
import { engineByHand, oneLead } from '../activities/engine-by-hand';
import { eventOf } from '../events/provider-events';
import { secretKey } from '../store/fixtures';
import { createTestDatabase, type TestDatabase } from '../support/database';

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

test('TRUTH-2: a stop is answered only when a touch that overlaps with it has left', async () => {
  const { database } = testDatabase;
  const order: string[] = [];
  let providerAnswers = (): void => undefined;
  const onSend = (): Promise<undefined> =>
    new Promise((resolve) => {
      order.push('provider asked');
      providerAnswers = () => resolve(undefined);
    });
  const engine = engineByHand(database, { onSend });
  const { enrollmentId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  const delivery = engine.deliver(enrollmentId, touch);
  while (order.length === 0) await delay(5);

  const sink = createEventSink({ database, clock: engine.clock, secretKey });
  const answered = sink
    .recordEvents([eventOf('reply', { touchId: touch.touchId, occurredAt: new Date(touch.wakeAt) })])
    .then(() => order.push('answered'));
  while ((await database.enrollment.count({ where: { id: enrollmentId, status: 'stopped' } })) === 0) await delay(5);
  await delay(150);
  order.push('provider answers');
  providerAnswers();
  await Promise.all([answered, delivery]);
  expect(order).toEqual(['provider asked', 'provider answers', 'answered']);
});
