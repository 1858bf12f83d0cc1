import { randomUUID } from 'node:crypto';
import type { SendOutcome } from '../../providers/ports';
import { recordEvent } from '../../store/events/record-event';
import { readEnrollment } from '../../store/enrollments/facts';
import { finishEnrollment } from '../../store/enrollments/finish';
import type { Database } from '../../store/database';
import { liftPause } from '../../store/senders/pauses';
import { liftDisconnection, restSender } from '../../store/senders/rests';
import { takeOutSender } from '../../store/senders/senders';
import { eraseLead } from '../../store/leads/lead-control';
import { noteSeatRelation } from '../../store/leads/seat-relations';
import { localDate } from '../../domain/calendar/local-date';
import { dateValue } from '../../store/dates';
import { generateSequence } from '../../domain/sequence';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, createTestSender, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import type { SendRequest } from '../workflows/recording-providers';
import { engineByHand, expectDelivery, oneLead, type EngineByHand, type PlannedDelivery } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;
let answer: (request: SendRequest) => SendOutcome | undefined;
let found: 'found' | 'absent' | 'unknown';
let engine: EngineByHand;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

beforeEach(async () => {
  await database.capacityHold.deleteMany({ where: { period: 'now' } });
  answer = () => undefined;
  found = 'unknown';
  engine = engineByHand(database, { onSend: (request) => answer(request), onFind: () => found });
});

afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

const dayMs = 86_400_000;
const touchRow = (touchId: string) => database.touch.findUniqueOrThrow({ where: { id: touchId } });
const sentTo = (touchId: string) => engine.requests.filter((request) => request.touchId === touchId);
const formsSent = (touchId: string) => sentTo(touchId).map(({ form, outcome }) => `${form} ${outcome}`);
const holdsOf = async (touchId: string): Promise<string[]> =>
  (await database.capacityHold.findMany({ where: { touchId }, orderBy: { counter: 'asc' } })).map(
    ({ counter, state, isSpent }) => `${counter} ${state}${isSpent ? ' for good' : ''}`,
  );
const told = async (touchId: string): Promise<string[]> =>
  (await database.timelineEntry.findMany({ where: { touchId }, orderBy: { id: 'asc' } })).map(
    ({ what, numbers }) => `${what} ${String((numbers as { form?: string }).form)}`,
  );

/** Delivers everything up to a step, and plans that step. */
async function planned(enrollmentId: string, step: number): Promise<PlannedDelivery> {
  let touch = await engine.prepare(enrollmentId);
  while (touch.step < step) touch = expectDelivery(await engine.deliver(enrollmentId, touch));
  return touch;
}

/** The same person in another campaign of the client, after the first sequence has ended. */
async function enrolledAgain(agency: Agency, leadId: string, endedId: string): Promise<string> {
  const { clientId } = agency;
  const because = { reason: 'every step is done', rule: 'SEQ-1', numbers: {} };
  await finishEnrollment(database, { clientId, enrollmentId: endedId }, { status: 'completed', because }, monday);
  const { id: campaignId } = await database.campaign.create({
    data: {
      clientId,
      name: 'Another',
      targeting: {},
      status: 'active',
      activatedAt: monday,
      steps: { create: generateSequence(new Set(['linkedin'])) },
    },
  });
  const { id } = await database.enrollment.create({
    data: { clientId, campaignId, leadId, status: 'active', admittedAt: monday },
  });
  return id;
}

const profileOf = async (leadId: string): Promise<string> => {
  const { linkedinUrl } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
  return linkedinUrl ?? '';
};
const seatOf = async (seatId: string): Promise<string> =>
  (await database.sender.findUniqueOrThrow({ where: { id: seatId } })).address;

/** The person accepts; the provider names the seat and the person. */
async function accepts(leadId: string, accountId: string, at: Date): Promise<void> {
  const person = { linkedinUrl: await profileOf(leadId) };
  const id = { providerEventId: `relation:${accountId}:${leadId}` };
  const event = eventOf('inviteAccepted', { occurredAt: at, person, resource: { accountId }, ...id });
  await recordEvent(database, event, secretKey, at);
  // A provider tells it twice.
  await recordEvent(database, event, secretKey, at);
}

