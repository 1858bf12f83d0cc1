import { recordEvent } from '../../store/events/record-event';
import { ensureMaintenance } from '../../temporal/outbox-delivery';
import { maintenanceWorkflowId } from '../../workflows/contract';
import { eventOf } from '../events/provider-events';
import { createAgency, secretKey, type Agency } from '../store/fixtures';
import { sendMails } from '../store/sent-mails';
import { recordHistory } from './recorded-histories';
import { startVirtualEngine, type VirtualEngine } from './virtual-engine';

// One virtual day. It begins on Monday, 2 March 2026, at 07:00 in Sydney (UTC+11).
const start = new Date('2026-03-01T20:00:00Z');
const bounce = new Date('2026-03-02T03:20:00Z');

let engine: VirtualEngine;
let agency: Agency;
let halvedAt: Date | null;
let looksBefore: number;
let looksAfter: number;

const domain = () => engine.database.sendingDomain.findUniqueOrThrow({ where: { id: agency.domainId } });

/** How often the maintenance has looked so far. */
async function looks(): Promise<number> {
  const { events = [] } = await engine.client.getHandle(maintenanceWorkflowId).fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length;
}

beforeAll(async () => {
  engine = await startVirtualEngine(start);
  agency = await createAgency(engine.database);
  const mails = await sendMails(engine.database, agency, 20, start);
  // Every worker sees to it; a second one finds it running.
  await ensureMaintenance(engine.client);
  await ensureMaintenance(engine.client);
  engine.at(bounce.toISOString(), async (now) => {
    looksBefore = await looks();
    for (const { touchId } of mails.slice(0, 2)) {
      await recordEvent(engine.database, eventOf('hardBounce', { occurredAt: now, touchId }), secretKey, now);
    }
    halvedAt = (await domain()).halvedSince;
    await engine.deliverOwed();
  });
  engine.at(new Date(bounce.getTime() + 60_000).toISOString(), async () => void (looksAfter = await looks()));
  await engine.runUntil('2026-03-02T20:30:00Z');
  await recordHistory(engine.client, maintenanceWorkflowId, 'maintenance', 'a-day');
}, 90_000);
afterAll(() => engine.stop());

test('HLTH-3: it looks every hour', async () => {
  // At 20:00 and at every full hour after it; once more when it was told to.
  expect(await looks()).toBe(26);
});

test('HLTH-3: a halving is in force with the bounce, and the maintenance is told at once', () => {
  expect(halvedAt).not.toBeNull();
  expect(looksAfter).toBe(looksBefore + 1);
});

test('whoever asks when it has ended starts it again', async () => {
  await engine.client.getHandle(maintenanceWorkflowId).terminate();
  await ensureMaintenance(engine.client);
  const { status } = await engine.client.getHandle(maintenanceWorkflowId).describe();
  expect(status.name).toBe('RUNNING');
});
