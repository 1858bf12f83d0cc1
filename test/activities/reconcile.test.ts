import { reconcileUncertain } from '../../activities/maintenance/reconcile';
import type { FindOutcome, SendOutcome } from '../../providers/ports';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { eraseLead, stopLeadOnRequest } from '../../store/leads/lead-control';
import { refreshMetrics } from '../../store/reports/refresh-metrics';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, oneLead, type EngineByHand } from './engine-by-hand';

const minute = 60_000;
const listing = { listingDelayMs: 15 * minute, horizonMs: 120 * minute };
const lost: SendOutcome = { kind: 'unknown', error: 'timed_out' };

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  // The next test looks for its own touches alone.
  await database.reconciliation.updateMany({ data: { nextLookAt: null } });
});

interface Uncertain {
  engine: EngineByHand;
  agency: Agency;
  enrollmentId: string;
  leadId: string;
  touchId: string;
  claimedAt: Date;
  /** What the provider says from now on. */
  says(answer: FindOutcome): void;
  /** How often it was asked since the touch became uncertain. */
  asked(): number;
  /** The chore, so many minutes after the claim. */
  look(minutes: number): Promise<void>;
  touch(): Promise<{ status: string; sentAt: Date | null; reason: string | null }>;
  told(): Promise<string[]>;
}

/** What the provider says of each touch, and how often it was asked. */
const provider = new Map<string, { answer: FindOutcome; asked: number }>();

/** A lead whose touch of this step, 1 by e-mail or 3 an invitation, got no answer; nothing is known of it. */
async function uncertainTouch(step: 1 | 3 = 1): Promise<Uncertain> {
  const engine = engineByHand(database, {
    listing,
    onSend: (request) => (request.step === step ? lost : undefined),
    onFind: ({ touchId }) => {
      const says = provider.get(touchId);
      if (says !== undefined) says.asked += 1;
      return says?.answer;
    },
  });
  const { agency, enrollmentId, leadId } = await oneLead(database);
  // All tests' leads live in the same minutes, and only five calls may be made at once.
  await database.lead.update({ where: { id: leadId }, data: { mobile: null } });
  let touch = await engine.prepare(enrollmentId);
  while (touch.step < step) {
    const next = await engine.deliver(enrollmentId, touch);
    if (next.kind !== 'deliver') throw new Error(next.kind);
    touch = next;
  }
  await engine.deliver(enrollmentId, touch);
  const { touchId } = touch;
  const read = () => database.touch.findUniqueOrThrow({ where: { id: touchId } });
  const { status, claimedAt } = await read();
  expect(status).toBe('uncertain');
  const says = { answer: 'unknown' as FindOutcome, asked: 0 };
  provider.set(touchId, says);
  return {
    engine,
    agency,
    enrollmentId,
    leadId,
    touchId,
    claimedAt: claimedAt ?? new Date(NaN),
    says: (said) => void (says.answer = said),
    asked: () => says.asked,
    async look(minutes) {
      engine.clock.set((claimedAt?.getTime() ?? NaN) + minutes * minute);
      await reconcileUncertain(engine.deps, () => undefined);
    },
    touch: read,
    async told() {
      const entries = await database.timelineEntry.findMany({ where: { touchId }, orderBy: { id: 'asc' } });
      return entries.map(({ what }) => what).slice(-2);
    },
  };
}

const holdsOf = (touchId: string) => database.capacityHold.count({ where: { touchId, state: 'consumed' } });
const alertsOf = ({ agency }: Uncertain) =>
  database.alert.findMany({ where: { clientId: agency.clientId, kind: 'uncertain' } });
const lookUpOf = ({ touchId }: Uncertain) => database.reconciliation.findUniqueOrThrow({ where: { touchId } });

test('found: it was sent, on the day of its claim, and its timeline tells', async () => {
  const it = await uncertainTouch();
  it.says('found');
  await it.look(1);
  expect(await it.touch()).toMatchObject({ status: 'sent', sentAt: it.claimedAt, reason: 'found at the provider' });
  expect(await it.told()).toEqual(['uncertain', 'sent']);
  expect(await holdsOf(it.touchId)).toBeGreaterThan(0);
  await it.look(500);
  expect(it.asked()).toBe(1);
  expect(await alertsOf(it)).toEqual([]);
});