describe('who is connected gets a message', () => {
  test('known when it is planned: another text, another limit, and the timeline says so', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const relation = { clientId: agency.clientId, senderId: agency.seatId, leadId, state: 'connected' } as const;
    await noteSeatRelation(database.sql, relation, monday);
    const touch = await planned(enrollmentId, 3);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_messages booked']);
    await engine.deliver(enrollmentId, touch);
    expect(formsSent(touch.touchId)).toEqual(['message accepted']);
    expect(sentTo(touch.touchId)[0]?.text).toContain('how does Acme plan');
    expect(await told(touch.touchId)).toEqual(['planned message', 'written undefined', 'sent message']);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_messages consumed']);
  });

  test('because an earlier invitation was accepted; the acceptance stopped nothing', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const first = await planned(enrollmentId, 3);
    const next = expectDelivery(await engine.deliver(enrollmentId, first));
    expect(formsSent(first.touchId)).toEqual(['invitation accepted']);
    await accepts(leadId, await seatOf(agency.seatId), new Date(first.wakeAt + 3_600_000));
    expect(await engine.prepare(enrollmentId)).toEqual(next);
    const again = await enrolledAgain(agency, leadId, enrollmentId);
    const touch = await engine.prepare(again);
    await engine.deliver(again, touch);
    expect(formsSent(touch.touchId)).toEqual(['message accepted']);
  });

  test('under another address of theirs, too; not at another client, and not by another client’s seat', async () => {
    const mine = await oneLead(database);
    const theirs = await oneLead(database);
    const { linkedinUrl, linkedinProfile } = await database.lead.findUniqueOrThrow({ where: { id: mine.leadId } });
    await database.lead.update({ where: { id: theirs.leadId }, data: { linkedinUrl, linkedinProfile } });
    // Their seat reports it: it says nothing of my lead.
    await accepts(mine.leadId, await seatOf(theirs.agency.seatId), monday);
    expect(await database.seatRelation.findMany({ where: { leadId: mine.leadId } })).toEqual([]);
    expect(await database.seatRelation.findMany({ where: { leadId: theirs.leadId } })).toMatchObject([
      { clientId: theirs.agency.clientId, senderId: theirs.agency.seatId, state: 'connected' },
    ]);
    expect((await readEnrollment(database.sql, mine.enrollmentId, secretKey, monday))?.facts.network).toBe('strangers');
    expect((await readEnrollment(database.sql, theirs.enrollmentId, secretKey, monday))?.facts.network).toBe(
      'connected',
    );

    const twin = await database.lead.create({
      data: {
        clientId: theirs.agency.clientId,
        email: `${randomUUID()}@other.example`,
        linkedinUrl,
        linkedinProfile,
        timezone: 'Australia/Sydney',
        timezoneSource: 'hq',
        unsubscribeToken: randomUUID(),
      },
    });
    const { clientId, campaignId } = theirs.agency;
    const { id } = await database.enrollment.create({
      data: { clientId, campaignId, leadId: twin.id, status: 'active', admittedAt: monday },
    });
    expect((await readEnrollment(database.sql, id, secretKey, monday))?.facts.network).toBe('connected');
  });

  test('and hears from the seat that they are connected with, also when another one has more room', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const { clientId } = agency;
    const other = { kind: 'linkedin_seat', channels: ['linkedin'], address: `seat-${randomUUID()}` } as const;
    const senderId = await createTestSender(database, clientId, other);
    await noteSeatRelation(database.sql, { clientId, senderId, leadId, state: 'connected' }, monday);
    const touch = await planned(enrollmentId, 3);
    await engine.deliver(enrollmentId, touch);
    expect(sentTo(touch.touchId)).toMatchObject([{ form: 'message', resource: other.address }]);
  });

  test('who accepts between plan and slot gets no second invitation', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_invitations booked', 'seat_profile_views booked']);
    await accepts(leadId, await seatOf(agency.seatId), new Date(touch.wakeAt - 1000));
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(again).toMatchObject({ touchId: touch.touchId, step: 3 });
    expect(sentTo(touch.touchId)).toEqual([]);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_messages booked']);
    await engine.deliver(enrollmentId, again);
    expect(formsSent(touch.touchId)).toEqual(['message accepted']);
    expect(sentTo(touch.touchId)[0]?.text).toContain('how does Acme plan');
  });

  test('a plan that is asked for again after the acceptance is a message, too', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    await accepts(leadId, await seatOf(agency.seatId), new Date(touch.wakeAt - dayMs));
    engine.clock.set(touch.wakeAt - dayMs + 1000);
    await engine.prepare(enrollmentId);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_messages booked']);
    expect(await told(touch.touchId)).toEqual([
      'planned invitation',
      'written undefined',
      'delayed message',
      'planned message',
      'written undefined',
    ]);
  });
});

