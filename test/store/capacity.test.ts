import { randomUUID } from 'node:crypto';
import { limitsOf, type ResourceLimit } from '../../domain/limits';
import { answerSeconds, sendTimes } from '../../domain/send-times';
import { bookTouch, type Booking } from '../../store/capacity/book';
import { claimTouch } from '../../store/capacity/claim';
import { rowsOf } from '../../store/capacity/limit-rows';
import { releaseTouches } from '../../store/capacity/release';
import { transact, type Database } from '../../store/database';
import { json } from '../../store/sql';
import { createTestDatabase } from '../support/database';
import {
  bookingOf,
  countersAndHolds,
  createAgency,
  createLeads,
  monday,
  overruns,
  sendersOf,
  windows,
  type Agency,
  anyNumber,
} from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** Runs the tasks with a number of writers at once. */
async function withWriters<T>(writers: number, tasks: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const queue = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) results.push(await task());
  };
  await Promise.all(Array.from({ length: writers }, work));
  return results;
}

const slotOf = (booking: Booking): Date => {
  if (!('slotAt' in booking)) throw new Error(`not booked: ${booking.kind}`);
  return booking.slotAt;
};

async function claim(agency: Agency, touchId: string, now: Date, warmupStartedAt = '2025-01-01') {
  const { senderId } = await database.touch.findUniqueOrThrow({ where: { id: touchId } });
  const sender = sendersOf(agency, 'email', warmupStartedAt).find(({ id }) => id === senderId);
  if (sender === undefined) throw new Error('no sender');
  const day = new Date(now.getTime() + 11 * 3_600_000).toISOString().slice(0, 10);
  return transact(database, (sql) => claimTouch(sql, { touchId, form: 'email', now, day, sender }));
}

