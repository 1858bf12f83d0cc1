import type { BenchRun } from '../run';
import { rowOf, atMost } from '../rows';
import { operationsIn, ratioOfTimes, takeTurns, type Course, type Measured } from '../rounds';
import type { Sql } from '../../store/sql';
import { createAgencies, type AgencyGroup } from '../world/agencies';
import { createHistory, createPlanned, fillDays } from '../world/history';
import { createLeads, type LeadsOf } from '../world/leads';
import { createTraces } from '../world/traces';
import type { BenchWorld } from '../world/server';
import { bookEmail, windows, writeSameRows } from './booking';
import { measureClaims } from './claims';

const floorOfBooking = 'the same rows in one statement';
/** Clients whose bookings come from all sides at a time. */
const oneClient = 'one';

/** A world of the past: agencies with history, others whose next sixty days are full, and one that everybody wants. */
export interface House {
  world: BenchWorld;
  sql: Sql;
  touches: number;
  agencies: AgencyGroup;
  /** As many others without history: for what may not come between the touches of the first. */
  plain: AgencyGroup;
  full: AgencyGroup;
  one: AgencyGroup;
  /** Makes active leads for one measurement. */
  leadsFor(purpose: string, group: AgencyGroup, count: number): Promise<LeadsOf>;
}

export async function buildHouse({ server, report, sizes }: BenchRun, touches: number): Promise<House> {
  const began = performance.now();
  report.progress(`making ${touches} touches …`);
  const world = await server.createWorld();
  const agencies = { name: 'warm', agencies: sizes.agencies };
  const plain = { name: 'plain', agencies: sizes.agencies };
  const full = { name: 'full', agencies: 5 };
  const one = { name: oneClient, agencies: 1 };
  await world.fill(async (filler) => {
    for (const group of [agencies, plain, full, one]) await createAgencies(filler, group);
    const past = { group: agencies, purpose: 'past', each: Math.ceil(touches / 5 / sizes.agencies) };
    await createLeads(filler, past, 'completed');
    await createHistory(filler, past);
    await createTraces(filler, past);
    const ahead = { group: agencies, purpose: 'ahead', each: Math.ceil(past.each / 4) };
    await createLeads(filler, ahead, 'active');
    await createPlanned(filler, ahead);
    await createLeads(filler, { ...ahead, purpose: 'queue' }, 'waiting');
    await fillDays(filler, full, 61);
    await filler.query('VACUUM ANALYZE');
  });
  report.progress(`made ${touches} touches in ${Math.round((performance.now() - began) / 1000)} s`);
  return {
    world,
    sql: world.database.sql,
    touches,
    agencies,
    plain,
    full,
    one,
    async leadsFor(purpose, group, count) {
      const leads = { group, purpose, each: Math.ceil(count / group.agencies) };
      await world.fill((filler) => createLeads(filler, leads, 'active'));
      return leads;
    },
  };
}

/** Booking, claiming and releasing against what writing the same rows costs (LIM-2, LIM-3, LIM-6). */
export async function measureCapacity(run: BenchRun): Promise<void> {
  const houses: House[] = [];
  for (const touches of run.sizes.touches) houses.push(await buildHouse(run, touches));
  const [smallest, largest] = [houses[0], houses.at(-1)];
  if (smallest === undefined || largest === undefined) return;
  for (const house of [smallest, largest]) await measureDays(run, house);
  await measureTouches(run, houses);
  for (const house of [smallest, largest]) await measureWriters(run, house);
  for (const house of [smallest, largest]) await measureClaims(run, house);
  for (const { world } of houses) await world.close();
}

const courseOf = ({ sizes }: BenchRun, writers: number): Course => ({
  rounds: sizes.rounds,
  perRound: sizes.perRound,
  warmUp: sizes.warmUp,
  writers,
});

