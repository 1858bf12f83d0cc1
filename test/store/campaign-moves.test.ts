import { bookTouch } from '../../store/capacity/book';
import { moveCampaign } from '../../store/campaigns/campaigns';
import { transact, type Database } from '../../store/database';
import { stopWaiting } from '../../store/enrollments/finish';
import { stopLeadOnRequest } from '../../store/leads/lead-control';
import { createTestDatabase } from '../support/database';
import { somebodyWaits } from '../support/locks';
import {
  bookingOf,
  campaignOf,
  countersAndHolds,
  createAgency,
  createLeads,
  monday,
  windows,
  anyNumber,
} from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase(20));
});
afterAll(() => drop());
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

const statuses = async (ids: readonly string[]) => {
  const rows = await database.enrollment.findMany({ where: { id: { in: [...ids] } } });
  return ids.map((id) => rows.find((row) => row.id === id)?.status);
};
/** Whose workflows are owed a wake-up, as often as they are. */
const owedWakeUps = async (ids: readonly string[]) => {
  const where = { subjectId: { in: [...ids] }, kind: 'leadSignal', deliveredAt: null };
  const rows = await database.outbox.findMany({ where });
  expect(rows.every((row) => (row.payload as { signal: string }).signal === 'leadWoken')).toBe(true);
  return rows.map((row) => row.subjectId).sort();
};

/** An agency with leads that wait, leads on their way, and one that has ended; no Temporal anywhere. */
async function underway(campaign: 'active' | 'paused' = 'active') {
  const agency = await createAgency(database, { mailboxes: 2 });
  const waiting = await createLeads(database, agency, 3, 'waiting');
  const [ended = '', ...active] = await createLeads(database, agency, 4);
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: ended } });
  await stopLeadOnRequest(database, { clientId: agency.clientId, leadId }, monday);
  await database.outbox.deleteMany({ where: { subjectId: ended } });
  for (const id of active) await bookTouch(database.sql, bookingOf(agency, id, 'email'));
  if (campaign === 'paused') await moveCampaign(database, campaignOf(agency), 'pause', monday);
  return { agency, waiting, active: active.sort(), ended };
}

describe('CTL-3: completing a campaign leaves no lead behind, also when nobody hears of it', () => {
  test.each(['active', 'paused'] as const)('one that is %s', async (state) => {
    const { agency, waiting, active, ended } = await underway(state);
    const { moved } = await moveCampaign(database, campaignOf(agency), 'complete', monday);
    expect(moved).toBe(true);
    expect(await statuses([...waiting, ...active, ended])).toEqual([
      ...waiting.map(() => 'stopped'),
      ...active.map(() => 'active'),
      'stopped',
    ]);
    // Whoever is on the way is told, once; whoever waits or has ended has no workflow to tell.
    expect(await owedWakeUps([...waiting, ...active, ended])).toEqual(active);
    const stories = await database.timelineEntry.findMany({ where: { enrollmentId: { in: waiting } } });
    expect(stories.map(({ what, reason, rule }) => [what, reason, rule])).toEqual(
      waiting.map(() => ['stopped', 'campaign completed', 'CTL-3']),
    );
    const rows = await database.enrollment.findMany({ where: { id: { in: waiting } } });
    expect(rows.map((row) => [row.stopReason, row.stopRule, row.finishedAt])).toEqual(
      waiting.map(() => ['campaign completed', 'CTL-3', monday]),
    );
  });

  test('all of it or nothing: when a wake-up cannot be owed, the campaign goes on', async () => {
    const { agency, waiting, active } = await underway();
    await database.$executeRaw`ALTER TABLE outbox ADD CONSTRAINT no_room CHECK (kind <> 'leadSignal') NOT VALID`;
    try {
      await expect(moveCampaign(database, campaignOf(agency), 'complete', monday)).rejects.toThrow('no_room');
    } finally {
      await database.$executeRaw`ALTER TABLE outbox DROP CONSTRAINT no_room`;
    }
    const { status, completedAt } = await database.campaign.findUniqueOrThrow({ where: { id: agency.campaignId } });
    expect([status, completedAt]).toEqual(['active', null]);
    expect(await statuses([...waiting, ...active])).toEqual([
      ...waiting.map(() => 'waiting'),
      ...active.map(() => 'active'),
    ]);
  });

  test('a second one does nothing', async () => {
    const { agency, active } = await underway();
    await moveCampaign(database, campaignOf(agency), 'complete', monday);
    expect(await moveCampaign(database, campaignOf(agency), 'complete', monday)).toEqual({
      moved: false,
      outboxIds: [],
    });
    expect(await owedWakeUps(active)).toEqual(active);
  });

  test("another client's campaign is not moved", async () => {
    const [one, other] = [await underway(), await underway()];
    const stolen = { clientId: other.agency.clientId, id: one.agency.campaignId };
    expect((await moveCampaign(database, stolen, 'complete', monday)).moved).toBe(false);
    expect(await statuses(one.waiting)).toEqual(one.waiting.map(() => 'waiting'));
  });
});