describe('booking', () => {
  test('LIM-1, LIM-2: sixteen writers, thousands of bookings on few resources: no limit passed, nothing lost', async () => {
    const warmupStartedAt = '2026-02-20'; // 20, then 35, then 50 a day
    const agencies = [
      await createAgency(database, { mailboxes: 3, warmupStartedAt }),
      await createAgency(database, { mailboxes: 2, warmupStartedAt }),
    ];
    const tasks: (() => Promise<Booking>)[] = [];
    for (const agency of agencies) {
      for (const enrollmentId of await createLeads(database, agency, 500)) {
        const email = bookingOf(agency, enrollmentId, 'email', {
          senders: sendersOf(agency, 'email', warmupStartedAt),
        });
        tasks.push(() => bookTouch(database.sql, email));
        tasks.push(() => bookTouch(database.sql, bookingOf(agency, enrollmentId, 'sms')));
        tasks.push(() => bookTouch(database.sql, bookingOf(agency, enrollmentId, 'linkedin')));
      }
    }
    tasks.sort(() => Math.random() - 0.5);
    const bookings = await withWriters(16, tasks);

    expect(bookings.map((booking) => booking.kind).filter((status) => status === 'closed')).toEqual([]);
    expect(await overruns(database, warmupStartedAt)).toEqual([]);
    const { counters, holds } = await countersAndHolds(database);
    expect(counters).toEqual(holds);
    const booked = bookings.filter((booking) => booking.kind === 'booked').length;
    expect(await database.touch.count({ where: { slotAt: { not: null } } })).toBe(booked);
    // Demand is several times the capacity, so what could be booked was: e-mail by its domains' limits of ten days.
    const emails = await database.capacityCounter.aggregate({ where: { counter: 'domain' }, _sum: { booked: true } });
    expect(emails._sum.booked).toBe(2 * (4 * 20 + 6 * 35));
    const close = await database.$queryRaw`
      SELECT 1 FROM (SELECT slot_at - lag(slot_at) OVER (PARTITION BY sender_id ORDER BY slot_at) AS apart FROM touch) t
      WHERE apart < interval '2 minutes'`;
    expect(close).toEqual([]);
  }, 120_000);

  test('is idempotent by touch: sixteen attempts at once, one slot', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1);
    const request = bookingOf(agency, enrollmentId, 'email');
    const bookings = await Promise.all(Array.from({ length: 16 }, () => bookTouch(database.sql, request)));
    expect(new Set(bookings.map((booking) => slotOf(booking).toISOString())).size).toBe(1);
    expect(bookings.filter((booking) => booking.kind === 'booked')).toHaveLength(1);
    expect(await database.capacityHold.count({ where: { resourceId: agency.domainId } })).toBe(1);
  });

  test('WARM-2: a future day has its own limit', async () => {
    const warmupStartedAt = '2026-02-27'; // day 4 on 2026-03-03 (10 a day), day 8 on 2026-03-07 (20 a day)
    const agency = await createAgency(database, { mailboxes: 2, warmupStartedAt });
    const senders = sendersOf(agency, 'email', warmupStartedAt);
    for (const enrollmentId of await createLeads(database, agency, 80)) {
      await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email', { senders }));
    }
    const rows = await database.capacityCounter.findMany({
      where: { resourceId: agency.domainId, limit: { gt: 0 } },
      orderBy: { startsOn: 'asc' },
    });
    expect(rows.map((row) => [row.booked, row.limit])).toEqual([
      [10, 10],
      [10, 10],
      [10, 10],
      [10, 10],
      [20, 20],
      [20, 20],
    ]);
  });

  test('LIM: a seat invites at most a hundred in any seven days', async () => {
    const agency = await createAgency(database);
    for (const enrollmentId of await createLeads(database, agency, 150)) {
      await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'linkedin'));
    }
    const rows = await database.capacityCounter.findMany({
      where: { resourceId: agency.seatId, counter: 'seat_invitations', booked: { gt: 0 } },
      orderBy: { startsOn: 'asc' },
    });
    expect(rows.map((row) => row.booked)).toEqual([20, 20, 20, 20, 20, 20, 20, 10]);
    const days = rows.map((row) => [row.startsOn.toISOString().slice(5, 10), row.booked] as const);
    expect(days.slice(0, 6).map(([day]) => day)).toEqual(['03-03', '03-04', '03-05', '03-06', '03-07', '03-10']);
  });

  test('LIM-5: step 1 goes to the mailbox with the most room', async () => {
    const agency = await createAgency(database, { mailboxes: 4 });
    for (const enrollmentId of await createLeads(database, agency, 40)) {
      await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email'));
    }
    const perMailbox = await database.touch.groupBy({
      by: ['senderId'],
      where: { clientId: agency.clientId },
      _count: true,
    });
    expect(perMailbox.map((row) => row._count)).toEqual([10, 10, 10, 10]);
  });

  test('a stopped enrollment books nothing; a waiting one only when it is admitted by it', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1, 'waiting');
    expect((await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email'))).kind).toBe('closed');
    expect((await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email', { admit: anyNumber }))).kind).toBe(
      'booked',
    );
    const row = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    expect([row.status, row.admittedAt]).toEqual(['active', monday]);
    await database.enrollment.update({
      where: { id: enrollmentId },
      data: { status: 'stopped', stopReason: 'reply', stopRule: 'SEQ-3', finishedAt: monday },
    });
    expect((await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'voice'))).kind).toBe('closed');
  });

  test('TRUTH-4: nothing is booked for a paused campaign', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1);
    await database.campaign.update({ where: { id: agency.campaignId }, data: { status: 'paused' } });
    expect((await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email'))).kind).toBe('closed');
  });

  test('TIME-6: slots are spread over the window, to the second', async () => {
    const agency = await createAgency(database, { mailboxes: 20 });
    const slots: Date[] = [];
    for (const enrollmentId of await createLeads(database, agency, 50)) {
      slots.push(
        slotOf(await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email', { segments: windows(1) }))),
      );
    }
    const [window] = windows(1);
    const minutes = slots.map((slot) => (slot.getTime() - (window?.from.getTime() ?? 0)) / 60_000);
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...minutes)).toBeLessThan(118.5);
    const quarters = [0, 30, 60, 90].map((from) => minutes.filter((m) => m >= from && m < from + 30).length);
    // Fifty uniform draws leave a quarter of the window below 2 once in 10,000 runs.
    for (const count of quarters) expect(count).toBeGreaterThanOrEqual(2);
    expect(new Set(slots.map((slot) => slot.getUTCSeconds())).size).toBeGreaterThan(15);
  });
});

