import type { SendOutcome } from '../../providers/ports';
import { claimForSending, type ClaimedTouch } from '../../store/touches/claims';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { readEnrollment } from '../../store/enrollments/facts';
import { finishSending, planAgain } from '../../store/touches/outcomes';
import { countDayWaited, delayTouch, skipStep } from '../../store/touches/steps';
import { addSuppression } from '../../store/leads/suppressions';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, monday, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import type { SendRequest } from '../workflows/recording-providers';
import {
  claimingAt,
  endLeases,
  engineByHand,
  expectDelivery,
  oneLead,
  type EngineByHand,
  type PlannedDelivery,
} from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;
/** What the providers answer in the test at hand. */
let answer: (request: SendRequest) => SendOutcome | undefined | Promise<SendOutcome>;
let found: 'found' | 'absent' | 'unknown';
let engine: EngineByHand;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

beforeEach(async () => {
  // Every test calls in the same week: the lines of the account, which all clients share, are free again.
  await database.capacityHold.deleteMany({ where: { period: 'now' } });
  answer = () => undefined;
  found = 'unknown';
  engine = engineByHand(database, { onSend: (request) => answer(request), onFind: () => found });
});

// TRUTH: whatever a test did, the counters equal the holds, and a touch that may have been sent keeps its own (LIM-6).
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  const touches = await database.touch.findMany({ where: { status: { in: ['sending', 'sent', 'uncertain'] } } });
  for (const { id } of touches) {
    expect(await database.capacityHold.count({ where: { touchId: id, state: 'consumed' } })).toBeGreaterThan(0);
  }
});

const dies = (): never => {
  throw new Error('the worker was killed');
};
const touchRow = (touchId: string) => database.touch.findUniqueOrThrow({ where: { id: touchId } });
const holdsOf = (touchId: string) => database.capacityHold.findMany({ where: { touchId } });
const requestsOf = (touchId: string) => engine.requests.filter((request) => request.touchId === touchId);

/** Delivers everything up to a step, and plans that step. */
async function planned(enrollmentId: string, step: number): Promise<PlannedDelivery> {
  let touch = await engine.prepare(enrollmentId);
  while (touch.step < step) touch = expectDelivery(await engine.deliver(enrollmentId, touch));
  return touch;
}

test('a touch is claimed, sent once and written down; a repeated attempt sends nothing', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  const next = expectDelivery(await engine.deliver(enrollmentId, touch));
  expect(next).toMatchObject({ step: 2, channel: 'voice' });
  const row = await touchRow(touch.touchId);
  expect(row).toMatchObject({ status: 'sent', fence: 1, sentAt: new Date(touch.wakeAt) });
  expect(row.reference).toMatch(new RegExp(`^${touch.touchId}@[^@]+\\.example$`));
  expect(row.sentOn?.toISOString().slice(0, 10)).toBe('2026-03-03');
  expect((await holdsOf(touch.touchId)).map((hold) => hold.state)).toEqual(['consumed', 'consumed', 'consumed']);
  expect(await engine.deliverNow(enrollmentId, touch)).toEqual(next);
  expect(requestsOf(touch.touchId)).toHaveLength(1);
});

describe('TRUTH-1: an attempt that died after the claim', () => {
  test.each([
    [1, 'email', 'found', 'uncertain'],
    [2, 'voice', 'found', 'sent'],
    [2, 'voice', 'absent', 'uncertain'],
    [3, 'linkedin', 'found', 'sent'],
    [3, 'linkedin', 'unknown', 'uncertain'],
    [5, 'sms', 'found', 'sent'],
    [5, 'sms', 'absent', 'uncertain'],
  ] as const)('step %i, %s: the provider says %s → %s, never sent again', async (step, channel, says, status) => {
    const { enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, step);
    answer = dies;
    await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow('the worker was killed');
    await endLeases(database);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sending', channel });
    answer = () => undefined;
    found = says;
    engine.clock.set(touch.wakeAt + 2_000);
    const next = await engine.deliverNow(enrollmentId, touch);
    expect(next).not.toMatchObject({ touchId: touch.touchId });
    expect(await touchRow(touch.touchId)).toMatchObject({ status, sentAt: new Date(touch.wakeAt) });
    expect(requestsOf(touch.touchId)).toHaveLength(1);
  });
});

