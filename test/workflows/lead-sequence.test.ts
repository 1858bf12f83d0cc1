import { DateTime } from 'luxon';
import { WriterUnavailable, type ReportedEventKind, type ProviderEvent, type SendOutcome } from '../../providers/ports';
import { leadWorkflowId, searchAttributes, sequenceStatusQuery, type SequenceStatus } from '../../workflows/contract';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, createAgency, type Agency } from '../store/fixtures';
import { createNamedLeads } from './named-leads';
import { recordHistory } from './recorded-histories';
import { startVirtualEngine, type VirtualEngine } from './virtual-engine';

// Thirteen leads of one campaign, one virtual run. It begins on Monday, 2 March 2026, at 07:00 in Sydney (UTC+11).
const monday7 = new Date('2026-03-01T20:00:00Z');
const tuesdayNoon = '2026-03-03T01:00:00Z';
const names = [
  'whole',
  'replies',
  'bounces',
  'unsubscribes',
  'away',
  'away-without-date',
  'unknown',
  'busy',
  'refused',
  'crashed',
  'crashed-but-called',
  'unwritten',
  'hopeless',
] as const;
type Name = (typeof names)[number];

let engine: VirtualEngine;
let agency: Agency;
let leads: Record<Name, string>;
let seenOnTuesday: { status: SequenceStatus; attributes: Record<string, unknown> };
let unsubscribed: { status: string; virtualSeconds: number };

beforeAll(async () => {
  engine = await startVirtualEngine(monday7, { onSend: answerOf, onFind: () => 'found', onWrite: writerOf });
  agency = await createAgency(engine.database);
  leads = await createNamedLeads(engine.database, agency, names);
  await engine.startCampaign(agency);
  engine.at('2026-03-02T01:00:00Z', () => happensTo('bounces', 'hardBounce', { touchId: null }));
  engine.at(tuesdayNoon, async (now) => {
    seenOnTuesday = await look('whole');
    await happensTo('away', 'autoReply', { returnDate: '2026-03-10' });
    await happensTo('away-without-date', 'autoReply', { returnDate: null });
    await happensTo('unsubscribes', 'unsubscribe');
    await engine.client.getHandle(leadWorkflowId(leads.unsubscribes)).result();
    const { status } = await engine.client.getHandle(leadWorkflowId(leads.unsubscribes)).describe();
    const virtualSeconds = ((await engine.clock.now()).getTime() - now.getTime()) / 1000;
    unsubscribed = { status: status.name, virtualSeconds };
  });
  engine.at('2026-03-06T01:00:00Z', () => happensTo('replies', 'reply'));
  await engine.runUntil('2026-04-01T00:00:00Z');
  await recordHistory(engine.client, leadWorkflowId(leads.whole), 'leadSequence', 'whole');
  await recordHistory(engine.client, leadWorkflowId(leads.replies), 'leadSequence', 'replied');
  await recordHistory(engine.client, leadWorkflowId(leads.bounces), 'leadSequence', 'bounced');
}, 90_000);
afterAll(() => engine.stop());

function answerOf(request: { lead: string; step: number; attempt: number }): SendOutcome | undefined {
  const { step, attempt } = request;
  const lead = request.lead as Name;
  if (lead === 'unknown' && step === 1) return { kind: 'unknown', error: 'connection_lost' };
  if (lead === 'busy' && step === 1 && attempt === 1) {
    return { kind: 'rejected', retry: 'later', error: 'try_again' };
  }
  if (lead === 'refused' && step === 2) return { kind: 'rejected', retry: 'never', error: 'invalid_recipient' };
  if (lead === 'crashed' && step === 1) throw new Error('the worker was killed');
  if (lead === 'crashed-but-called' && step === 2) throw new Error('the worker was killed');
  return undefined;
}

function writerOf({ lead, data, now }: { lead: string; data: Record<string, unknown>; now: Date }): unknown {
  if (lead === 'unwritten' && now < new Date('2026-03-02T01:30:00Z')) throw new WriterUnavailable('overloaded');
  if (lead === 'hopeless' && (data.touch as { step: number }).step === 1) return { subject: '', body: '' };
  return undefined;
}

/** An event about the lead's latest touch. */
async function happensTo(name: Name, kind: ReportedEventKind, facts: Partial<ProviderEvent> = {}): Promise<void> {
  const occurredAt = await engine.clock.now();
  const touch = engine.requests.findLast((request) => request.lead === name);
  const person = touch === undefined ? null : { email: touch.recipient };
  await engine.receive(eventOf(kind, { occurredAt, touchId: touch?.touchId ?? null, person, ...facts }));
}

