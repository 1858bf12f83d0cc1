import { randomUUID } from 'node:crypto';
import type { ProviderEvent } from '../../providers/ports';
import { transact, type Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { eraseLead } from '../../store/leads/lead-control';
import { isProvenSent } from '../../store/touches/in-flight';
import { engineByHand, oneLead } from '../activities/engine-by-hand';
import { secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { somebodyWaits } from '../support/locks';
import { eventOf } from './provider-events';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const now = new Date('2026-03-04T03:00:00Z');
const receive = (event: ProviderEvent) => recordEvent(database, event, secretKey, now);
const eventRow = (providerEventId: string) =>
  database.inboundEvent.findFirstOrThrow({ where: { providerEventId }, include: { subjects: true } });

/** Two clients' leads with one address, and an event that names the address alone. */
async function eventAboutTwo(): Promise<{ event: ProviderEvent; leads: { clientId: string; leadId: string }[] }> {
  const email = `${randomUUID()}@acme.example`;
  const leads: { clientId: string; leadId: string }[] = [];
  for (const { agency, leadId } of [await oneLead(database), await oneLead(database)]) {
    await database.lead.update({ where: { id: leadId }, data: { email } });
    leads.push({ clientId: agency.clientId, leadId });
  }
  const event = eventOf('reply', {
    occurredAt: now,
    person: { email },
    payload: { from: email, text: 'Who are you?' },
  });
  await receive(event);
  return { event, leads };
}

describe('every subject of an event is linked to it', () => {
  test('also those of a second client', async () => {
    const { event, leads } = await eventAboutTwo();
    const { subjects } = await eventRow(event.providerEventId);
    const linked = subjects.map(({ clientId, leadId, touchId }) => ({ clientId, leadId, touchId }));
    const byLead = (a: { leadId: string }, b: { leadId: string }): number => (a.leadId < b.leadId ? -1 : 1);
    expect(linked.sort(byLead)).toEqual(leads.map((lead) => ({ ...lead, touchId: null })).sort(byLead));
  });

  test('what arrives after the erasure is blanked too', async () => {
    const engine = engineByHand(database);
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const { touchId } = await engine.prepare(enrollmentId);
    await eraseLead(database, secretKey, { clientId: agency.clientId, leadId }, now);
    const late = eventOf('opened', { occurredAt: now, touchId, payload: { to: 'jane@acme.example' } });
    await receive(late);
    const row = await eventRow(late.providerEventId);
    expect([row.payload, row.subjects.map(({ leadId }) => leadId)]).toEqual([{}, [leadId]]);
  });

  test.each([
    ['first', 0],
    ['second', 1],
  ])('erasing the lead of the %s client blanks what the event says', async (_, index) => {
    const { event, leads } = await eventAboutTwo();
    const erased = leads[index];
    if (erased === undefined) throw new Error('no such lead');
    await eraseLead(database, secretKey, erased, now);
    expect((await eventRow(event.providerEventId)).payload).toEqual({});
  });

  test('an event about somebody else keeps what it says', async () => {
    const { event } = await eventAboutTwo();
    const other = await oneLead(database);
    await eraseLead(database, secretKey, { clientId: other.agency.clientId, leadId: other.leadId }, now);
    expect(JSON.stringify((await eventRow(event.providerEventId)).payload)).toContain('Who are you?');
  });
});

describe('TRUTH-1: what proves a sending has one answer, whenever the event arrives', () => {
  const cases = [
    ['a call that rings', { kind: 'unknown', provesSending: true }, true],
    ['an event that nobody understands', { kind: 'unknown' }, false],
    ['a receipt', { kind: 'delivered' }, true],
    ['a failure', { kind: 'sendFailed', provesSending: true }, false],
  ] as const;

  test.each(cases)('%s about an uncertain touch', async (_, { kind, ...said }, proves) => {
    const engine = engineByHand(database, { onSend: () => ({ kind: 'unknown', error: 'connection_lost' }) });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    await engine.deliver(enrollmentId, touch);
    const row = () => database.touch.findUniqueOrThrow({ where: { id: touch.touchId } });
    expect(await row()).toMatchObject({ status: 'uncertain' });
    const event = eventOf(kind, { occurredAt: now, touchId: touch.touchId, ...said });
    await receive(event);
    expect(await eventRow(event.providerEventId)).toMatchObject({ provesSending: proves });
    expect(await isProvenSent(database.sql, touch.touchId)).toBe(proves);
    expect(await row()).toMatchObject({ status: proves ? 'sent' : 'uncertain' });
    const told = await database.timelineEntry.findMany({ where: { touchId: touch.touchId, what: 'sent' } });
    expect(told.map((entry) => entry.rule)).toEqual(proves ? ['TRUTH-1'] : []);
  });

  test.each(cases)('%s while the touch is being sent, whose answer is lost then', async (_, said, proves) => {
    const { kind, ...facts } = said;
    const { enrollmentId } = await oneLead(database);
    const row = (id: string) => database.touch.findUniqueOrThrow({ where: { id } });
    const engine = engineByHand(database, {
      onSend: async ({ touchId }) => {
        await receive(eventOf(kind, { occurredAt: now, touchId, ...facts }));
        expect(await row(touchId)).toMatchObject({ status: 'sending' });
        expect(await isProvenSent(database.sql, touchId)).toBe(proves);
        return { kind: 'unknown', error: 'connection_lost' };
      },
    });
    const touch = await engine.prepare(enrollmentId);
    await engine.deliver(enrollmentId, touch);
    expect(await row(touch.touchId)).toMatchObject({ status: proves ? 'sent' : 'uncertain' });
    expect.assertions(3);
  });

  test('an event that arrives while the attempt writes down that nobody knows', async () => {
    const crash = new Error('the worker died');
    const engine = engineByHand(database, {
      onSend: () => {
        throw crash;
      },
    });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    const { touchId } = touch;
    await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow(crash);
    let received: Promise<unknown> = Promise.resolve();
    await transact(database, async (sql) => {
      await sql`SELECT 1 FROM enrollment WHERE id = ${enrollmentId}::uuid FOR NO KEY UPDATE`;
      received = receive(eventOf('delivered', { occurredAt: now, touchId }));
      await somebodyWaits(database);
      await sql`
        UPDATE touch SET status = 'uncertain', sent_at = claimed_at, sent_on = claimed_at::date WHERE id = ${touchId}::uuid`;
    });
    await received;
    expect(await database.touch.findUniqueOrThrow({ where: { id: touchId } })).toMatchObject({ status: 'sent' });
  });
});
