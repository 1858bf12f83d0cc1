import { randomInt } from 'node:crypto';
import type { TouchForm } from '../../domain/channels';
import { limits } from '../../domain/limits';
import { bookTouch } from '../../store/capacity/book';
import { claimTouch } from '../../store/capacity/claim';
import { releaseTouches } from '../../store/capacity/release';
import { transact, type Database } from '../../store/database';
import type { ClaimedTouch } from '../../store/touches/claims';
import { noteLook } from '../../store/touches/looks';
import { storeText } from '../../store/touches/texts';
import { createTestDatabase } from '../support/database';
import { bookingOf, countersAndHolds, createAgency, createLeads, sendersOf, windows, type Agency } from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const book = (agency: Agency, enrollmentId: string, form: TouchForm, days = 1, done: 'profileView'[] = []) =>
  bookTouch(database.sql, bookingOf(agency, enrollmentId, 'linkedin', { form, done, segments: windows(days) }));

async function booked(agency: Agency, enrollmentId: string, form: TouchForm, done: 'profileView'[] = []) {
  const booking = await book(agency, enrollmentId, form, 10, done);
  if (!('slotAt' in booking)) throw new Error(booking.kind);
  return booking;
}

const dayOf = (slot: Date): string => new Date(slot.getTime() + 11 * 3_600_000).toISOString().slice(0, 10);

async function claim(agency: Agency, touchId: string, now: Date, form: TouchForm, done: 'profileView'[] = []) {
  const [sender] = sendersOf(agency, 'linkedin');
  if (sender === undefined) throw new Error('no seat');
  return transact(database, (sql) => claimTouch(sql, { touchId, form, done, now, day: dayOf(now), sender }));
}

/** A claimed touch as far as a look needs it. */
const claimed = (touchId: string, fence: number) => ({ touchId, fence }) as ClaimedTouch;

const heldBy = async (touchId: string): Promise<string[]> => {
  const holds = await database.capacityHold.findMany({ where: { touchId }, orderBy: { counter: 'asc' } });
  return holds.map(({ counter, state, isSpent }) => `${counter} ${state}${isSpent ? ' for good' : ''}`);
};

const usedBy = async (agency: Agency): Promise<Record<string, number>> => {
  const rows = await database.capacityCounter.findMany({ where: { resourceId: agency.seatId } });
  const sums: Record<string, number> = {};
  for (const { counter, booked: planned, consumed } of rows) sums[counter] = (sums[counter] ?? 0) + planned + consumed;
  return sums;
};

test('LIM-1: an invitation moves invitations and views, a message only messages', async () => {
  const agency = await createAgency(database);
  const [one = '', two = ''] = await createLeads(database, agency, 2);
  expect(await heldBy((await booked(agency, one, 'invitation')).touchId)).toEqual([
    'seat_invitations booked',
    'seat_profile_views booked',
  ]);
  const message = await booked(agency, two, 'message');
  expect(await heldBy(message.touchId)).toEqual(['seat_messages booked']);
  expect(await database.touch.findUniqueOrThrow({ where: { id: message.touchId } })).toMatchObject({ form: 'message' });
});

test('LIM-1: a day without room for a look has none for the invitation, and nothing of it is taken', async () => {
  const agency = await createAgency(database);
  const day = new Date('2026-03-03');
  await database.capacityCounter.create({
    data: {
      counter: 'seat_profile_views',
      resourceId: agency.seatId,
      period: 'day',
      startsOn: day,
      clientId: agency.clientId,
      limit: 100,
      consumed: 100,
    },
  });
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  expect((await book(agency, enrollmentId, 'invitation')).kind).toBe('full');
  expect(await usedBy(agency)).toEqual({ seat_profile_views: 100 });
  const booking = await booked(agency, enrollmentId, 'invitation');
  expect(dayOf(booking.slotAt)).toBe('2026-03-04');
  await database.capacityCounter.deleteMany({ where: { resourceId: agency.seatId, startsOn: day } });
});

test('a touch that becomes a message moves the other counters and loses the text of its invitation', async () => {
  const agency = await createAgency(database);
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  const { touchId } = await booked(agency, enrollmentId, 'invitation');
  const text = { promptVersion: '1', model: 'm', inputTokens: 1, outputTokens: 1, costMicroUsd: 1 };
  await database.touchText.create({
    data: { touchId, clientId: agency.clientId, content: { note: 'Hello' }, createdAt: new Date(), ...text },
  });
  await releaseTouches(database.sql, [touchId]);
  // Booked again as it was, it keeps what was written (TEXT-4).
  await booked(agency, enrollmentId, 'invitation');
  expect(await database.touchText.count({ where: { touchId } })).toBe(1);
  await releaseTouches(database.sql, [touchId]);
  await booked(agency, enrollmentId, 'message');
  expect(await database.touchText.count({ where: { touchId } })).toBe(0);
  expect(await heldBy(touchId)).toEqual(['seat_messages booked']);
});