describe('what only the provider knows', () => {
  const says = (error: string, network: 'connected' | 'invited' | 'strangers', looked = true): SendOutcome => ({
    kind: 'rejected',
    retry: 'later',
    error,
    network,
    ...(looked ? { looked } : {}),
  });

  test('connected already: planned again as a message; the look stays counted', async () => {
    const { agency, enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    answer = ({ form }) => (form === 'invitation' ? says('already_connected', 'connected') : undefined);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(await holdsOf(touch.touchId)).toEqual(['seat_messages booked', 'seat_profile_views consumed for good']);
    await engine.deliver(enrollmentId, again);
    expect(formsSent(touch.touchId)).toEqual(['invitation rejected', 'message accepted']);
    const counters = await database.capacityCounter.findMany({ where: { resourceId: agency.seatId } });
    const used = counters.filter(({ consumed }) => consumed > 0).map(({ counter, consumed }) => [counter, consumed]);
    expect(used.sort()).toEqual([
      ['seat_messages', 1],
      ['seat_profile_views', 1],
    ]);
  });

  test('a message that does not fit into its bucket waits for a day that has room', async () => {
    const { agency, enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    const startsOn = dateValue(localDate(new Date(touch.wakeAt), 'Australia/Sydney'));
    const full = { counter: 'seat_messages', resourceId: agency.seatId, period: 'day', startsOn } as const;
    await database.capacityCounter.create({
      data: { ...full, clientId: agency.clientId, limit: 50, consumed: 50 },
    });
    answer = ({ form }) => (form === 'invitation' ? says('already_connected', 'connected') : undefined);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(again.wakeAt - touch.wakeAt).toBeGreaterThan(dayMs / 2);
    await database.capacityCounter.deleteMany({ where: { resourceId: agency.seatId, startsOn, consumed: 50 } });
  });

  test('invited already: the step is skipped with its reason, and the sequence goes on', async () => {
    const { enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    answer = ({ form }) => (form === 'invitation' ? says('already_invited', 'invited') : undefined);
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'deliver', step: 4 });
    expect(await touchRow(touch.touchId)).toMatchObject({
      status: 'skipped',
      rule: 'SEQ-7',
      reason: 'an earlier invitation is still pending',
      sentAt: null,
    });
    expect(await holdsOf(touch.touchId)).toEqual(['seat_profile_views consumed for good']);
  });

  test('connected no longer: an invitation after all', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const relation = { clientId: agency.clientId, senderId: agency.seatId, leadId, state: 'connected' } as const;
    await noteSeatRelation(database.sql, relation, monday);
    const touch = await planned(enrollmentId, 3);
    answer = ({ form }) => (form === 'message' ? says('not_connected', 'strangers', false) : undefined);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    await engine.deliver(enrollmentId, again);
    expect(formsSent(touch.touchId)).toEqual(['message rejected', 'invitation accepted']);
    expect(sentTo(touch.touchId)[1]).toMatchObject({ look: true });
  });
});

describe('one invitation and one look for a person', () => {
  test('an invitation that is pending is not repeated by a later campaign', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    await engine.deliver(enrollmentId, touch);
    const again = await enrolledAgain(agency, leadId, enrollmentId);
    engine.clock.set(touch.wakeAt + 10 * dayMs);
    const activities = await database.touch.count({ where: { enrollmentId: again } });
    expect(activities).toBe(0);
    const record = await readEnrollment(database.sql, again, secretKey, new Date(touch.wakeAt + 10 * dayMs));
    expect(record?.facts.network).toBe('invited');
    await expect(engine.prepare(again)).rejects.toThrow('expected a delivery');
    expect(await database.touch.findMany({ where: { enrollmentId: again } })).toMatchObject([
      { status: 'skipped', rule: 'SEQ-7', reason: 'an earlier invitation is still pending' },
    ]);
  });

  test.each(['found', 'unknown'] as const)('one that may have left counts: the provider says %s', async (says) => {
    const { enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    answer = () => {
      throw new Error('the worker was killed');
    };
    await expect(engine.deliver(enrollmentId, touch)).rejects.toThrow('the worker was killed');
    found = says;
    answer = () => undefined;
    await engine.deliverNow(enrollmentId, touch);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: says === 'found' ? 'sent' : 'uncertain' });
    const record = await readEnrollment(database.sql, enrollmentId, secretKey, new Date(touch.wakeAt));
    expect(record?.facts.network).toBe('invited');
  });

  test('the profile is looked at once, however often the touch is refused', async () => {
    const { enrollmentId } = await oneLead(database);
    let touch = await planned(enrollmentId, 3);
    const refused: SendOutcome = { kind: 'rejected', retry: 'later', error: 'rate_limited', looked: true };
    answer = ({ attempt, look }) => (attempt < 3 ? { ...refused, looked: look === true } : undefined);
    for (let i = 0; i < 3; i += 1) {
      const next = expectDelivery(await engine.deliver(enrollmentId, touch));
      if (next.touchId === touch.touchId) touch = next;
    }
    expect(sentTo(touch.touchId).map(({ look, outcome }) => [look, outcome])).toEqual([
      [true, 'rejected'],
      [false, 'rejected'],
      [false, 'accepted'],
    ]);
    expect(await holdsOf(touch.touchId)).toEqual(['seat_invitations consumed', 'seat_profile_views consumed for good']);
  });
});