/** 1, 10 and 60 days offered, and 60 that are full. */
async function measureDays(run: BenchRun, house: House): Promise<void> {
  const course = courseOf(run, 1);
  const { sql } = house;
  run.report.progress(`booking with 1, 10 and 60 days offered, ${house.touches} touches …`);
  const leads = (name: string, group = house.agencies) => house.leadsFor(`days-${name}`, group, operationsIn(course));
  const [floor, d1, d10, d60] = [await leads('floor'), await leads('1'), await leads('10'), await leads('60')];
  const [full, last] = [await leads('full', house.full), await leads('last', house.full)];
  const results = await takeTurns(
    {
      floor: (index) => writeSameRows(sql, { leads: floor, index }),
      '1 day offered': (index) => bookEmail(house.world.database, { leads: d1, index, segments: windows(1) }),
      '10 days offered': (index) => bookEmail(house.world.database, { leads: d10, index, segments: windows(10) }),
      '60 days offered': (index) => bookEmail(house.world.database, { leads: d60, index, segments: windows(60) }),
      '60 days offered, all full': (index) =>
        bookEmail(house.world.database, { leads: full, index, segments: windows(60) }, 'full'),
      '60 full days, then 20 free ones': (index) =>
        bookEmail(house.world.database, { leads: last, index, segments: windows(81) }),
    },
    course,
  );
  const { floor: floorResult, ...booked } = results;
  const first = booked['1 day offered'];
  for (const [name, measured] of Object.entries(booked)) {
    run.report.add(
      rowOf({
        part: 'capacity',
        what: `book, ${name}, ${house.touches} touches`,
        measured,
        floor: { what: floorOfBooking, measured: floorResult },
        verdicts: ({ ratio }) => [atMost('× floor', ratio, 2.5), flat('1 day', ratioOfTimes(measured, first))],
      }),
    );
  }
}

/** Flat means: within the noise of a busy machine. */
const flat = (than: string, ratio: number) => atMost(`× ${than}`, ratio, 1.5);

/** The same booking beside more and more touches, in turns. */
async function measureTouches(run: BenchRun, houses: readonly House[]): Promise<void> {
  const course = courseOf(run, 1);
  run.report.progress('booking beside more and more touches …');
  const subjects: Record<string, (index: number) => Promise<unknown>> = {};
  for (const house of houses) {
    const { sql, touches } = house;
    const leads = await house.leadsFor('size', house.agencies, operationsIn(course));
    const same = await house.leadsFor('size-floor', house.agencies, operationsIn(course));
    subjects[`${touches}`] = (index) => bookEmail(house.world.database, { leads, index, segments: windows(10) });
    subjects[`${touches} floor`] = (index) => writeSameRows(sql, { leads: same, index });
  }
  const results = await takeTurns(subjects, course);
  const of = (name: string): Measured => results[name] ?? { latencies: [], medians: [], rates: [] };
  for (const { touches } of houses) {
    const smallest = of(`${houses[0]?.touches}`);
    run.report.add(
      rowOf({
        part: 'capacity',
        what: `book beside ${touches} touches, 10 days offered`,
        measured: of(`${touches}`),
        floor: { what: floorOfBooking, measured: of(`${touches} floor`) },
        verdicts: ({ ratio }) => [
          atMost('× floor', ratio, 2.5),
          flat(`${houses[0]?.touches} touches`, ratioOfTimes(of(`${touches}`), smallest)),
        ],
      }),
    );
  }
}

/** Sixteen at a time, for many clients and all for one. */
async function measureWriters(run: BenchRun, house: House): Promise<void> {
  const course = { ...courseOf(run, 16), perRound: run.sizes.perRound * 2, warmUp: run.sizes.warmUp * 8 };
  const { sql } = house;
  for (const group of [house.agencies, house.one]) {
    const rounds = group === house.one ? Math.min(course.rounds, 4) : course.rounds;
    const turns = { ...course, rounds };
    const whose = group === house.one ? 'all for one client' : `for ${group.agencies} clients`;
    run.report.progress(`booking by 16 writers, ${whose}, ${house.touches} touches …`);
    const leads = await house.leadsFor('writers', group, operationsIn(turns));
    const floor = await house.leadsFor('writers-floor', group, operationsIn(turns));
    const results = await takeTurns(
      {
        book: (index) => bookEmail(house.world.database, { leads, index, segments: windows(60) }),
        floor: (index) => writeSameRows(sql, { leads: floor, index }),
      },
      turns,
    );
    run.report.add(
      rowOf({
        part: 'capacity',
        what: `book by 16 writers ${whose}, ${house.touches} touches`,
        measured: results.book,
        floor: { what: floorOfBooking, measured: results.floor },
        by: 'rate',
        verdicts: ({ ratio, p99 }) => [atMost('× floor', ratio, 2.5), atMost('p99', p99, 25, ' ms')],
      }),
    );
  }
}