test('a booking that another form has taken meanwhile is decided anew; a text that comes too late is not stored', async () => {
  const agency = await createAgency(database);
  const { clientId } = agency;
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  const { touchId } = await booked(agency, enrollmentId, 'message');
  expect((await book(agency, enrollmentId, 'invitation')).kind).toBe('closed');
  expect((await book(agency, enrollmentId, 'message')).kind).toBe('kept');
  const written = { promptVersion: '1', model: 'm', inputTokens: 1, outputTokens: 1, costMicroUsd: 1 };
  const because = { reason: 'text written', rule: 'TEXT-4', numbers: {} };
  const owner = { touchId, clientId, enrollmentId, moved: false, step: 3, channel: 'linkedin' } as const;
  const late = { text: { content: { note: 'Hello' }, ...written }, because };
  await storeText(database.sql, { ...owner, form: 'invitation' }, late, new Date());
  expect(await database.touchText.count({ where: { touchId } })).toBe(0);
  expect(await database.timelineEntry.count({ where: { touchId } })).toBe(0);
  const meant = { text: { content: { message: 'Hello' }, ...written }, because };
  await storeText(database.sql, { ...owner, form: 'message' }, meant, new Date());
  expect(await database.touchText.findUnique({ where: { touchId } })).toMatchObject({ content: { message: 'Hello' } });
});

test('LIM: fifty messages in a day, and the fifty-first on the next', async () => {
  const agency = await createAgency(database);
  // A window of 150 s apart holds no fifty: the day is filled by hand.
  const segments = [{ ...windows(1)[0]!, to: new Date(windows(1)[0]!.from.getTime() + 4 * 3_600_000) }, windows(2)[1]!];
  const days: string[] = [];
  for (const enrollmentId of await createLeads(database, agency, 52)) {
    const changes = { form: 'message', segments } as const;
    const booking = await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'linkedin', changes));
    if (!('slotAt' in booking)) throw new Error(booking.kind);
    days.push(dayOf(booking.slotAt));
  }
  expect(days.filter((day) => day === '2026-03-03')).toHaveLength(50);
  expect(days.filter((day) => day === '2026-03-04')).toHaveLength(2);
});

test('LIM-6: a look that was made stays counted when its touch comes to nothing, and is not made again', async () => {
  const agency = await createAgency(database);
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  const first = await booked(agency, enrollmentId, 'invitation');
  expect(await claim(agency, first.touchId, first.slotAt, 'invitation')).toMatchObject({ kind: 'claimed', fence: 1 });
  // Only the attempt that holds the touch may say so.
  await noteLook(database.sql, claimed(first.touchId, 2), first.slotAt);
  expect(await heldBy(first.touchId)).toEqual(['seat_invitations consumed', 'seat_profile_views consumed']);
  await noteLook(database.sql, claimed(first.touchId, 1), first.slotAt);
  await releaseTouches(database.sql, [first.touchId]);
  await database.touch.update({ where: { id: first.touchId }, data: { status: 'planned', claimedAt: null } });
  expect(await heldBy(first.touchId)).toEqual(['seat_profile_views consumed for good']);

  const again = await booked(agency, enrollmentId, 'invitation', ['profileView']);
  expect(await claim(agency, again.touchId, again.slotAt, 'invitation', ['profileView'])).toMatchObject({ fence: 2 });
  expect(await heldBy(first.touchId)).toEqual(['seat_invitations consumed', 'seat_profile_views consumed for good']);
  expect(await usedBy(agency)).toEqual({ seat_invitations: 1, seat_profile_views: 1 });
});