describe('a seat that the provider throttles', () => {
  const throttled = (seconds?: number): SendOutcome => ({
    kind: 'rejected',
    retry: 'rest',
    error: seconds === undefined ? 'account_restricted' : 'limit_exceeded',
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
  const seatRow = (id: string) => database.sender.findUniqueOrThrow({ where: { id }, include: { pauses: true } });
  const limitsOn = async (enrollmentId: string, at: Date) =>
    (await readEnrollment(database.sql, enrollmentId, secretKey, at))?.senders.linkedin[0]?.resources.find(
      ({ kind }) => kind === 'linkedin_seat',
    );

  test('rests as long as it says; its touch leaves afterwards, once', async () => {
    const { agency, enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    answer = ({ attempt }) => (attempt === 1 ? throttled(86_400) : undefined);
    const until = new Date(touch.wakeAt + dayMs);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(again).toMatchObject({ touchId: touch.touchId, step: 3 });
    expect(again.wakeAt).toBeGreaterThanOrEqual(until.getTime());
    expect(await seatRow(agency.seatId)).toMatchObject({
      restedUntil: until,
      pauses: [{ reason: 'provider', detail: 'limit_exceeded', since: new Date(touch.wakeAt), until, isRest: true }],
    });
    expect(await limitsOn(enrollmentId, until)).toMatchObject({
      restedUntil: localDate(until, 'Australia/Sydney'),
    });
    const entry = await database.timelineEntry.findFirstOrThrow({ where: { touchId: touch.touchId, what: 'delayed' } });
    expect(entry).toMatchObject({
      rule: 'SEQ-7',
      reason: 'throttled by the provider: limit_exceeded',
      numbers: { restsUntil: until.toISOString(), error: 'limit_exceeded', form: 'invitation' },
    });
    // Nobody lifted anything: the rest has ended by itself.
    await engine.deliver(enrollmentId, again);
    expect(formsSent(touch.touchId)).toEqual(['invitation rejected', 'invitation accepted']);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', daysWaited: 0 });
    expect(await database.alert.count({ where: { clientId: agency.clientId } })).toBe(0);
  });

  test('another seat sends meanwhile; one that was booked on the resting seat is refused at the gate', async () => {
    const { agency, enrollmentId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    const { clientId, seatId } = agency;
    const until = new Date(touch.wakeAt + dayMs);
    await restSender(
      database.sql,
      { clientId, senderId: seatId, error: 'limit_exceeded', until },
      new Date(touch.wakeAt),
    );
    const other = { kind: 'linkedin_seat', channels: ['linkedin'], address: `seat-${randomUUID()}` } as const;
    await createTestSender(database, clientId, other);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    expect(sentTo(touch.touchId)).toEqual([]);
    await engine.deliver(enrollmentId, again);
    expect(sentTo(touch.touchId)).toMatchObject([{ resource: other.address, outcome: 'accepted' }]);
    expect(again.wakeAt).toBeLessThan(until.getTime());
  });

  test('the touch is never lost, however often the seat is throttled', async () => {
    const { enrollmentId } = await oneLead(database);
    let touch = await planned(enrollmentId, 3);
    answer = ({ attempt }) => (attempt <= 7 ? throttled(3_600) : undefined);
    for (let i = 0; i < 7; i += 1) touch = expectDelivery(await engine.deliver(enrollmentId, touch));
    await engine.deliver(enrollmentId, touch);
    expect(formsSent(touch.touchId).filter((line) => line.endsWith('accepted'))).toHaveLength(1);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent', fence: 8 });
  });

  test('one that is restricted waits for a person, and comes back at half', async () => {
    const { agency, enrollmentId } = await oneLead(database);
    const { clientId, seatId } = agency;
    const touch = await planned(enrollmentId, 3);
    answer = ({ attempt }) => (attempt === 1 ? throttled() : undefined);
    expect(await engine.deliver(enrollmentId, touch)).toMatchObject({ kind: 'wait', label: 'linkedin sender is out' });
    expect(await seatRow(seatId)).toMatchObject({ restedUntil: null, pauses: [{ isRest: true, until: null }] });
    expect(await database.alert.findMany({ where: { clientId } })).toMatchObject([
      { kind: 'sender_out', resourceId: seatId },
    ]);
    const now = new Date(touch.wakeAt + 3_600_000);
    const seat = { kind: 'sender', clientId, senderId: seatId } as const;
    // The provider's "connected" lifts no restriction.
    await liftDisconnection(database.sql, seat, now);
    expect((await seatRow(seatId)).pauses).toHaveLength(1);
    await liftPause(database.sql, seat, ['provider'], now);
    expect(await seatRow(seatId)).toMatchObject({ restedUntil: now, pauses: [] });
    expect(await limitsOn(enrollmentId, now)).toMatchObject({ restedUntil: localDate(now, 'Australia/Sydney') });
  });

  test('the longest rest decides, and being disconnected takes its place; the rest goes on after it', async () => {
    const { agency } = await oneLead(database);
    const { clientId, seatId } = agency;
    const rest = (hours: number, at = monday) => {
      const until = new Date(monday.getTime() + hours * 3_600_000);
      return restSender(database.sql, { clientId, senderId: seatId, error: 'limit_exceeded', until }, at);
    };
    const untilHours = async () => {
      const { pauses } = await seatRow(seatId);
      return pauses.map(({ until }) => until && (until.getTime() - monday.getTime()) / 3_600_000);
    };
    await rest(24);
    await rest(1);
    expect(await untilHours()).toEqual([24]);
    await rest(48);
    expect(await untilHours()).toEqual([48]);
    const at = (hours: number) => new Date(monday.getTime() + hours * 3_600_000);
    await takeOutSender(
      database.sql,
      { clientId, channel: 'linkedin', senderId: seatId, error: 'disconnected' },
      at(2),
    );
    expect(await untilHours()).toEqual([null]);
    await rest(72);
    expect(await untilHours()).toEqual([null]);
    await liftDisconnection(database.sql, { clientId, senderId: seatId }, at(3));
    expect(await untilHours()).toEqual([72]);
    await liftDisconnection(database.sql, { clientId, senderId: seatId }, at(80));
    // A rest that is over leaves room for what comes next.
    await takeOutSender(
      database.sql,
      { clientId, channel: 'linkedin', senderId: seatId, error: 'disconnected' },
      at(81),
    );
    expect(await untilHours()).toEqual([null]);
    // Another client's id changes nothing.
    await liftDisconnection(database.sql, { clientId: randomUUID(), senderId: seatId }, at(82));
    expect(await untilHours()).toEqual([null]);
  });

  test('whoever is connected with a resting seat waits for it: no other seat invites them', async () => {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const { clientId, seatId } = agency;
    await noteSeatRelation(database.sql, { clientId, senderId: seatId, leadId, state: 'connected' }, monday);
    const other = { kind: 'linkedin_seat', channels: ['linkedin'], address: `seat-${randomUUID()}` } as const;
    await createTestSender(database, clientId, other);
    const touch = await planned(enrollmentId, 3);
    answer = ({ attempt }) => (attempt === 1 ? throttled(7_200) : undefined);
    const again = expectDelivery(await engine.deliver(enrollmentId, touch));
    await engine.deliver(enrollmentId, again);
    const seat = await seatOf(seatId);
    expect(sentTo(touch.touchId)).toMatchObject([
      { form: 'message', resource: seat, outcome: 'rejected' },
      { form: 'message', resource: seat, outcome: 'accepted' },
    ]);
  });
});

test('whoever is erased while the invitation is on its way leaves no relation, and nobody waits for the other', async () => {
  const erasures: Promise<unknown>[] = [];
  for (let i = 0; i < 6; i += 1) {
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const touch = await planned(enrollmentId, 3);
    answer = ({ channel }) => {
      if (channel !== 'linkedin') return undefined;
      erasures.push(eraseLead(database, secretKey, { clientId: agency.clientId, leadId }, monday));
      return { kind: 'accepted', reference: null };
    };
    await engine.deliver(enrollmentId, touch);
    await Promise.all(erasures);
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
    expect(await database.seatRelation.count({ where: { leadId } })).toBe(0);
  }
});

test('an erased person leaves no relation behind', async () => {
  const { agency, leadId } = await oneLead(database);
  const { clientId, seatId } = agency;
  await noteSeatRelation(database.sql, { clientId, senderId: seatId, leadId, state: 'connected' }, monday);
  await eraseLead(database, secretKey, { clientId, leadId }, monday);
  expect(await database.seatRelation.count({ where: { leadId } })).toBe(0);
});
