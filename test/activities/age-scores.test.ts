import { ageScores } from '../../activities/maintenance/age-scores';
import { Prisma } from '../../prisma/generated/client';
import type { Database } from '../../store/database';
import { writeScoreFacts } from '../../store/leads/score-facts';
import { rescoreLeads } from '../../store/leads/scoring';
import { createAgency, createLeads, monday, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { goodDns } from '../support/dns';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { manualClock } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** A lead of a new agency in Sydney with a computed score, and these facts. */
async function scored(status: 'active' | 'waiting', facts: { roleStartedOn?: string; fundedOn?: string }) {
  const agency = await createAgency(database);
  const [enrollmentId = ''] = await createLeads(database, agency, 1, status);
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  await database.lead.update({ where: { id: leadId }, data: { score: null, title: 'Founder' } });
  await writeScoreFacts(database.sql, agency.clientId, [{ leadId, ...facts }]);
  await rescoreLeads(database, { clientId: agency.clientId, leadIds: [leadId] }, monday);
  const score = async () => (await database.lead.findUniqueOrThrow({ where: { id: leadId } })).score ?? -1;
  return { agency, enrollmentId, leadId, score };
}

/** Does the chore at an instant. @returns the outbox rows that it has delivered, and how often it said that it goes on */
async function ageAt(at: string) {
  const clock = manualClock(new Date(at));
  const delivered: string[] = [];
  let beats = 0;
  await ageScores(
    {
      database,
      clock,
      providers: createRecordingProviders(database, clock, {}),
      resolver: goodDns,
      deliverOutbox: (which) => {
        if (which.kind === 'ids') delivered.push(...which.ids);
        return Promise.resolve({ delivered: 0, failed: 0 });
      },
      log: silentLog,
      secretKey,
      publicBaseUrl: 'https://engine.example',
    },
    () => void (beats += 1),
  );
  return { delivered, beats };
}

test('ACC-3: six months in the role are over on the client’s calendar, to the day', async () => {
  // Monday is 2026-03-02. Under six months until 2026-06-15 in Sydney begins.
  const { score, enrollmentId } = await scored('active', { roleStartedOn: '2025-12-15' });
  const fresh = await score();
  expect((await ageAt('2026-06-14T13:59:00Z')).delivered).toEqual([]); // the 14th, 23:59
  expect(await score()).toBe(fresh);
  const { delivered, beats } = await ageAt('2026-06-14T14:01:00Z'); // the 15th, 00:01
  expect(await score()).toBe(fresh - 6);
  expect([delivered.length, beats]).toEqual([1, 1]);
  const entries = await database.timelineEntry.findMany({
    where: { enrollmentId, what: 'scored' },
    orderBy: { id: 'asc' },
  });
  expect(entries.at(-1)).toMatchObject({ rule: 'ACC-3', numbers: { before: fresh, score: fresh - 6, timing: 0 } });
  // Done again it changes nothing, and wakes nobody.
  expect(await ageAt('2026-06-14T14:02:00Z')).toEqual({ delivered: [], beats: 0 });
});

test('funding ages after twelve months, for whoever waits too; a role that begins later counts from then on', async () => {
  const funded = await scored('waiting', { fundedOn: '2025-04-01' });
  const later = await scored('waiting', { roleStartedOn: '2026-04-10' });
  const [before, beforeRole] = [await funded.score(), await later.score()];
  await ageAt('2026-04-02T00:00:00Z');
  expect(await funded.score()).toBe(before - 4);
  expect(await later.score()).toBe(beforeRole);
  await ageAt('2026-04-11T00:00:00Z');
  expect(await later.score()).toBe(beforeRole + 6);
});

test('a score of the import’s own does not age, nor does that of a lead who is done', async () => {
  const done = await scored('active', { roleStartedOn: '2025-12-15' });
  const own = await scored('active', { roleStartedOn: '2025-12-15' });
  await database.enrollment.update({
    where: { id: done.enrollmentId },
    data: { status: 'completed', finishedAt: monday },
  });
  await database.lead.update({
    where: { id: own.leadId },
    data: { score: 77, scoreSource: 'import', scoreParts: Prisma.DbNull },
  });
  const before = await done.score();
  await ageAt('2027-01-01T00:00:00Z');
  expect([await done.score(), await own.score()]).toEqual([before, 77]);
});