async function look(name: Name): Promise<typeof seenOnTuesday> {
  const handle = engine.client.getHandle(leadWorkflowId(leads[name]));
  const { searchAttributes: attributes = {} } = await handle.describe();
  return { status: await handle.query(sequenceStatusQuery), attributes };
}

const inSydney = (at: Date): DateTime => DateTime.fromJSDate(at, { zone: 'Australia/Sydney' });

/** What providers were asked for a lead, by date. */
function asked(name: Name): string[] {
  return engine.requests
    .filter((request) => request.lead === name)
    .map(({ at, step, channel, outcome }) => `${inSydney(at).toFormat('ccc d LLL')} ${step} ${channel} ${outcome}`);
}

async function enrollmentOf(name: Name) {
  const include = { touches: { orderBy: { step: 'asc' } } } as const;
  return engine.database.enrollment.findUniqueOrThrow({ where: { id: leads[name] }, include });
}

/** step: status, and the rule where the touch has one. */
async function touchesOf(name: Name): Promise<string[]> {
  const { touches } = await enrollmentOf(name);
  return touches.map(({ step, status, rule }) => `${step} ${status} ${rule ?? ''}`.trim());
}

const wholeSequence = [
  'Mon 2 Mar 1 email accepted',
  'Thu 5 Mar 2 voice accepted',
  'Mon 9 Mar 3 linkedin accepted',
  'Wed 11 Mar 4 email accepted',
  'Mon 16 Mar 5 sms accepted',
];

test('SEQ-1, SEQ-2: a whole lead gets its five touches on the right dates', async () => {
  expect(asked('whole')).toEqual(wholeSequence);
  const { status, stopReason } = await enrollmentOf('whole');
  expect([status, stopReason]).toEqual(['completed', null]);
  expect(await engine.client.getHandle(leadWorkflowId(leads.whole)).result()).toMatchObject({ status: 'completed' });
});

test('TIME-1, SEQ-8: every touch leaves in the window, one a day', () => {
  expect(engine.requests.length).toBeGreaterThan(45);
  for (const { at } of engine.requests) {
    const local = inSydney(at);
    expect([local.weekday <= 5, local.hour >= 9, local.hour < 11]).toEqual([true, true, true]);
  }
  const days = engine.requests
    .filter((request) => request.outcome !== 'rejected')
    .map((request) => `${request.lead} ${inSydney(request.at).toISODate()}`);
  expect(new Set(days).size).toBe(days.length);
});

test('TRUTH-1: no touch is asked for twice, but for the one that was certainly refused', () => {
  const again = engine.requests.filter((request) => request.attempt > 1);
  expect(again.map((request) => request.lead)).toEqual(['busy']);
});

test('SEQ-3: a reply between steps 2 and 3 ends the sequence', async () => {
  expect(asked('replies')).toEqual(wholeSequence.slice(0, 2));
  expect(await enrollmentOf('replies')).toMatchObject({ status: 'stopped', stopReason: 'reply', stopRule: 'SEQ-3' });
  expect(await touchesOf('replies')).toEqual(['1 sent TRUTH-1', '2 sent TRUTH-1', '3 cancelled SEQ-3']);
});

test('SEQ-4: after a hard bounce e-mails are skipped and the other channels go on', async () => {
  expect(asked('bounces')).toEqual([
    'Mon 2 Mar 1 email accepted',
    'Thu 5 Mar 2 voice accepted',
    'Mon 9 Mar 3 linkedin accepted',
    'Mon 16 Mar 5 sms accepted',
  ]);
  expect((await touchesOf('bounces'))[3]).toBe('4 skipped SEQ-4');
});

test('SEQ-5: an unsubscribe ends the waiting workflow at once, not at its next slot', async () => {
  expect(unsubscribed.status).toBe('COMPLETED');
  expect(unsubscribed.virtualSeconds).toBeLessThan(60);
  expect(asked('unsubscribes')).toEqual(wholeSequence.slice(0, 1));
  const stop = { status: 'stopped', stopReason: 'unsubscribe', stopRule: 'SEQ-5' };
  expect(await enrollmentOf('unsubscribes')).toMatchObject(stop);
});

test('SEQ-3: an automatic reply holds: until a sending day after the return, or for seven days', () => {
  expect(asked('away').slice(1)).toEqual([
    'Wed 11 Mar 2 voice accepted',
    'Fri 13 Mar 3 linkedin accepted',
    'Mon 16 Mar 4 email accepted',
    'Wed 18 Mar 5 sms accepted',
  ]);
  expect(asked('away-without-date')[1]).toBe('Tue 10 Mar 2 voice accepted');
  expect(asked('away-without-date')).toHaveLength(5);
});

