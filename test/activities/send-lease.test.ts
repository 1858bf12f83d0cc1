import { setTimeout as delay } from 'node:timers/promises';
import { sendTimes } from '../../domain/send-times';
import { moveCampaign } from '../../store/campaigns/campaigns';
import { transact, type Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { lockEnrollment } from '../../store/touches/outcomes';
import { eventOf } from '../events/provider-events';
import { campaignOf, countersAndHolds, createAgency, createLeads, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { somebodyWaits } from '../support/locks';
import type { Behaviour } from '../workflows/recording-providers';
import {
  endLeases,
  engineByHand,
  expectDelivery,
  oneLead,
  type EngineByHand,
  type PlannedDelivery,
} from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;
let behaviour: Behaviour;
let engine: EngineByHand;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

beforeEach(async () => {
  await database.capacityHold.deleteMany({ where: { period: 'now' } });
  behaviour = {};
  engine = withTimes(sendTimes);
});

afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

function withTimes(times: typeof sendTimes): EngineByHand {
  return engineByHand(
    database,
    {
      beforeLeaving: (request) => behaviour.beforeLeaving?.(request),
      onSend: (request) => behaviour.onSend?.(request),
      onFind: (request) => behaviour.onFind?.(request),
    },
    undefined,
    times,
  );
}

const touchRow = (touchId: string) => database.touch.findUniqueOrThrow({ where: { id: touchId } });
const toldOf = async (touchId: string, what: string) =>
  (await database.timelineEntry.findMany({ where: { touchId, what }, orderBy: { id: 'asc' } })).map(
    ({ reason, rule }) => `${rule} ${reason}`,
  );
const dies = (): never => {
  throw new Error('the worker was killed');
};
const killed = 'the worker was killed';

/** A provider that is asked while the test decides when it answers. */
function heldBack() {
  let answer = (): void => undefined;
  const asked = new Promise<void>((isAsked) => {
    behaviour.onSend = () =>
      new Promise((resolve) => {
        answer = () => resolve(undefined);
        isAsked();
      });
  });
  return { asked, answer: () => answer() };
}

describe('TRUTH-2: between the claim and the first byte', () => {
  type Lead = Awaited<ReturnType<typeof oneLead>> & { email: string; now: Date };
  const bySomebody = (kind: 'unsubscribe' | 'reply' | 'hardBounce', touchId?: string) => (lead: Lead) =>
    recordEvent(
      database,
      eventOf(kind, { occurredAt: lead.now, person: { email: lead.email }, ...(touchId ? { touchId } : {}) }),
      secretKey,
      lead.now,
    );
  test.each<[string, (lead: Lead) => Promise<unknown>, string]>([
    ['an opt-out', bySomebody('unsubscribe'), 'cancelled'],
    ['a reply', bySomebody('reply'), 'cancelled'],
    [
      'an automatic reply',
      (lead) =>
        recordEvent(
          database,
          eventOf('autoReply', { occurredAt: lead.now, person: { email: lead.email }, returnDate: null }),
          secretKey,
          lead.now,
        ),
      'planned',
    ],
    [
      'a pause of the campaign',
      ({ agency, now }) => moveCampaign(database, campaignOf(agency), 'pause', now),
      'planned',
    ],
  ])('%s comes first, and nothing leaves', async (_, happens, status) => {
    const lead = await oneLead(database);
    const { email } = await database.lead.findUniqueOrThrow({ where: { id: lead.leadId } });
    const touch = await engine.prepare(lead.enrollmentId);
    behaviour.beforeLeaving = async () => void (await happens({ ...lead, email, now: new Date(touch.wakeAt) }));
    await engine.deliver(lead.enrollmentId, touch);
    expect(engine.requests).toEqual([]);
    expect(await touchRow(touch.touchId)).toMatchObject({ status, handedOverAt: null, leaseUntil: null, refusals: 0 });
  });

  test('a bounce of the address takes the mail back that is claimed, and skips it', async () => {
    const lead = await oneLead(database);
    const touch = await engine.prepare(lead.enrollmentId);
    const now = new Date(touch.wakeAt);
    behaviour.beforeLeaving = async () =>
      void (await recordEvent(
        database,
        eventOf('hardBounce', { touchId: touch.touchId, occurredAt: now }),
        secretKey,
        now,
      ));
    expect(await engine.deliver(lead.enrollmentId, touch)).toMatchObject({ step: 2 });
    expect(engine.requests).toEqual([]);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'skipped', rule: 'SEQ-4' });
  });

  test('TIME-7: the minute after the slot ends, and nothing leaves; it is planned again', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    behaviour.beforeLeaving = () => engine.clock.set(touch.wakeAt + 60_000);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect([engine.requests, again.touchId]).toEqual([[], touch.touchId]);
    expect(again.wakeAt).toBeGreaterThan(touch.wakeAt + 60_000);
    expect(await toldOf(touch.touchId, 'delayed')).toEqual(['TIME-7 too late when it was about to leave']);
  });

  test('TIME-7: the window ends, and nothing leaves at 11:00', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    // 10:59:15 in Sydney: the gate lets it through.
    const slotAt = new Date('2026-03-02T23:59:15Z');
    await database.touch.update({ where: { id: touch.touchId }, data: { slotAt } });
    engine.clock.set(slotAt);
    behaviour.beforeLeaving = () => engine.clock.set(new Date('2026-03-02T23:59:30Z'));
    expectDelivery(await engine.deliverNow(enrollmentId, touch));
    expect(engine.requests).toEqual([]);
  });

  test('TIME-7: a claim that waited for a lock decides by the time that it is then', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    engine.clock.set(touch.wakeAt);
    let delivery: Promise<unknown> = Promise.resolve();
    await transact(database, async (sql) => {
      await lockEnrollment(sql, enrollmentId);
      delivery = engine.deliverNow(enrollmentId, touch);
      await somebodyWaits(database);
      engine.clock.set(touch.wakeAt + 60_000);
    });
    expect(await delivery).toMatchObject({ touchId: touch.touchId });
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'planned', fence: 0 });
    expect(await toldOf(touch.touchId, 'delayed')).toEqual(['TIME-7 its slot was missed']);
  });

  test('a process that was frozen for longer than its lease sends nothing when it wakes', async () => {
    engine = withTimes({ ...sendTimes, untilMarkMs: 100 });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    behaviour.beforeLeaving = () => delay(200);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(engine.requests).toEqual([]);
    expect(await toldOf(touch.touchId, 'delayed')).toEqual(['TIME-7 its attempt took too long']);
    engine = withTimes(sendTimes);
    behaviour = {};
    await engine.deliver(enrollmentId, again);
    expect(engine.requests).toHaveLength(1);
  });

  test('a process that was frozen while it was marked sends nothing, and the touch is not uncertain', async () => {
    engine = withTimes({ ...sendTimes, markMs: 0 });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ touchId: touch.touchId });
    expect(engine.requests).toEqual([]);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'planned', handedOverAt: null });
  });

  test('another attempt has taken the touch back meanwhile: the one that wakes sends nothing and writes nothing', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    let again: PlannedDelivery | null = null;
    behaviour.beforeLeaving = async () => {
      delete behaviour.beforeLeaving;
      await endLeases(database);
      again = expectDelivery(await engine.deliverNow(enrollmentId, touch));
    };
    expect(await engine.deliver(enrollmentId, touch)).toEqual(again);
    expect(engine.requests).toEqual([]);
    expect(await toldOf(touch.touchId, 'delayed')).toEqual(['TRUTH-1 its attempt ended before it left']);
  });

  test('what the request was made from has changed since it was read: it is made anew', async () => {
    const { enrollmentId, leadId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    engine.clock.set(touch.wakeAt);
    // The clock is read once between the reading and the claim.
    const { now } = engine.clock;
    engine.clock.now = async () => {
      engine.clock.now = now;
      await database.lead.update({ where: { id: leadId }, data: { email: 'new.address@acme.example' } });
      return now();
    };
    await engine.deliverNow(enrollmentId, touch);
    expect(engine.requests.map(({ recipient }) => recipient)).toEqual(['new.address@acme.example']);
  });
});