test('LIM-3: a seat that is back from a rest claims half of what was booked on it before', async () => {
  const agency = await createAgency(database);
  const touches: { touchId: string; slotAt: Date }[] = [];
  for (const enrollmentId of await createLeads(database, agency, 14)) {
    const booking = await book(agency, enrollmentId, 'invitation');
    if ('slotAt' in booking) touches.push(booking);
  }
  const [whole] = sendersOf(agency, 'linkedin');
  if (whole === undefined) throw new Error('no seat');
  const sender = {
    id: whole.id,
    resources: whole.resources.map((resource) =>
      resource.kind === 'linkedin_seat' ? { ...resource, restedUntil: '2026-03-02' } : resource,
    ),
  };
  const answers = [];
  for (const { touchId, slotAt } of touches.sort((a, b) => a.slotAt.getTime() - b.slotAt.getTime())) {
    const asked = { touchId, form: 'invitation', now: slotAt, day: dayOf(slotAt), sender } as const;
    answers.push(await transact(database, (sql) => claimTouch(sql, asked)));
  }
  expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(10);
  expect(answers.at(-1)).toMatchObject({ rule: 'LIM-3', numbers: { resource: 'seat_invitations', limit: 10 } });
  const again = (await createLeads(database, agency, 1))[0] ?? '';
  const request = bookingOf(agency, again, 'linkedin', { form: 'invitation', senders: [sender], segments: windows(4) });
  const booking = await bookTouch(database.sql, request);
  expect(booking).toMatchObject({ kind: 'booked' });
  expect('slotAt' in booking && dayOf(booking.slotAt)).toBe('2026-03-04');
});

// Whatever happens in whatever order: no limit is passed, and the counters equal what the touches hold.
test('LIM-1, LIM-6: random bookings, claims, looks and releases of both forms', async () => {
  const agency = await createAgency(database);
  const enrollments = await createLeads(database, agency, 90);
  const touches = new Map<string, KnownTouch>();
  const chosen = (state: KnownTouch['state']): [string, KnownTouch] | undefined => {
    const fitting = [...touches].filter(([, touch]) => touch.state === state);
    return fitting[randomInt(Math.max(1, fitting.length))];
  };
  const doneBy = ({ looked }: Pick<KnownTouch, 'looked'>) => (looked ? (['profileView'] as 'profileView'[]) : []);
  const steps: Record<string, () => Promise<void>> = {
    async book() {
      const enrollmentId = enrollments[randomInt(enrollments.length)] ?? '';
      const before = touches.get(enrollmentId);
      if (before !== undefined && before.state !== 'free') return;
      const form = randomInt(3) === 0 ? 'message' : 'invitation';
      const looked = before?.looked ?? false;
      const booking = await book(agency, enrollmentId, form, 6, doneBy({ looked }));
      if (!('slotAt' in booking)) return;
      const { touchId, slotAt } = booking;
      touches.set(enrollmentId, { touchId, slotAt, form, looked, fence: 0, state: 'booked' });
    },
    // A seat's touches are claimed in the order of their slots.
    async claim() {
      const due = [...touches.values()].filter(({ state }) => state === 'booked');
      const next = due.sort((a, b) => a.slotAt.getTime() - b.slotAt.getTime())[0];
      if (next === undefined) return;
      const answer = await claim(agency, next.touchId, next.slotAt, next.form, doneBy(next));
      if (answer.kind === 'claimed') Object.assign(next, { state: 'sending', fence: answer.fence });
      else await steps['release']?.();
    },
    async release() {
      const [, touch] = chosen('booked') ?? [];
      if (touch === undefined) return;
      await releaseTouches(database.sql, [touch.touchId]);
      touch.state = 'free';
    },
    async refuse() {
      const [, touch] = chosen('sending') ?? [];
      if (touch === undefined) return;
      if (touch.form === 'invitation' && !touch.looked) {
        await noteLook(database.sql, claimed(touch.touchId, touch.fence), touch.slotAt);
        touch.looked = true;
      }
      await releaseTouches(database.sql, [touch.touchId]);
      await database.touch.update({ where: { id: touch.touchId }, data: { status: 'planned', claimedAt: null } });
      touch.state = 'free';
    },
  };
  const often = ['book', 'book', 'book', 'claim', 'claim', 'refuse', 'release'];
  for (let i = 0; i < 700; i += 1) await steps[often[randomInt(often.length)] ?? 'book']?.();

  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  const rows = await database.capacityCounter.findMany({ where: { resourceId: agency.seatId } });
  for (const { counter, booked: planned, consumed } of rows) {
    const limit = limits.find((each) => each.counter === counter && each.period === 'day');
    expect(planned + consumed).toBeLessThanOrEqual(Number(limit?.maximum));
  }
  const looked = [...touches.values()].filter((touch) => touch.looked).length;
  expect(await database.capacityHold.count({ where: { resourceId: agency.seatId, isSpent: true } })).toBe(looked);
  expect(looked).toBeGreaterThan(0);
}, 60_000);

interface KnownTouch {
  touchId: string;
  slotAt: Date;
  form: TouchForm;
  looked: boolean;
  fence: number;
  state: 'booked' | 'sending' | 'free';
}