test('TRUTH-1: an event that came while the attempt died proves that the touch was sent', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await planned(enrollmentId, 1);
  answer = dies;
  await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow('the worker was killed');
  await endLeases(database);
  const event = eventOf('opened', { touchId: touch.touchId, occurredAt: new Date(touch.wakeAt) });
  await recordEvent(database, event, secretKey, new Date(touch.wakeAt + 1_000));
  engine.clock.set(touch.wakeAt + 2_000);
  await engine.deliverNow(enrollmentId, touch);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
  expect(requestsOf(touch.touchId)).toHaveLength(1);
});

test('TRUTH-1: a call that rang while its attempt died was made, whatever the provider can look up', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await planned(enrollmentId, 2);
  answer = dies;
  await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow('the worker was killed');
  await endLeases(database);
  // Twilio says "ringing": no kind of ours, but it shows that the call was placed.
  const ringing = eventOf('unknown', {
    touchId: touch.touchId,
    occurredAt: new Date(touch.wakeAt),
    provesSending: true,
  });
  await recordEvent(database, ringing, secretKey, new Date(touch.wakeAt + 1_000));
  engine.clock.set(touch.wakeAt + 2_000);
  await engine.deliverNow(enrollmentId, touch);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', rule: 'TRUTH-1' });
  expect(requestsOf(touch.touchId)).toHaveLength(1);
});

describe('a sequence that ended while its next move was decided', () => {
  const because = { reason: 'no LinkedIn URL', rule: 'SEQ-7', numbers: {} };

  /** A record as it was read before the reply came in. */
  async function outdated() {
    const { enrollmentId, leadId } = await oneLead(database);
    const record = await readEnrollment(database.sql, enrollmentId, secretKey, monday);
    if (record === null) throw new Error('no enrollment');
    const { email } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
    await recordEvent(database, eventOf('reply', { occurredAt: monday, person: { email } }), secretKey, monday);
    return { record, enrollmentId };
  }

  test('SEQ-3: gets no skipped step, no Day 0 and no line in its timeline', async () => {
    const { record, enrollmentId } = await outdated();
    await skipStep(database, record, { step: 1, channel: 'email', day0: '2026-03-02', because, now: monday });
    expect(await database.touch.count({ where: { enrollmentId } })).toBe(0);
    expect(await database.enrollment.findUnique({ where: { id: enrollmentId } })).toMatchObject({ day0: null });
    expect(await database.timelineEntry.count({ where: { enrollmentId, what: 'skipped' } })).toBe(0);
  });

  test('SEQ-7: counts no day waited, and nothing stays planned', async () => {
    const { record, enrollmentId } = await outdated();
    await countDayWaited(database, record, { step: 3, channel: 'linkedin', because, now: monday });
    expect(await database.touch.count({ where: { enrollmentId } })).toBe(0);
    expect(await database.timelineEntry.count({ where: { enrollmentId, what: 'waiting' } })).toBe(0);
  });
});

test('sixteen attempts at once ask the provider once', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  engine.clock.set(touch.wakeAt);
  await Promise.all(Array.from({ length: 16 }, () => engine.deliverNow(enrollmentId, touch)));
  expect(requestsOf(touch.touchId)).toHaveLength(1);
  // The others wait until the one that claimed it is done.
  expect((await touchRow(touch.touchId)).status).toBe('sent');
});

test('only the claim that holds the fence writes what became of it', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  const now = new Date(touch.wakeAt);
  const claim = await claimForSending(database, { enrollmentId, touchId: touch.touchId }, secretKey, claimingAt(now));
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const stale: ClaimedTouch = { ...claim.touch, fence: claim.touch.fence - 1 };
  const because = { reason: 'a late answer', rule: 'TRUTH-1', numbers: {} };
  const sending = { status: 'failed', reference: null, because } as const;
  await finishSending(database, stale, sending, now);
  await planAgain(database, stale, because, now);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sending', fence: 1 });
  await finishSending(database, claim.touch, { ...sending, status: 'sent' }, now);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
});

test('LIM-6: an attempt that lags behind takes nothing from a touch that another one is sending', async () => {
  const { enrollmentId } = await oneLead(database);
  const touch = await engine.prepare(enrollmentId);
  const now = new Date(touch.wakeAt);
  const claim = await claimForSending(database, { enrollmentId, touchId: touch.touchId }, secretKey, claimingAt(now));
  const record = await readEnrollment(database.sql, enrollmentId, secretKey, monday);
  if (claim.kind !== 'claimed' || record === null) throw new Error(claim.kind);
  const because = { reason: 'outside the send window', rule: 'TIME-7', numbers: {} };
  await delayTouch(database, claim.touch, because, now);
  await countDayWaited(database, record, { step: 1, channel: 'email', because, now });
  expect((await holdsOf(touch.touchId)).map((hold) => hold.state)).toEqual(['consumed', 'consumed', 'consumed']);
  expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sending', slotAt: now, daysWaited: 0 });
});

