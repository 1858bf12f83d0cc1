import fc from 'fast-check';
import { goodDns } from '../support/dns';
import { createActivities } from '../../activities/create-activities';
import type { Database } from '../../store/database';
import { bookTouch } from '../../store/capacity/book';
import { recordEvent } from '../../store/events/record-event';
import {
  bookingOf,
  countersAndHolds,
  createAgency,
  createLeads,
  monday,
  secretKey,
  windows,
  type Agency,
} from '../store/fixtures';
import { eventOf } from '../events/provider-events';
import { sendMails } from '../store/sent-mails';
import { createTestDatabase } from '../support/database';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { readDomainWeek } from '../../store/senders/health';
import { engineByHand, expectDelivery, manualClock, oneLead } from './engine-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

function activitiesAt(at: Date) {
  const clock = manualClock(at);
  const deliverOutbox = () => Promise.resolve({ delivered: 0, failed: 0 });
  const providers = createRecordingProviders(database, clock, {});
  const activities = createActivities({
    database,
    clock,
    providers,
    resolver: goodDns,
    deliverOutbox,
    log: silentLog,
    secretKey,
    publicBaseUrl: '',
  });
  return { clock, activities };
}

/** Two of the twenty mails of the day before bounce. */
async function halve(agency: Agency): Promise<void> {
  const mails = await sendMails(database, agency, 20, new Date(monday.getTime() - 86_400_000));
  for (const { touchId } of mails.slice(0, 2)) {
    await recordEvent(database, eventOf('softBounce', { occurredAt: monday, touchId }), secretKey, monday);
  }
}

/** What is booked for the domain, by day. */
async function bookedByDay(agency: Agency): Promise<[string, number][]> {
  const rows = await database.capacityCounter.findMany({
    where: { counter: 'domain', resourceId: agency.domainId, booked: { gt: 0 } },
    orderBy: { startsOn: 'asc' },
  });
  return rows.map((row) => [row.startsOn.toISOString().slice(0, 10), row.booked]);
}

/** A domain in its first days, which may send five a day, with so many first mails booked. */
async function bookedAgency(count: number): Promise<{ agency: Agency; enrollments: string[] }> {
  const agency = await createAgency(database, { warmupStartedAt: '2026-02-22', mailboxes: 2 });
  const enrollments = await createLeads(database, agency, count);
  const rows = await database.enrollment.findMany({ where: { id: { in: enrollments } } });
  for (const [index, row] of rows.entries()) {
    await database.lead.update({ where: { id: row.leadId }, data: { score: 40 + index } });
    await bookTouch(
      database.sql,
      bookingOf(agency, row.id, 'email', { senders: sendersOfYoungDomain(agency), segments: windows(10) }),
    );
  }
  return { agency, enrollments: rows.map((row) => row.id) };
}

/** Ten a day would be its stage on day 9; this agency's domain is on day 8 to 14: 20 a day. */
function sendersOfYoungDomain(agency: Agency) {
  return bookingOf(agency, '', 'email').senders.map((sender) => ({
    ...sender,
    resources: sender.resources.map((resource) =>
      resource.kind === 'domain' ? { ...resource, warmupStartedAt: '2026-02-22' } : resource,
    ),
  }));
}

