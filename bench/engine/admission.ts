import { MockActivityEnvironment } from '@temporalio/testing';
import { closeDatabase, openDatabase } from '../../store/database';
import type { Sql } from '../../store/sql';
import { atMost, rowOf } from '../rows';
import type { BenchRun } from '../run';
import { agencyAt, createAgencies, type AgencyGroup } from '../world/agencies';
import { createLeads } from '../world/leads';
import type { BenchWorld } from '../world/server';
import type { AdmitResult } from '../../workflows/contract';
import { activitiesAt } from './instant-engine';

/** Tuesday 2026-03-03, 08:30 in Sydney: the day's window is still to come. */
const morning = new Date('2026-03-02T21:30:00Z');

/** How many times as many rows may be read where ten times as many leads wait. */
const rowsOfMore = 1.5;

/** A morning's admission out of thousands that wait: what is read must follow what can be admitted (PACE-4). */
export async function measureAdmission({ server, report, sizes }: BenchRun): Promise<void> {
  const world = await server.createWorld();
  const few: AgencyGroup = { name: 'few', agencies: 1 };
  const near: AgencyGroup = { name: 'near', agencies: 1 };
  const far: AgencyGroup = { name: 'far', agencies: 1 };
  const waiting = new Map([
    [few, Math.ceil(sizes.waiting / 10)],
    [near, sizes.waiting],
    [far, sizes.waiting],
  ]);
  report.progress(`making ${sizes.waiting} waiting leads, twice …`);
  await world.fill(async (filler) => {
    for (const [group, each] of waiting) {
      await createAgencies(filler, group);
      await createLeads(filler, { group, purpose: 'waiting', each }, 'waiting');
    }
    await filler.query(inEightCalendars, [agencyAt(far, 0).clientId]);
    await filler.query('VACUUM ANALYZE');
  });
  report.progress('admitting …');
  const whatOf = (group: AgencyGroup): string => `admit out of ${waiting.get(group)} waiting leads`;
  const least = await admitOnce({ report, world, group: few, what: `${whatOf(few)} of one calendar`, least: null });
  await admitOnce({ report, world, group: near, what: `${whatOf(near)} of one calendar`, least });
  await admitOnce({ report, world, group: far, what: `${whatOf(far)} of eight calendars`, least: null });
  await world.close();
}

const inEightCalendars = `
  UPDATE lead SET (timezone, call_timezone, country_code, region_code) = (
    SELECT z.zone, z.zone, z.country, NULL FROM (VALUES (0, 'Australia/Sydney', 'AU'), (1, 'Pacific/Auckland', 'NZ'),
      (2, 'Europe/London', 'GB'), (3, 'America/New_York', 'US'), (4, 'America/Los_Angeles', 'US'),
      (5, 'Asia/Singapore', 'SG'), (6, 'Europe/Berlin', 'DE'), (7, 'Australia/Perth', 'AU')
    ) AS z(n, zone, country) WHERE z.n = abs(hashtext(lead.email)) % 8)
  WHERE client_id = $1`;

interface Admission {
  report: BenchRun['report'];
  world: BenchWorld;
  group: AgencyGroup;
  what: string;
  /** Rows read for each where fewer wait; null: nothing to compare with. */
  least: number | null;
}

/** @returns rows read for each lead that was admitted */
async function admitOnce({ report, world, group, what, least }: Admission): Promise<number> {
  const before = await rowsRead(world.database.sql);
  // Of its own, so that its end is heard of by the statistics.
  const database = openDatabase(world.url, 4);
  const { campaignId } = agencyAt(group, 0);
  const activities = activitiesAt(database, morning);
  const began = performance.now();
  const { admitted }: AdmitResult = await new MockActivityEnvironment().run(() => activities.admit({ campaignId }));
  const took = performance.now() - began;
  await closeDatabase(database);
  const read = (await rowsRead(world.database.sql)) - before;
  const each = admitted === 0 ? NaN : read / admitted;
  const rate = admitted / (took / 1000);
  report.add(
    rowOf({
      part: 'engine',
      what,
      measured: { latencies: [took], medians: [took], rates: [rate] },
      verdicts: () => (least === null ? [] : [atMost('× rows of a tenth', each / least, rowsOfMore)]),
      more: { admitted, 'rows of leads and enrollments read': read, 'rows for each': each.toFixed(0) },
    }),
  );
  return each;
}

/** Rows of leads and enrollments that statements have read so far, by the database's own count. */
async function rowsRead(sql: Sql): Promise<number> {
  // The count of a connection that has just ended arrives a little later.
  await sql`SELECT pg_sleep(0.3)`;
  await sql`SELECT pg_stat_clear_snapshot()`;
  const [row] = await sql<{ read: number }>`
    SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS read
    FROM pg_stat_user_tables WHERE relname IN ('lead', 'enrollment')`;
  return row?.read ?? 0;
}
