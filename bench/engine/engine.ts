import { monday } from '../capacity/booking';
import { bookForClaims } from '../capacity/claiming';
import { buildHouse, type House } from '../capacity/capacity';
import { atLeast, rowOf } from '../rows';
import { operationsIn, takeTurns, type Course, type Measured } from '../rounds';
import type { BenchRun } from '../run';
import { personAt, type LeadsOf } from '../world/leads';
import { measureAdmission } from './admission';
import { writeDelivered, writePrepared } from './floors';
import { activitiesAt, expectDelivery } from './instant-engine';

/** `prepare`, `deliver` and `admit` without the time that providers take. */
export async function measureEngine(run: BenchRun): Promise<void> {
  for (const writers of [1, 16]) {
    // Of its own: senders that have sent later in the day cannot send earlier.
    const house = await buildHouse(run, run.sizes.touches[1] ?? 0);
    await measureActivities(run, house, writers);
    await house.world.close();
  }
  await measureAdmission(run);
}

async function measureActivities({ sizes, report }: BenchRun, house: House, writers: number): Promise<void> {
  const course: Course = { rounds: sizes.rounds, perRound: sizes.perRound, warmUp: sizes.warmUp * 2, writers };
  const { database } = house.world;
  const count = operationsIn(course);
  const at = writers === 1 ? 'one at a time' : `${writers} at a time`;
  report.progress(`prepare and deliver, ${at} …`);
  const leadsFor = (purpose: string, group = house.agencies): Promise<LeadsOf> =>
    house.leadsFor(`${purpose}${writers}`, group, count);
  const [plain, next] = [await leadsFor('floor', house.plain), await leadsFor('next', house.plain)];
  const claimed = await bookForClaims(database, await leadsFor('claim', house.plain), count);
  const fresh = await leadsFor('prepare');
  const planned = await prepareAll(house, await leadsFor('deliver'), count);
  const results = await takeTurns(
    {
      prepare: async (index) => {
        const { enrollmentId } = personAt(fresh, index);
        expectDelivery(await activitiesAt(database, monday).prepare({ enrollmentId }), 1);
      },
      'prepare floor': (index) => writePrepared(database.sql, { leads: plain, index }),
      deliver: async (index) => {
        const touch = planned[index];
        if (touch === undefined) throw new Error('no touch is left to deliver');
        expectDelivery(await activitiesAt(database, touch.slotAt).deliver(touch), 2);
      },
      'deliver floor': (index) => {
        const touch = claimed[index];
        if (touch === undefined) throw new Error('no touch is left to claim');
        return writeDelivered(database.sql, { touch, leads: next, index });
      },
    },
    course,
  );
  addRows(report, at, writers === 1 ? 'time' : 'rate', results);
}

type Results = Record<'prepare' | 'prepare floor' | 'deliver' | 'deliver floor', Measured>;

function addRows(report: BenchRun['report'], at: string, by: 'time' | 'rate', results: Results): void {
  report.add(
    rowOf({
      part: 'engine',
      what: `prepare, ${at}`,
      measured: results.prepare,
      floor: { what: 'the same rows in two statements', measured: results['prepare floor'] },
      by,
    }),
  );
  report.add(
    rowOf({
      part: 'engine',
      what: `deliver with the next plan, ${at}`,
      measured: results.deliver,
      floor: { what: 'the same rows in four statements', measured: results['deliver floor'] },
      by,
      verdicts: ({ rate }) => [atLeast('per second', rate, 150)],
    }),
  );
}

interface TouchToDeliver {
  enrollmentId: string;
  touchId: string;
  slotAt: Date;
}

/** Prepares a touch for each of these leads. In an order in which two of one sender are far apart, the earlier one first. */
async function prepareAll({ world }: House, leads: LeadsOf, count: number): Promise<TouchToDeliver[]> {
  const touches: TouchToDeliver[] = [];
  for (let index = 0; index < count; index += 1) {
    const { enrollmentId } = personAt(leads, index);
    const next = await activitiesAt(world.database, monday).prepare({ enrollmentId });
    const { touchId, wakeAt } = expectDelivery(next, 1);
    touches.push({ enrollmentId, touchId, slotAt: new Date(wakeAt) });
  }
  const ranks = await world.database.sql<{ id: string; rank: number }>`
    SELECT id, row_number() OVER (PARTITION BY sender_id ORDER BY slot_at) AS rank
    FROM touch WHERE id = ANY (${touches.map(({ touchId }) => touchId)}::uuid[])`;
  const rankOf = new Map(ranks.map(({ id, rank }) => [id, rank]));
  const rank = ({ touchId }: TouchToDeliver): number => rankOf.get(touchId) ?? 0;
  return touches.sort((a, b) => rank(a) - rank(b) || a.slotAt.getTime() - b.slotAt.getTime());
}