describe('TRUTH-1: an attempt that is not heard of again', () => {
  test('before its first byte: certainly not sent; capacity is given back and it is planned again', async () => {
    engine = withTimes({ ...sendTimes, untilMarkMs: 1_000 });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    behaviour.beforeLeaving = dies;
    await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow(killed);
    behaviour = {};
    const from = performance.now();
    const again = expectDelivery(await engine.deliverNow(enrollmentId, touch));
    // As long as the lease runs somebody may be at work.
    expect(performance.now() - from).toBeGreaterThan(500);
    expect([again.touchId, engine.requests]).toEqual([touch.touchId, []]);
    expect(await database.capacityHold.count({ where: { touchId: touch.touchId, state: 'consumed' } })).toBe(0);
    await engine.deliver(enrollmentId, again);
    expect(engine.requests).toHaveLength(1);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', fence: 2 });
  });

  test('after it: uncertain, but not before its provider’s time is over', async () => {
    engine = withTimes({ ...sendTimes, markMs: 1_000, answerMs: 500 });
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    behaviour.onSend = dies;
    await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow(killed);
    const from = performance.now();
    await engine.deliverNow(enrollmentId, touch);
    expect(performance.now() - from).toBeGreaterThan(700);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'uncertain' });
  });

  test('one that is alive is waited for: it says itself what became of the touch', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    const provider = heldBack();
    const first = engine.deliver(enrollmentId, touch);
    await provider.asked;
    const second = engine.deliverNow(enrollmentId, touch);
    await delay(600);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sending' });
    provider.answer();
    await Promise.all([first, second]);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', reason: 'accepted by the provider' });
    expect(engine.requests).toHaveLength(1);
  });

  test('an answer in hand outlives a database that is away for a moment', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    const { pool } = database;
    const connect = pool.connect.bind(pool);
    let refusals = 0;
    behaviour.onSend = () => {
      Object.assign(pool, {
        connect: () => {
          refusals += 1;
          if (refusals === 2) Object.assign(pool, { connect });
          return Promise.reject(new Error('connection refused'));
        },
      });
      return undefined;
    };
    await engine.deliver(enrollmentId, touch);
    expect(refusals).toBe(2);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
  });

  test.each([
    ['found', 'sent', 'found at the provider'],
    ['absent', 'uncertain', 'outcome unknown: timed_out'],
    ['unknown', 'uncertain', 'outcome unknown: timed_out'],
  ] as const)('no answer: it is looked for at once; %s: %s', async (found, status, reason) => {
    const { enrollmentId } = await oneLead(database);
    let touch = await engine.prepare(enrollmentId);
    touch = expectDelivery(await engine.deliver(enrollmentId, touch));
    behaviour = { onSend: () => ({ kind: 'unknown', error: 'timed_out' }), onFind: () => found };
    await engine.deliver(enrollmentId, touch);
    expect(await touchRow(touch.touchId)).toMatchObject({ channel: 'voice', status, reason });
  });
});

