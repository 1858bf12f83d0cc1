import { keepHouse } from '../../activities/maintenance/keep-house';
import { noticeLateChores } from '../../activities/maintenance/notice-late';
import { chores as allChores, choresOf, type Chore } from '../../activities/maintenance/chores';
import type { ActivityDeps } from '../../activities/deps';
import type { Database } from '../../store/database';
import { monday, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { goodDns } from '../support/dns';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { manualClock } from './engine-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

const clock = manualClock(monday);
let database: Database;
let drop: () => Promise<void>;
let deps: ActivityDeps;
/** What was done, in order. */
let done: string[];
let fails: boolean;

const often: Chore = { name: 'often', everySeconds: 300, run: () => Promise.resolve(void done.push('often')) };
const bad: Chore = {
  name: 'bad',
  everySeconds: 600,
  run: () => (fails ? Promise.reject(new Error('it is broken')) : Promise.resolve(void done.push('bad'))),
};
const hourly: Chore = {
  name: 'hourly',
  everySeconds: 3_600,
  run: () => Promise.resolve(void done.push('hourly')),
  whenAsked: true,
};
/** Minutes since the run began. */
const at = (minutes: number): Date => new Date(monday.getTime() + minutes * 60_000);

async function lookAt(
  minutes: number,
  { asked = false, chores = [bad, often, hourly] } = {},
): Promise<{ did: string[]; nextInMinutes: number }> {
  clock.set(at(minutes));
  done = [];
  const { nextAt } = await keepHouse(deps, { asked }, chores);
  return { did: done, nextInMinutes: (nextAt - at(minutes).getTime()) / 60_000 };
}

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  const providers = createRecordingProviders(database, clock, {});
  const deliverOutbox = () => Promise.resolve({ delivered: 0, failed: 0 });
  deps = { database, clock, providers, resolver: goodDns, deliverOutbox, log: silentLog, secretKey, publicBaseUrl: '' };
});
afterAll(() => drop());
beforeEach(async () => {
  await database.chore.deleteMany();
  await database.alert.deleteMany();
  fails = true;
});

test('each chore has its own interval, a failing one keeps no other waiting, and the next look is the soonest', async () => {
  expect(await lookAt(0)).toEqual({ did: ['often', 'hourly'], nextInMinutes: 5 });
  expect(await lookAt(4)).toEqual({ did: [], nextInMinutes: 1 });
  expect(await lookAt(5)).toEqual({ did: ['often'], nextInMinutes: 5 });
  expect(await lookAt(60)).toEqual({ did: ['often', 'hourly'], nextInMinutes: 5 });
});

test('whoever asks for a look has those done that answer one, whatever their interval', async () => {
  await lookAt(0);
  expect((await lookAt(1, { asked: true })).did).toEqual(['hourly']);
});

test('a chore that keeps failing raises one alert of the operator, which ends when it is done again', async () => {
  await lookAt(0);
  await lookAt(10);
  expect(await database.alert.count()).toBe(0);
  await lookAt(20);
  await lookAt(30);
  const about = { clientId: null, kind: 'chore bad', message: expect.stringContaining('3 times') as string };
  expect(await database.alert.findMany()).toEqual([expect.objectContaining({ ...about, resolvedAt: null })]);
  fails = false;
  await lookAt(40);
  expect(await database.alert.findMany()).toEqual([expect.objectContaining({ ...about, resolvedAt: at(40) })]);
});

test('of two processes that look at once, one does each chore', async () => {
  done = [];
  const lookTogether = () => keepHouse(deps, { asked: false }, [often, hourly]);
  await Promise.all([lookTogether(), lookTogether()]);
  expect(done.sort()).toEqual(['hourly', 'often']);
});

describe('a chore that hangs', () => {
  const hanging: Chore = {
    name: 'hanging',
    everySeconds: 60,
    run: () => new Promise(() => undefined),
    patienceSeconds: 0.05,
  };

  test('is given up after a while, and the others are done', async () => {
    expect((await lookAt(0, { chores: [hanging, often] })).did).toEqual(['often']);
    expect(await database.chore.findUnique({ where: { name: 'hanging' } })).toMatchObject({
      failures: 1,
      doneAt: null,
    });
  });

  test('and took its process down does not come first again: the retry does the others', async () => {
    await database.chore.create({ data: { name: 'hanging', beganAt: at(0) } });
    expect(await lookAt(0.5, { chores: [hanging, often] })).toEqual({ did: ['often'], nextInMinutes: 0.5 });
  });

  test('and beats goes on', async () => {
    const slow: Chore = {
      ...hanging,
      name: 'slow',
      run: async (_deps, beat) => {
        for (let times = 0; times < 5; times += 1) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          beat();
        }
        done.push('slow');
      },
    };
    expect((await lookAt(0, { chores: [slow] })).did).toEqual(['slow']);
  });
});

test('in virtual time no chore is done more often than the run wants', () => {
  const intervals = choresOf({ choresEverySeconds: 3_600 }).map(({ everySeconds }) => everySeconds);
  expect(Math.min(...intervals)).toBeGreaterThanOrEqual(3_600);
});

describe('a maintenance that exists and does nothing', () => {
  const begun = (minutes: number) =>
    database.chore.createMany({ data: allChores.map(({ name }) => ({ name, beganAt: at(minutes) })) });
  const open = () => database.alert.findMany({ where: { kind: 'maintenance', resolvedAt: null } });

  test('is noticed from outside, once, and the alert ends with it', async () => {
    await begun(0);
    clock.set(at(19));
    await noticeLateChores(deps);
    expect(await open()).toEqual([]);
    clock.set(at(21));
    await noticeLateChores(deps);
    await noticeLateChores(deps);
    expect(await open()).toEqual([
      expect.objectContaining({ clientId: null, message: expect.stringContaining('rebuild of workflows') as string }),
    ]);
    await database.chore.deleteMany();
    await begun(21);
    await noticeLateChores(deps);
    expect(await open()).toEqual([]);
  });

  test('has not begun yet in a new installation', async () => {
    await noticeLateChores(deps);
    expect(await open()).toEqual([]);
  });
});
