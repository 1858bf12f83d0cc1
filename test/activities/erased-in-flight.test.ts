import type { Database } from '../../store/database';
import { eraseLead } from '../../store/leads/lead-control';
import { claimForSending } from '../../store/touches/claims';
import { countersAndHolds, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { claimingAt, endLeases, engineByHand, oneLead } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

test.each([1, 2, 3])('an erasure between claim and first byte: nothing leaves, step %i', async (step) => {
  let meanwhile = (): Promise<unknown> => Promise.resolve();
  const engine = engineByHand(database, { beforeLeaving: () => meanwhile().then(() => undefined) });
  const { agency, enrollmentId, leadId } = await oneLead(database);
  let touch = await engine.prepare(enrollmentId);
  while (touch.step < step) {
    const next = await engine.deliver(enrollmentId, touch);
    if (next.kind !== 'deliver') throw new Error(next.kind);
    touch = next;
  }
  engine.clock.set(touch.wakeAt);
  const sent = engine.requests.length;
  const now = await engine.clock.now();
  meanwhile = () => eraseLead(database, secretKey, { clientId: agency.clientId, leadId }, now);
  expect(await engine.deliverNow(enrollmentId, touch)).toMatchObject({ kind: 'finish', status: 'stopped' });
  expect(engine.requests).toHaveLength(sent);
  const row = await database.touch.findUniqueOrThrow({ where: { id: touch.touchId }, include: { holds: true } });
  expect(row).toMatchObject({ status: 'cancelled', rule: 'CTL-3', holds: [] });
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

test('TRUTH-1: an e-mail whose attempt died and whose lead was erased meanwhile is written down, not tried for ever', async () => {
  const engine = engineByHand(database);
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  engine.clock.set(touch.wakeAt);
  const now = await engine.clock.now();
  await claimForSending(database, { enrollmentId, touchId: touch.touchId }, secretKey, claimingAt(now));
  await database.touch.update({ where: { id: touch.touchId }, data: { handedOverAt: now } });
  await endLeases(database);
  await eraseLead(database, secretKey, { clientId: agency.clientId, leadId }, now);
  expect(await engine.deliverNow(enrollmentId, touch)).toMatchObject({ kind: 'finish', status: 'stopped' });
  expect((await database.touch.findUniqueOrThrow({ where: { id: touch.touchId } })).status).toBe('uncertain');
});
