import { closeDatabase } from '../../store/database';
import { quantile } from '../rounds';
import type { BenchRun } from '../run';
import { buildHouse } from '../capacity/capacity';
import { walk, type WalkPeople } from './walks';
import { openWatched, type SeenPlan } from './watched-database';

/** Tables that grow for ever: reading one of them from end to end on the way of a touch or event is a defect. */
const growing = [
  'touch',
  'lead',
  'enrollment',
  'inbound_event',
  'event_subject',
  'capacity_counter',
  'capacity_hold',
  'outbox',
];
const alsoGrowing = ['touch_text', 'timeline_entry', 'suppression'];

/** More than the five executions after which a prepared statement may be planned for good. */
const walks = 8;

/** The plan of every statement of the hot paths beside as many touches as there ever are. */
export async function measurePlans(run: BenchRun): Promise<void> {
  const { report, sizes } = run;
  const house = await buildHouse(run, sizes.touches.at(-1) ?? 0);
  const leads = (purpose: string, group = house.agencies) => house.leadsFor(purpose, group, walks);
  const people: WalkPeople = {
    booked: await leads('booked'),
    full: await leads('full', house.full),
    prepared: await leads('prepared'),
    heard: await leads('heard'),
  };
  report.progress('walking every hot path …');
  const seen = new Map<string, SeenPlan[]>();
  const database = openWatched(house.world.url, (plan) => {
    seen.set(plan.text, [...(seen.get(plan.text) ?? []), plan]);
  });
  for (let index = 0; index < walks; index += 1) await walk(database, house, people, index);
  await closeDatabase(database);
  await house.world.close();
  for (const [text, plans] of [...seen].sort(([a], [b]) => a.localeCompare(b))) addPlan(report, text, plans);
}

function addPlan(report: BenchRun['report'], text: string, plans: readonly SeenPlan[]): void {
  const reads = [...new Set(plans.flatMap((plan) => plan.reads))];
  if (reads.length === 0) return;
  const through = new Set(plans.flatMap((plan) => plan.readThrough));
  const wrong = [...growing, ...alsoGrowing].filter((table) => through.has(table));
  const times = plans.map(({ milliseconds }) => milliseconds);
  report.add({
    part: 'plans',
    what: text.length > 100 ? `${text.slice(0, 99)}…` : text,
    n: plans.length,
    rate: null,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    floor: null,
    ratio: null,
    verdicts: wrong.map((table) => ({ target: `${table} by an index`, met: false })),
    more: { reads: reads.join('; ') },
  });
}