test('absent proves nothing before the list must be complete; then it failed, keeps its capacity and is not sent again', async () => {
  const it = await uncertainTouch();
  it.says('absent');
  const held = await holdsOf(it.touchId);
  for (const minutes of [0, 1, 3, 7, 14]) await it.look(minutes);
  expect(await it.touch()).toMatchObject({ status: 'uncertain', sentAt: it.claimedAt });
  await it.look(15);
  expect(await it.touch()).toMatchObject({ status: 'failed', sentAt: null });
  expect(await it.told()).toEqual(['uncertain', 'failed']);
  expect(await holdsOf(it.touchId)).toBe(held);
  // The sequence goes on behind it, and nobody asks or sends again.
  const asked = it.asked();
  const sent = it.engine.requests.length;
  await it.look(600);
  expect(await it.engine.prepare(it.enrollmentId)).toMatchObject({ step: 3, channel: 'linkedin' });
  expect(await it.engine.deliverNow(it.enrollmentId, it)).toMatchObject({ step: 3 });
  expect([it.asked(), it.engine.requests.length]).toEqual([asked, sent]);
  expect(await alertsOf(it)).toEqual([]);
});

test('MET: what failed is measured no more, what was found is', async () => {
  const sentOf = async ({ agency }: Uncertain): Promise<number> => {
    await refreshMetrics(database, new Date('2026-04-01T00:00:00Z'));
    const rows = await database.metricCount.findMany({ where: { scopeId: agency.clientId, breakdown: 'channel' } });
    return rows.filter(({ key }) => key === 'email').reduce((sum, { sent }) => sum + sent, 0);
  };
  const [found, absent] = [await uncertainTouch(), await uncertainTouch()];
  expect([await sentOf(found), await sentOf(absent)]).toEqual([1, 1]);
  found.says('found');
  absent.says('absent');
  await found.look(200);
  expect((await absent.touch()).status).toBe('failed');
  expect([await sentOf(found), await sentOf(absent)]).toEqual([1, 0]);
});

test('unknown until the end: it stays uncertain, with one alert, and looking stops', async () => {
  const it = await uncertainTouch();
  for (let minutes = 0; minutes <= 130; minutes += 1) await it.look(minutes);
  expect(it.asked()).toBe(8);
  expect(await it.touch()).toMatchObject({ status: 'uncertain', sentAt: it.claimedAt });
  expect(await it.told()).toEqual(['uncertain', 'uncertain']);
  expect(await lookUpOf(it)).toMatchObject({ looks: 8, lastAnswer: 'unknown', nextLookAt: null });
  const alerts = await alertsOf(it);
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.message).toContain(it.touchId);
  await it.look(10_000);
  expect(it.asked()).toBe(8);
  expect(await alertsOf(it)).toHaveLength(1);
});

test('the lead was erased: nobody is asked, nobody is alarmed', async () => {
  const it = await uncertainTouch();
  await eraseLead(database, secretKey, { clientId: it.agency.clientId, leadId: it.leadId }, it.claimedAt);
  it.says('found');
  await it.look(1);
  expect(it.asked()).toBe(0);
  expect((await it.touch()).status).toBe('uncertain');
  expect(await lookUpOf(it)).toMatchObject({ lastAnswer: 'erased', nextLookAt: null });
  expect(await alertsOf(it)).toEqual([]);
});

test('a lead that has stopped: what was sent to it is found all the same, and nothing follows', async () => {
  const it = await uncertainTouch();
  await stopLeadOnRequest(database, { clientId: it.agency.clientId, leadId: it.leadId }, it.claimedAt);
  it.says('found');
  await it.look(1);
  expect((await it.touch()).status).toBe('sent');
  expect(await it.engine.prepareAny(it.enrollmentId)).toMatchObject({ kind: 'finish', status: 'stopped' });
});

const rings = (it: Uncertain) =>
  recordEvent(
    database,
    { ...eventOf('unknown', { touchId: it.touchId, occurredAt: it.claimedAt }), provesSending: true },
    secretKey,
    it.claimedAt,
  );

test('an event that comes before, in between or afterwards proves the sending, whatever the list says', async () => {
  const before = await uncertainTouch();
  await rings(before);
  await before.look(15);
  expect(before.asked()).toBe(0);

  const between = await uncertainTouch();
  const { sender } = between.engine.deps.providers;
  between.engine.deps.providers.sender = (channel, provider) => {
    const made = sender(channel, provider);
    return {
      ...made,
      find: async () => {
        await rings(between);
        return 'absent';
      },
    };
  };
  await between.look(15);

  const afterwards = await uncertainTouch();
  afterwards.says('absent');
  await afterwards.look(15);
  expect(await afterwards.touch()).toMatchObject({ status: 'failed', sentAt: null });
  await rings(afterwards);
  expect(await afterwards.told()).toEqual(['failed', 'sent']);

  for (const it of [before, between, afterwards]) {
    expect(await it.touch()).toMatchObject({
      status: 'sent',
      sentAt: it.claimedAt,
      reason: expect.stringMatching(/confirmed/),
    });
  }
});

