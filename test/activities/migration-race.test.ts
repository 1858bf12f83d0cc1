import { migrateCampaign } from '../../store/campaigns/migration';
import type { Database } from '../../store/database';
import type { NextMove } from '../../workflows/contract';
import { countersAndHolds, createAgency, createLeads, monday } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, type EngineByHand } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const own = (['email', 'sms', 'email', 'linkedin'] as const).map((channel, index) => ({
  channel,
  step: index + 1,
  day: index * 2,
  purpose: `own ${index}`,
}));

/** An active campaign with steps of its own, and 16 leads under way in it. */
async function customCampaign() {
  const agency = await createAgency(database, { mailboxes: 3 });
  const { clientId, campaignId: id } = agency;
  const leads = await createLeads(database, agency, 16);
  await database.campaign.update({ where: { id }, data: { usesDefaultSequence: false } });
  await database.campaignStep.deleteMany({ where: { campaignId: id } });
  await database.campaignStep.createMany({ data: own.map((step) => ({ ...step, clientId, campaignId: id })) });
  return { campaign: { clientId, id }, leads };
}

/** What a lead's workflow does when its time has come. */
async function turn(engine: EngineByHand, enrollmentId: string, move: NextMove): Promise<NextMove> {
  return move.kind === 'deliver' ? engine.deliverNow(enrollmentId, move) : engine.prepareAny(enrollmentId);
}

/** Plays a lead's workflow for some turns, on a clock of its own. */
async function play(engine: EngineByHand, enrollmentId: string, turns: number): Promise<void> {
  let move = await engine.prepareAny(enrollmentId);
  for (let done = 0; done < turns && move.kind !== 'finish'; done += 1) {
    if (move.wakeAt !== null) engine.clock.set(move.wakeAt);
    move = await turn(engine, enrollmentId, move);
  }
}

/** Plays all of them to their end, in the order of time. */
async function playToTheEnd(engine: EngineByHand, leads: readonly string[], from: number): Promise<void> {
  let now = from;
  engine.clock.set(now);
  const queue: { id: string; move: NextMove; wakeAt: number }[] = [];
  const enqueue = (id: string, move: NextMove): void => {
    if (move.kind !== 'finish') queue.push({ id, move, wakeAt: Math.max(now, move.wakeAt ?? now) });
  };
  for (const id of leads) enqueue(id, await engine.prepareAny(id));
  for (let turns = 0; turns < 1_000; turns += 1) {
    const next = queue.sort((a, b) => a.wakeAt - b.wakeAt).shift();
    if (next === undefined) return;
    now = next.wakeAt;
    engine.clock.set(now);
    enqueue(next.id, await turn(engine, next.id, next.move));
  }
  throw new Error(`${queue.length} leads do not come to their end`);
}

test.each([40, 120, 240])('MIG-2: a move beside 16 leads at work, after %i ms', async (milliseconds) => {
  const { campaign, leads } = await customCampaign();
  const engines = leads.map(() => engineByHand(database));
  const working = leads.map((id, index) => play(engines[index] ?? engineByHand(database), id, 3));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  expect(await migrateCampaign(database, campaign, monday)).toMatchObject({ moved: 16 });
  await Promise.all(working);

  const { _max: last } = await database.touch.aggregate({
    _max: { claimedAt: true },
    where: { campaignId: campaign.id },
  });
  const rest = engineByHand(database);
  await playToTheEnd(rest, leads, (last.claimedAt ?? monday).getTime() + 3_600_000);

  // Nobody is stranded, no step was asked for twice, and each lead was led to the default's last step.
  const enrollments = await database.enrollment.findMany({ where: { campaignId: campaign.id } });
  expect(enrollments.map(({ status }) => status)).toEqual(leads.map(() => 'completed'));
  const asked = [...engines, rest].flatMap(({ requests }) =>
    requests.map(({ enrollmentId, step }) => `${enrollmentId} ${step}`),
  );
  expect(new Set(asked).size).toBe(asked.length);
  expect(
    await database.touch.count({ where: { campaignId: campaign.id, step: 5, channel: 'sms', status: 'sent' } }),
  ).toBe(16);
  expect(
    await database.touch.count({ where: { campaignId: campaign.id, status: { in: ['planned', 'sending'] } } }),
  ).toBe(0);
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});