describe('TIME-6: what reaches a provider is two minutes apart', () => {
  /** Two mails of one mailbox, the second so many seconds after the first. */
  async function pair(seconds: number) {
    const agency = await createAgency(database);
    const [one = '', two = ''] = await createLeads(database, agency, 2);
    const [a, b] = [await engine.prepare(one), await engine.prepare(two)];
    const first = new Date('2026-03-02T22:30:00Z').getTime();
    const second = first + seconds * 1000;
    await database.touch.update({ where: { id: a.touchId }, data: { slotAt: new Date(first) } });
    await database.touch.update({ where: { id: b.touchId }, data: { slotAt: new Date(second) } });
    const [here, there] = [engine, withTimes(sendTimes)];
    here.clock.set(first);
    there.clock.set(second);
    return {
      sendFirst: () => here.deliverNow(one, a),
      sendSecond: () => there.deliverNow(two, b),
      answeredAfter: (late: number) => here.clock.set(first + late * 1000),
      second: b,
      requests: () => there.requests.length,
    };
  }

  test('a provider that answered late moves the next one', async () => {
    const { sendFirst, sendSecond, answeredAfter, requests, second } = await pair(135);
    behaviour.onSend = ({ attempt }) => void (attempt === 1 && answeredAfter(16));
    await sendFirst();
    expect(await sendSecond()).toMatchObject({ touchId: second.touchId });
    expect(requests()).toBe(0);
    expect(await toldOf(second.touchId, 'delayed')).toEqual(['TIME-6 too close to the last touch of this sender']);
  });

  test('one that has not answered yet may have it at its bound’s end', async () => {
    const { sendFirst, sendSecond, requests } = await pair(140);
    const provider = heldBack();
    const first = sendFirst();
    await provider.asked;
    await sendSecond();
    provider.answer();
    await first;
    expect(requests()).toBe(0);
  });

  test('one that answered in time moves nothing', async () => {
    const { sendFirst, sendSecond, answeredAfter, requests } = await pair(135);
    behaviour.onSend = ({ at }) =>
      void (at.getTime() === new Date('2026-03-02T22:30:00Z').getTime() && answeredAfter(14));
    await sendFirst();
    await sendSecond();
    expect(requests()).toBe(1);
  });

  test('LIM: a line is held for as long as a call can be, counted from the provider’s answer', async () => {
    const { enrollmentId } = await oneLead(database);
    const mail = await engine.prepare(enrollmentId);
    const call = expectDelivery(await engine.deliver(enrollmentId, mail));
    behaviour.onSend = () => void engine.clock.set(call.wakeAt + 12_000);
    await engine.deliver(enrollmentId, call);
    const line = await database.capacityHold.findFirstOrThrow({ where: { touchId: call.touchId, period: 'now' } });
    expect(line.endsAt).toEqual(new Date(call.wakeAt + 12_000 + 150_000));
  });
});