test('a touch that was refused, not looked for, stays failed whatever is said of it', async () => {
  const engine = engineByHand(database, { onSend: () => ({ kind: 'rejected', retry: 'never', error: 'refused' }) });
  const { enrollmentId } = await oneLead(database);
  const { touchId, ...touch } = await engine.prepare(enrollmentId);
  await engine.deliver(enrollmentId, { touchId, ...touch });
  const now = await engine.clock.now();
  await recordEvent(
    database,
    { ...eventOf('unknown', { touchId, occurredAt: now }), provesSending: true },
    secretKey,
    now,
  );
  expect(await database.touch.findUniqueOrThrow({ where: { id: touchId } })).toMatchObject({
    status: 'failed',
    sentAt: null,
  });
});

test('an invitation that never arrived is not pending; one that was found is', async () => {
  const relation = ({ leadId }: Uncertain) => database.seatRelation.findFirst({ where: { leadId } });
  const absent = await uncertainTouch(3);
  expect(await relation(absent)).toMatchObject({ state: 'invited' });
  absent.says('absent');
  await absent.look(15);
  expect((await absent.touch()).status).toBe('failed');
  expect(await relation(absent)).toBeNull();

  const found = await uncertainTouch(3);
  found.says('found');
  await found.look(15);
  expect(await relation(found)).toMatchObject({ state: 'invited' });
});

test('twice at once, by many: each touch is asked about once, and told of once', async () => {
  const touches = [];
  for (let i = 0; i < 12; i += 1) touches.push(await uncertainTouch());
  for (const each of touches) each.says('found');
  const latest = Math.max(...touches.map((each) => each.claimedAt.getTime()));
  for (const each of touches) each.engine.clock.set(latest);
  await Promise.all([...touches, ...touches].map((each) => reconcileUncertain(each.engine.deps, () => undefined)));
  expect(touches.reduce((sum, each) => sum + each.asked(), 0)).toBe(touches.length);
  for (const each of touches) expect(await each.told()).toEqual(['uncertain', 'sent']);
});

test('whoever took a look and died is followed; a provider that throws keeps nobody else waiting', async () => {
  const [dead, alive] = [await uncertainTouch(), await uncertainTouch()];
  for (const each of [dead, alive]) each.says('found');
  const { sender } = dead.engine.deps.providers;
  let breaks = true;
  dead.engine.deps.providers.sender = (channel, provider) => ({
    ...sender(channel, provider),
    find: (request) => {
      if (breaks && request.touchId === dead.touchId) throw new Error('died');
      return Promise.resolve('found');
    },
  });
  const start = Math.max(dead.claimedAt.getTime(), alive.claimedAt.getTime());
  const lookAt = async (minutes: number): Promise<void> => {
    dead.engine.clock.set(start + minutes * minute);
    await reconcileUncertain(dead.engine.deps, () => undefined);
  };
  await lookAt(1);
  expect([(await dead.touch()).status, (await alive.touch()).status]).toEqual(['uncertain', 'sent']);
  breaks = false;
  await lookAt(4);
  expect((await dead.touch()).status).toBe('uncertain');
  await lookAt(6);
  expect((await dead.touch()).status).toBe('sent');
});

test('whatever comes in which order: settled once, never sent again, counted as what it is', async () => {
  const answers: FindOutcome[] = ['unknown', 'absent', 'found'];
  const seen = new Set<string>();
  for (let round = 0; round < 24; round += 1) {
    const it = await uncertainTouch(round % 3 === 0 ? 3 : 1);
    const happenings = [
      () => rings(it),
      () => stopLeadOnRequest(database, { clientId: it.agency.clientId, leadId: it.leadId }, it.claimedAt),
      () => eraseLead(database, secretKey, { clientId: it.agency.clientId, leadId: it.leadId }, it.claimedAt),
    ];
    const sent = it.engine.requests.length;
    let [proven, minutes] = [false, 0];
    for (let step = 0; step < 6; step += 1) {
      const what = happenings[Math.floor(Math.random() * 12)];
      proven ||= what === happenings[0];
      it.says(answers[Math.floor(Math.random() * 3)] ?? 'unknown');
      await Promise.all([it.look((minutes += Math.random() * 40)), what?.()]);
      const { status, sentAt } = await it.touch();
      expect(['sent', 'failed', 'uncertain']).toContain(status);
      expect(sentAt === null).toBe(status === 'failed');
      if (proven) expect(status).toBe('sent');
      expect(await holdsOf(it.touchId)).toBeGreaterThan(0);
      seen.add(status);
    }
    expect(it.engine.requests).toHaveLength(sent);
    const entries = await database.timelineEntry.findMany({ where: { touchId: it.touchId } });
    expect(entries.filter(({ what }) => what === 'sent').length).toBeLessThanOrEqual(1);
    expect(entries.filter(({ what }) => what === 'failed').length).toBeLessThanOrEqual(1);
  }
  expect([...seen].sort()).toEqual(['failed', 'sent', 'uncertain']);
}, 60_000);