describe('claiming and releasing', () => {
  async function booked(agency: Agency): Promise<{ touchId: string; slotAt: Date }> {
    const [enrollmentId = ''] = await createLeads(database, agency, 1);
    const booking = await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email', { segments: windows(1) }));
    if (!('slotAt' in booking)) throw new Error(booking.kind);
    return booking;
  }

  test('LIM-3: a limit that was cut in between is not passed', async () => {
    const agency = await createAgency(database, { mailboxes: 12 });
    const touches = await Promise.all(Array.from({ length: 12 }, () => booked(agency)));
    const answers = [];
    // The warm-up is found to have begun only today: 5 a day instead of 50.
    for (const { touchId, slotAt } of touches) answers.push(await claim(agency, touchId, slotAt, '2026-03-03'));
    expect(answers.filter((answer) => answer.kind === 'claimed')).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({
      kind: 'refused',
      rule: 'LIM-3',
      numbers: { resource: 'domain', limit: 5, consumed: 5 },
    });
    const { counters, holds } = await countersAndHolds(database);
    expect(counters).toEqual(holds);
  });

  test('TRUTH-1: of sixteen claims at once one succeeds', async () => {
    const agency = await createAgency(database);
    const { touchId, slotAt } = await booked(agency);
    const answers = await Promise.all(Array.from({ length: 16 }, () => claim(agency, touchId, slotAt)));
    expect(answers.filter((answer) => answer.kind === 'claimed')).toEqual([{ kind: 'claimed', fence: 1 }]);
  });

  test('LIM: five calls of the account at the same time, over all clients; a line is free when its call has ended', async () => {
    const calls: { touchId: string; agency: Agency }[] = [];
    for (let i = 0; i < 6; i += 1) {
      const agency = await createAgency(database);
      const [enrollmentId = ''] = await createLeads(database, agency, 1);
      const booking = await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'voice', { segments: windows(1) }));
      if (!('slotAt' in booking)) throw new Error(booking.kind);
      calls.push({ touchId: booking.touchId, agency });
    }
    const now = windows(1)[0]?.from ?? monday;
    const dial = ({ touchId, agency }: (typeof calls)[number], seconds: number) => {
      const [sender] = sendersOf(agency, 'voice');
      if (sender === undefined) throw new Error('no sender');
      const at = new Date(now.getTime() + seconds * 1000);
      return transact(database, (sql) =>
        claimTouch(sql, { touchId, form: 'voice', now: at, day: '2026-03-03', sender }),
      );
    };
    const answers = await Promise.all(calls.map((call) => dial(call, 0)));
    expect(answers.filter((answer) => answer.kind === 'claimed')).toHaveLength(5);
    const sixth = answers.findIndex((answer) => answer.kind === 'refused');
    expect(answers[sixth]).toMatchObject({
      rule: 'LIM-3',
      reason: 'all lines of the account are busy',
      numbers: { resource: 'account_calls', limit: 5, consumed: 5 },
    });
    const waiting = calls[sixth];
    if (waiting === undefined) throw new Error('none was refused');
    // Nobody has heard of them: the last of them may have been placed as late as an attempt may take.
    const latest = 150 + sendTimes.untilMarkMs / 1000 + answerSeconds(sendTimes);
    expect(await dial(waiting, latest - 1)).toMatchObject({ kind: 'refused', rule: 'LIM-3' });
    expect(await dial(waiting, latest)).toMatchObject({ kind: 'claimed' });
  });

  test('TIME-6: two touches of one mailbox are claimed at least two minutes apart', async () => {
    const agency = await createAgency(database);
    const [first, second] = [await booked(agency), await booked(agency)];
    const at = first.slotAt > second.slotAt ? first.slotAt : second.slotAt;
    expect(await claim(agency, first.touchId, at)).toMatchObject({ kind: 'claimed' });
    const soon = await claim(agency, second.touchId, new Date(at.getTime() + 119_000));
    expect(soon).toMatchObject({ kind: 'refused', rule: 'TIME-6' });
    expect(await claim(agency, second.touchId, new Date(at.getTime() + 130_000))).toMatchObject({ kind: 'claimed' });
  });

  test('TIME-7: a booking of yesterday cannot be claimed today', async () => {
    const agency = await createAgency(database);
    const { touchId, slotAt } = await booked(agency);
    const tomorrow = new Date(slotAt.getTime() + 86_400_000);
    expect(await claim(agency, touchId, tomorrow)).toMatchObject({ kind: 'refused', rule: 'TIME-7' });
  });

  test('LIM-6: released capacity can be booked again, booked or consumed', async () => {
    const agency = await createAgency(database, { warmupStartedAt: '2026-03-02' });
    const senders = sendersOf(agency, 'email', '2026-03-02'); // 5 a day
    const request = (enrollmentId: string) =>
      bookingOf(agency, enrollmentId, 'email', { senders, segments: windows(1) });
    const [one = '', two = '', ...rest] = await createLeads(database, agency, 7);
    const first = await bookTouch(database.sql, request(one));
    if (!('slotAt' in first)) throw new Error(first.kind);
    for (const enrollmentId of rest.slice(0, 4)) await bookTouch(database.sql, request(enrollmentId));
    expect((await bookTouch(database.sql, request(two))).kind).toBe('full');
    await claim(agency, first.touchId, first.slotAt, '2026-03-02');
    await releaseTouches(database.sql, [first.touchId]);
    expect((await bookTouch(database.sql, request(two))).kind).toBe('booked');
    const { counters, holds } = await countersAndHolds(database);
    expect(counters).toEqual(holds);
  });
});