test('TIME-7, TIME-6: 36 touches that an outage has made late are planned again: none leaves at once, and none together', async () => {
  const agency = await createAgency(database, { mailboxes: 3 });
  const enrollments = await createLeads(database, agency, 36);
  const touches: PlannedDelivery[] = [];
  for (const id of enrollments) touches.push(await engine.prepare(id));
  // Every slot is between 09:00 and 10:59; the worker comes back 14 minutes after the last of the first hour's.
  const due = touches.map((touch, index) => ({ touch, enrollmentId: enrollments[index] ?? '' }));
  const back = new Date('2026-03-02T23:00:00Z').getTime();
  const late = due.filter(({ touch }) => touch.wakeAt < back - 60_000);
  expect(late.length).toBeGreaterThan(8);
  engine.clock.set(back);
  const again = [];
  for (const { touch, enrollmentId } of late) {
    again.push({ enrollmentId, touch: expectDelivery(await engine.deliverNow(enrollmentId, touch)) });
  }
  expect(engine.requests).toEqual([]);
  const onTime = due.filter((each) => !late.includes(each));
  for (const { touch, enrollmentId } of [...onTime, ...again].sort((a, b) => a.touch.wakeAt - b.touch.wakeAt)) {
    await engine.deliver(enrollmentId, touch);
  }
  expect(engine.requests).toHaveLength(36);
  for (const mailbox of new Set(engine.requests.map(({ resource }) => resource))) {
    const own = engine.requests.filter(({ resource }) => resource === mailbox).map(({ at }) => at.getTime());
    const gaps = own.slice(1).map((at, index) => at - (own[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120_000);
  }
}, 60_000);

test('LIM-6: a provider that refuses connections for two whole mornings loses no touch', async () => {
  const agency = await createAgency(database, { mailboxes: 2 });
  const enrollments = await createLeads(database, agency, 8);
  const back = new Date('2026-03-04T06:00:00Z').getTime();
  behaviour.onSend = ({ at }) =>
    at.getTime() < back ? { kind: 'rejected', retry: 'later', error: 'connection_refused' } : undefined;
  const next = new Map<string, PlannedDelivery>();
  for (const id of enrollments) next.set(id, await engine.prepare(id));
  const refused = new Map<string, number>();
  for (;;) {
    const [id, touch] = [...next].reduce((a, b) => (a[1].wakeAt <= b[1].wakeAt ? a : b));
    if (touch.wakeAt >= back) break;
    next.set(id, expectDelivery(await engine.deliver(id, touch)));
    refused.set(id, (refused.get(id) ?? 0) + 1);
  }
  // Some of them were refused more often than a touch may be.
  expect(Math.max(...refused.values())).toBeGreaterThan(5);
  for (const [id, touch] of [...next].sort((a, b) => a[1].wakeAt - b[1].wakeAt)) {
    expect(touch.step).toBe(1);
    await engine.deliver(id, touch);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', refusals: 0 });
  }
}, 60_000);