test('TRUTH-1: an unknown outcome is uncertain, never sent again, and the sequence goes on', async () => {
  expect(asked('unknown')).toEqual(['Mon 2 Mar 1 email unknown', ...wholeSequence.slice(1)]);
  expect((await touchesOf('unknown'))[0]).toBe('1 uncertain TRUTH-1');
});

test('a touch that was refused for now is planned again and sent once', async () => {
  expect(asked('busy').map((request) => request.split(' ').slice(3).join(' '))).toEqual([
    '1 email rejected',
    '1 email accepted',
    '2 voice accepted',
    '3 linkedin accepted',
    '4 email accepted',
    '5 sms accepted',
  ]);
  expect((await touchesOf('busy'))[0]).toBe('1 sent TRUTH-1');
});

test('a touch that was refused for good is failed and the next step comes', async () => {
  expect(asked('refused')).toEqual([
    'Mon 2 Mar 1 email accepted',
    'Thu 5 Mar 2 voice rejected',
    // Nobody was reached on Thursday, but Day 0 rules.
    ...wholeSequence.slice(2),
  ]);
  expect((await touchesOf('refused'))[1]).toBe('2 failed LIM-6');
});

test('TRUTH-1: an attempt that died after the claim is not repeated; the provider is asked where it can be', async () => {
  expect(asked('crashed')).toEqual(['Mon 2 Mar 1 email crashed', ...wholeSequence.slice(1)]);
  expect((await touchesOf('crashed'))[0]).toBe('1 uncertain TRUTH-1');
  expect(asked('crashed-but-called')[1]).toBe('Thu 5 Mar 2 voice crashed');
  expect(asked('crashed-but-called')).toHaveLength(5);
  expect((await touchesOf('crashed-but-called'))[1]).toBe('2 sent TRUTH-1');
});

test('TIME-7, TEXT-2: without a writer nothing is sent, and the lead goes on later', async () => {
  // The writer came back on Monday at 12:30, after the window.
  expect(asked('unwritten').slice(0, 2)).toEqual(['Tue 3 Mar 1 email accepted', 'Fri 6 Mar 2 voice accepted']);
  expect(asked('unwritten')).toHaveLength(5);
  const texts = await engine.database.touchText.count();
  const touches = await engine.database.touch.count({ where: { status: { in: ['sent', 'uncertain', 'failed'] } } });
  expect(texts).toBeGreaterThanOrEqual(touches);
  for (const { text, channel } of engine.requests) if (channel !== 'voice') expect(text).toContain('Acme');
});

test('TEXT-2: a step for which no text passes is skipped with an alert, and the others go on', async () => {
  expect(await touchesOf('hopeless')).toEqual([
    '1 skipped TEXT-2',
    ...[2, 3, 4, 5].map((step) => `${step} sent TRUTH-1`),
  ]);
  // A client with so few leads is behind its month, too (PACE-3).
  const where = { clientId: agency.clientId, kind: { not: 'pacing' } };
  const alerts = await engine.database.alert.findMany({ where });
  expect(alerts.map((alert) => alert.kind)).toEqual(['content']);
});

test('the query and the search attributes show where a lead is', async () => {
  expect(seenOnTuesday.status).toMatchObject({ state: 'waiting', step: 2, channel: 'voice', deliveries: 1 });
  expect(seenOnTuesday.status.waitingFor).toMatch(/^step 2 voice · Thu 5 Mar (09|10):\d\d Sydney$/);
  const { clientId, campaignId } = agency;
  expect(seenOnTuesday.attributes).toEqual({
    [searchAttributes.clientId]: [clientId],
    [searchAttributes.campaignId]: [campaignId],
    [searchAttributes.status]: ['active'],
    [searchAttributes.step]: ['2'],
    [searchAttributes.channel]: ['voice'],
  });
  const { status, attributes } = await look('replies');
  expect(status).toMatchObject({ state: 'finished', lastSignal: 'leadReplied', waitingFor: null });
  expect(attributes[searchAttributes.status]).toEqual(['stopped']);
});

test('LIM-6: counters and holds agree at the end, and nothing stays booked', async () => {
  const { counters, holds } = await countersAndHolds(engine.database);
  expect(counters).toEqual(holds);
  expect(await engine.database.capacityHold.count({ where: { state: 'booked' } })).toBe(0);
});