describe('a limit of any period is a row (LIM)', () => {
  const month: ResourceLimit = {
    counter: 'client_made_up',
    resourceId: randomUUID(),
    period: 'month',
    stages: [{ from: null, maximum: 3 }],
    lastsSeconds: null,
  };

  /** Books e-mails under the limits of the table and one more. */
  async function bookUnder(limit: ResourceLimit, days: number, count: number) {
    const agency = await createAgency(database);
    const segments = windows(days);
    const [sender] = sendersOf(agency, 'email');
    if (sender === undefined) throw new Error('no sender');
    const limits = [...limitsOf('email', sender.resources), limit];
    const touches: { id: string; slotAt: Date }[] = [];
    for (const enrollmentId of await createLeads(database, agency, count)) {
      const { clientId, campaignId } = agency;
      const ids = { touchId: randomUUID(), clientId, campaignId, enrollmentId, step: 1, channel: 'email' };
      const rows = rowsOf(sender.id, limits, { first: '2026-03-03', last: '2026-05-01' });
      const booking = { ...ids, now: monday, admit: false, spacingSeconds: 150, limits: rows };
      const [row] = await database.sql<{ answer: { kind: string; touchId: string; slotAt: string } }>`
        SELECT book_touch(${json(booking)}::jsonb, ${segments.map((segment) => segment.day)}::date[],
          ${segments.map((segment) => segment.from.getTime() / 1000)}::bigint[],
          ${segments.map((segment) => segment.to.getTime() / 1000)}::bigint[]) AS answer`;
      if (row?.answer.kind === 'booked') touches.push({ id: row.answer.touchId, slotAt: new Date(row.answer.slotAt) });
    }
    return { sender, limits, touches };
  }

  test('a month: three in March, the next ones from the first of April on; a fourth is not claimed', async () => {
    const { touches, limits, sender } = await bookUnder(month, 40, 8);
    const months = touches.map(({ slotAt }) => new Date(slotAt.getTime() + 11 * 3_600_000).toISOString().slice(0, 7));
    expect(months).toEqual(['2026-03', '2026-03', '2026-03', '2026-04', '2026-04', '2026-04']);
    const counters = await database.capacityCounter.findMany({
      where: { counter: month.counter },
      orderBy: { startsOn: 'asc' },
    });
    expect(counters.map((row) => [row.period, row.startsOn.toISOString().slice(0, 10), row.booked, row.limit])).toEqual(
      [
        ['month', '2026-03-01', 3, 3],
        ['month', '2026-04-01', 3, 3],
      ],
    );
    const [first, second] = touches;
    if (first === undefined || second === undefined) throw new Error('nothing was booked');
    // The budget is cut to one: the second is refused at the instant of sending.
    const cut = limits.map((limit) => ({
      ...limit,
      stages: limit === month ? [{ from: null, maximum: 1 }] : limit.stages,
    }));
    const claimUnder = async (touch: { id: string; slotAt: Date }) => {
      const day = new Date(touch.slotAt.getTime() + 11 * 3_600_000).toISOString().slice(0, 10);
      const limits = rowsOf(sender.id, cut, { first: day, last: day });
      const asked = { touchId: touch.id, now: touch.slotAt, day, limits, spacingSeconds: 0 };
      const [row] = await database.sql<{ answer: unknown }>`SELECT claim_touch(${json(asked)}::jsonb) AS answer`;
      return row?.answer;
    };
    expect(await claimUnder(first)).toMatchObject({ kind: 'claimed' });
    expect(await claimUnder(second)).toMatchObject({
      kind: 'refused',
      rule: 'LIM-3',
      reason: 'the limit of the month is used up',
      numbers: { resource: month.counter, limit: 1, consumed: 1 },
    });
    const { counters: counted, holds } = await countersAndHolds(database);
    expect(counted).toEqual(holds);
  });

  test('seven days alone: the day has a counter, the week decides', async () => {
    const week: ResourceLimit = {
      ...month,
      counter: 'client_made_up_week',
      resourceId: randomUUID(),
      period: 'sevenDays',
    };
    const { touches } = await bookUnder(week, 12, 7);
    const days = touches.map(({ slotAt }) => new Date(slotAt.getTime() + 11 * 3_600_000).toISOString().slice(5, 10));
    expect(days).toEqual(['03-03', '03-03', '03-03', '03-10', '03-10', '03-10']);
  });
});