describe('a provider that refuses', () => {
  test('for now: the touch gives its capacity back, is planned again, and is given up at the fifth refusal', async () => {
    const { enrollmentId } = await oneLead(database);
    answer = () => ({ kind: 'rejected', retry: 'later', error: 'try_again', aboutTouch: true });
    let touch = await engine.prepare(enrollmentId);
    const { touchId } = touch;
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const again = expectDelivery(await engine.deliver(enrollmentId, touch));
      expect(again.touchId).toBe(touchId);
      expect(again.wakeAt).toBeGreaterThan(touch.wakeAt);
      expect(await touchRow(touchId)).toMatchObject({ status: 'planned', fence: attempt });
      expect((await holdsOf(touchId)).map((hold) => hold.state)).toEqual(['booked', 'booked', 'booked']);
      touch = again;
    }
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'deliver', step: 2 });
    expect(await touchRow(touchId)).toMatchObject({ status: 'failed', sentAt: null, sentOn: null });
    expect(await holdsOf(touchId)).toEqual([]);
    expect(requestsOf(touchId)).toHaveLength(5);
  });

  test('for now, after a reply has come in: nothing is left to be planned', async () => {
    const { enrollmentId, leadId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    const { email } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
    const now = new Date(touch.wakeAt);
    answer = async () => {
      await recordEvent(database, eventOf('reply', { occurredAt: now, person: { email } }), secretKey, now);
      return { kind: 'rejected', retry: 'later', error: 'try_again' };
    };
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'finish', status: 'stopped' });
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'cancelled', rule: 'SEQ-3', slotAt: null });
    expect(await holdsOf(touch.touchId)).toEqual([]);
  });

  test('SEQ-4: an address that does not exist is suppressed for e-mail, and the next e-mail is skipped', async () => {
    const { enrollmentId, agency } = await oneLead(database);
    answer = ({ channel }) =>
      channel === 'email' ? { kind: 'rejected', retry: 'never', error: 'no_such_user', hardBounce: true } : undefined;
    const touch = await engine.prepare(enrollmentId);
    let next = await engine.deliver(enrollmentId, touch);
    while (next.kind === 'deliver') next = await engine.deliver(enrollmentId, next);
    const touches = await database.touch.findMany({ where: { enrollmentId }, orderBy: { step: 'asc' } });
    expect(touches.map(({ status, rule }) => [status, rule])).toEqual([
      ['failed', 'LIM-6'],
      ['sent', 'TRUTH-1'],
      ['sent', 'TRUTH-1'],
      ['skipped', 'SEQ-4'],
      ['sent', 'TRUTH-1'],
    ]);
    expect(await database.suppression.findMany({ where: { clientId: agency.clientId } })).toMatchObject([
      { kind: 'email', scope: 'email', reason: 'hard bounce' },
    ]);
    expect(next).toMatchObject({ kind: 'finish', status: 'completed' });
  });

  test('SEQ-7: a sender that is out is taken out with an alert, and another one sends', async () => {
    const { enrollmentId, agency } = await oneLead(database, { mailboxes: 2 });
    answer = ({ attempt }) =>
      attempt === 1 ? { kind: 'rejected', retry: 'resource', error: 'authentication_failed' } : undefined;
    const touch = await engine.prepare(enrollmentId);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    const pauses = {
      some: { reason: 'provider', detail: 'authentication_failed', since: new Date(touch.wakeAt) },
    } as const;
    const paused = await database.sender.findMany({ where: { clientId: agency.clientId, pauses } });
    expect(paused).toHaveLength(1);
    expect(await database.alert.findMany({ where: { clientId: agency.clientId } })).toMatchObject([
      { kind: 'sender_out', resourceId: paused[0]?.id },
    ]);
    await engine.deliver(enrollmentId, again);
    const [first, second] = requestsOf(touch.touchId);
    expect(first?.resource).toBe(paused[0]?.address);
    expect(second?.resource).not.toBe(first?.resource);
    expect(await touchRow(touch.touchId)).toMatchObject({
      status: 'sent',
      senderId: agency.mailboxIds.find((id) => id !== paused[0]?.id),
    });
  });

  test('SEQ-7: without another sender the step waits for three sending days, then it is skipped', async () => {
    const { enrollmentId } = await oneLead(database);
    answer = ({ channel }) =>
      channel === 'linkedin' ? { kind: 'rejected', retry: 'resource', error: 'disconnected_account' } : undefined;
    const touch = await planned(enrollmentId, 3);
    let next = await engine.deliver(enrollmentId, touch);
    let days = 0;
    for (; next.kind === 'wait' && next.wakeAt !== null; days += 1) {
      expect(next.label).toBe('linkedin sender is out');
      expect(await holdsOf(touch.touchId)).toEqual([]);
      engine.clock.set(next.wakeAt);
      next = await engine.deliverNow(enrollmentId, touch);
    }
    expect(days).toBe(3);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'skipped', rule: 'SEQ-7', daysWaited: 3 });
    expect(next).toMatchObject({ kind: 'deliver', step: 4 });
  });
});