describe('HLTH-2: bookings that a halved limit has no room for', () => {
  test('the lowest scores move to the coming days, no day is overfull, and each knows why', async () => {
    const { agency, enrollments } = await bookedAgency(20);
    expect(await bookedByDay(agency)).toEqual([['2026-03-03', 20]]);
    await halve(agency);
    await activitiesAt(monday).activities.keepHouse();
    expect(await bookedByDay(agency)).toEqual([
      ['2026-03-03', 10],
      ['2026-03-04', 10],
    ]);
    const touches = await database.touch.findMany({
      where: { enrollmentId: { in: enrollments } },
      include: { enrollment: { include: { lead: true } } },
    });
    const scoresOn = (day: string) =>
      touches
        .filter(({ slotAt }) => slotAt && new Date(slotAt.getTime() + 11 * 3_600_000).toISOString().startsWith(day))
        .map((touch) => touch.enrollment.lead.score ?? 0);
    expect(Math.min(...scoresOn('2026-03-03'))).toBeGreaterThan(Math.max(...scoresOn('2026-03-04')));
    const told = await database.timelineEntry.findMany({ where: { clientId: agency.clientId, rule: 'HLTH-2' } });
    expect(told).toHaveLength(10);
    expect(await database.outbox.count({ where: { clientId: agency.clientId, kind: 'leadSignal' } })).toBe(10);
    const { counters, holds } = await countersAndHolds(database);
    expect(counters).toEqual(holds);
  });

  test('a second look moves nobody', async () => {
    const { agency } = await bookedAgency(20);
    await halve(agency);
    await activitiesAt(monday).activities.keepHouse();
    const before = await bookedByDay(agency);
    await activitiesAt(monday).activities.keepHouse();
    expect(await bookedByDay(agency)).toEqual(before);
    expect(await database.timelineEntry.count({ where: { clientId: agency.clientId, rule: 'HLTH-2' } })).toBe(10);
  });

  test('until the look comes, the claim refuses what is too much: in force at once (HLTH-3)', async () => {
    const { agency, enrollments } = await bookedAgency(20);
    await halve(agency);
    const { clock, activities } = activitiesAt(monday);
    const moves = [];
    for (const enrollmentId of enrollments)
      moves.push({ enrollmentId, move: expectDelivery(await activities.prepare({ enrollmentId })) });
    moves.sort((a, b) => a.move.wakeAt - b.move.wakeAt);
    for (const { enrollmentId, move } of moves) {
      clock.set(move.wakeAt);
      await activities.deliver({ enrollmentId, touchId: move.touchId });
    }
    const day = await database.capacityCounter.findFirstOrThrow({
      where: { counter: 'domain', resourceId: agency.domainId, startsOn: new Date('2026-03-03') },
    });
    expect(day).toMatchObject({ consumed: 10, limit: 10 });
  });

  test('the hourly look says when the next one is', async () => {
    expect(await activitiesAt(monday).activities.keepHouse()).toEqual({ nextAt: monday.getTime() + 3_600_000 });
  });
});

test('LIM-3, HLTH-3: however often the health turns, no mail leaves beyond the limit as it stands at that instant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), async (turns) => {
      const { agency, enrollments } = await bookedAgency(20);
      const { clock, activities } = activitiesAt(monday);
      const isHalved = async (to: boolean): Promise<void> => {
        const data = { halvedSince: to ? monday : null };
        await database.sendingDomain.update({ where: { id: agency.domainId }, data });
      };
      const moves = [];
      for (const enrollmentId of enrollments) {
        moves.push({ enrollmentId, move: expectDelivery(await activities.prepare({ enrollmentId })) });
      }
      moves.sort((a, b) => a.move.wakeAt - b.move.wakeAt);
      const day = { counter: 'domain', resourceId: agency.domainId, startsOn: new Date('2026-03-03') };
      let sent = 0;
      for (const [index, { enrollmentId, move }] of moves.entries()) {
        const halved = turns[index] ?? false;
        await isHalved(halved);
        clock.set(move.wakeAt);
        await activities.deliver({ enrollmentId, touchId: move.touchId });
        const { consumed } = await database.capacityCounter.findFirstOrThrow({ where: day });
        if (consumed > sent) expect(consumed).toBeLessThanOrEqual(halved ? 10 : 20);
        expect(consumed - sent).toBeLessThanOrEqual(1);
        sent = consumed;
      }
      const { counters, holds } = await countersAndHolds(database);
      expect(counters).toEqual(holds);
    }),
    { numRuns: 6 },
  );
}, 60_000);

describe('HLTH-1, HLTH-3: a mail that the server refuses at once', () => {
  test.each([
    ['as there is no such address: sent and bounced', { error: 'no_such_user', hardBounce: true }, 21, 2],
    ['for something else: not sent', { error: 'policy' }, 20, 1],
  ])('%s', async (_, refusal, sends, bounces) => {
    const { enrollmentId, agency } = await oneLead(database);
    // One of twenty bounced: 5 %, and not more.
    const [first] = await sendMails(database, agency, 20, new Date(monday.getTime() - 86_400_000));
    const bounce = eventOf('softBounce', { occurredAt: monday, touchId: first?.touchId ?? '' });
    await recordEvent(database, bounce, secretKey, monday);
    const engine = engineByHand(database, {
      onSend: ({ channel }) => (channel === 'email' ? { kind: 'rejected', retry: 'never', ...refusal } : undefined),
    });
    await engine.deliver(enrollmentId, await engine.prepare(enrollmentId));
    const now = await engine.clock.now();
    const week = await readDomainWeek(database.sql, agency.domainId, 'Australia/Sydney', now);
    expect(week).toMatchObject({ sends, bounces });
    const { halvedSince } = await database.sendingDomain.findUniqueOrThrow({ where: { id: agency.domainId } });
    expect(halvedSince?.getTime() ?? null).toBe(bounces === 2 ? now.getTime() : null);
  });
});