describe('TRUTH-4: pause and resume', () => {
  test('a pause takes every booking back and wakes nobody; resuming owes each active lead a wake-up, once', async () => {
    const { agency, waiting, active } = await underway();
    const booked = () =>
      database.touch.count({ where: { campaignId: agency.campaignId, slotAt: { not: null }, status: 'planned' } });
    expect(await booked()).toBe(active.length);
    await moveCampaign(database, campaignOf(agency), 'pause', monday);
    expect(await booked()).toBe(0);
    expect(await owedWakeUps(active)).toEqual([]);
    for (const move of ['resume', 'pause', 'resume'] as const) {
      await moveCampaign(database, campaignOf(agency), move, monday);
    }
    expect(await owedWakeUps([...waiting, ...active])).toEqual(active);
    expect(await statuses(waiting)).toEqual(waiting.map(() => 'waiting'));
  });
});

describe('completing beside bookings', () => {
  test.each(['waiting', 'active'] as const)(
    'one of a lead that is %s, half way: each waits for the other once',
    async (of) => {
      const agency = await createAgency(database);
      const [id = ''] = await createLeads(database, agency, 1, of);
      let completing: Promise<unknown> = Promise.resolve();
      const booking = await transact(database, async (sql) => {
        await sql`SELECT 1 FROM enrollment WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
        completing = moveCampaign(database, campaignOf(agency), 'complete', monday);
        await Promise.race([completing, somebodyWaits(database)]);
        return bookTouch(sql, bookingOf(agency, id, 'email', { admit: anyNumber }));
      });
      await completing;
      // A waiting lead's booking came first, so it is admitted and then woken; an active one's found the campaign completed.
      expect(booking.kind).toBe(of === 'waiting' ? 'booked' : 'closed');
      expect([await statuses([id]), await owedWakeUps([id])]).toEqual([['active'], [id]]);
    },
  );

  test('a lead that is imported and just being booked meanwhile: nobody is rolled back, and the lead ends', async () => {
    const agency = await createAgency(database);
    let completing: Promise<unknown> = Promise.resolve();
    let imported = '';
    const booking = await transact(database, async (sql) => {
      await transact(database, async (other) => {
        // Completion has locked whoever waits, nobody, and now waits for the campaign.
        await other`SELECT 1 FROM campaign WHERE id = ${agency.campaignId}::uuid FOR SHARE`;
        completing = moveCampaign(database, campaignOf(agency), 'complete', monday);
        await somebodyWaits(database);
        [imported = ''] = await createLeads(database, agency, 1, 'waiting');
        await sql`SELECT 1 FROM enrollment WHERE id = ${imported}::uuid FOR NO KEY UPDATE`;
      });
      await Promise.race([completing, somebodyWaits(database)]);
      return bookTouch(sql, bookingOf(agency, imported, 'email', { admit: anyNumber }));
    });
    await completing;
    expect([booking.kind, await statuses([imported])]).toEqual(['closed', ['waiting']]);
    await stopWaiting(database, agency.campaignId, monday);
    expect(await statuses([imported])).toEqual(['stopped']);
  });

  test.each([1, 2, 3, 4, 5, 6])('round %i: nobody waits for ever, nobody is stranded', async () => {
    const agency = await createAgency(database, { mailboxes: 3 });
    const [waiting, active] = [
      await createLeads(database, agency, 8, 'waiting'),
      await createLeads(database, agency, 8, 'active'),
    ];
    const book = (id: string) =>
      bookTouch(database.sql, bookingOf(agency, id, 'email', { admit: anyNumber, segments: windows(3) }));
    const ids = waiting.flatMap((id, index) => [id, active[index] ?? '']);
    const bookings = ids.slice(0, 8).map(book);
    const completing = moveCampaign(database, campaignOf(agency), 'complete', monday);
    bookings.push(...ids.slice(8).map(book));
    const { moved } = await completing;
    const kinds = (await Promise.all(bookings)).map(({ kind }) => kind);
    expect(moved).toBe(true);
    expect(kinds.every((kind) => kind === 'booked' || kind === 'closed')).toBe(true);
    const now = await statuses(ids);
    expect(now).not.toContain('waiting');
    // Whoever was admitted just before is woken; whoever was not has ended.
    expect(await owedWakeUps(ids)).toEqual(ids.filter((_, index) => now[index] === 'active').sort());
    const admitted = waiting.filter((id) => now[ids.indexOf(id)] === 'active');
    const starts = await database.outbox.findMany({ where: { subjectId: { in: ids }, kind: 'startLead' } });
    expect(starts.map((row) => row.subjectId).sort()).toEqual(admitted.sort());
  });
});