describe('TRUTH-2: the gate at the instant of sending', () => {
  test('a suppression that was committed after the planning stops the touch', async () => {
    const { enrollmentId, agency, leadId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    const { email } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
    const suppression = { clientId: agency.clientId, kind: 'email', value: email.toUpperCase(), scope: 'all' } as const;
    await addSuppression(database.sql, secretKey, { ...suppression, keepValue: true, reason: 'by hand', now: monday });
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'finish', status: 'stopped' });
    expect(requestsOf(touch.touchId)).toEqual([]);
    expect(await holdsOf(touch.touchId)).toEqual([]);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'cancelled', rule: 'SEQ-5' });
  });

  test('a campaign that was paused gives the slot back and waits to be woken', async () => {
    const { enrollmentId, agency } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    await database.campaign.update({ where: { id: agency.campaignId }, data: { status: 'paused' } });
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'wait', wakeAt: null });
    expect(requestsOf(touch.touchId)).toEqual([]);
    expect(await holdsOf(touch.touchId)).toEqual([]);
  });

  test('a score that fell below the channel skips the step (ACC-1)', async () => {
    const { enrollmentId, leadId } = await oneLead(database);
    const touch = await planned(enrollmentId, 2);
    await database.lead.update({ where: { id: leadId }, data: { score: 40 } });
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'deliver', step: 3 });
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'skipped', rule: 'ACC-1' });
    expect(requestsOf(touch.touchId)).toEqual([]);
  });

  test('before its slot nothing leaves and the slot stays', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    engine.clock.set(touch.wakeAt - 1);
    expect(await engine.deliverNow(enrollmentId, touch)).toEqual(touch);
    expect(requestsOf(touch.touchId)).toEqual([]);
  });

  test.each([
    ['at 11:00', '2026-03-03T00:00:00.000Z'],
    ['the next evening', '2026-03-04T08:00:00.000Z'],
    ['on Saturday at 9:30', '2026-03-06T22:30:00.000Z'],
  ])('TIME-7: a slot that is delivered late, %s, is planned again', async (_when, at) => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    engine.clock.set(new Date(at));
    const again = expectDelivery(await engine.deliverNow(enrollmentId, touch));
    expect(again.touchId).toBe(touch.touchId);
    expect(again.wakeAt).toBeGreaterThan(new Date(at).getTime());
    expect(requestsOf(touch.touchId)).toEqual([]);
    await engine.deliver(enrollmentId, again);
    expect(requestsOf(touch.touchId)).toHaveLength(1);
  });

  test('SEQ-2: too soon after the last touch nothing leaves, whatever was booked', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 2);
    // Booked for Friday the 6th.
    await database.touch.updateMany({ where: { enrollmentId, step: 1 }, data: { sentOn: new Date('2026-03-05') } });
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(again.touchId).toBe(touch.touchId);
    expect(again.wakeAt).toBeGreaterThan(touch.wakeAt);
    expect(requestsOf(touch.touchId)).toEqual([]);
  });

  test('no text, no touch', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await engine.prepare(enrollmentId);
    await database.touchText.delete({ where: { touchId: touch.touchId } });
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(again.touchId).toBe(touch.touchId);
    expect(requestsOf(touch.touchId)).toEqual([]);
  });
});
