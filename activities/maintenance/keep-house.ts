import { heartbeat } from '@temporalio/activity';
import { beginChore, choreDone, choreFailed, nextChoreAt } from '../../store/chores';
import { transact } from '../../store/database';
import { withLease } from '../../store/lease';
import { raiseAlert, resolveAlert } from '../../store/tenants/alerts';
import type { KeepHouseInput, KeepHouseResult } from '../../workflows/contract';
import type { ActivityDeps } from '../deps';
import { choresOf, type Chore } from './chores';

/** A chore that says nothing for so long is given up, in seconds: the others do not wait for it. */
const usualPatienceSeconds = 300;
/** Between two renewals of the lease, in milliseconds. */
const renewEveryMs = 5_000;
/** Failures in a row after which a person has to look. */
const failuresBeforeAlert = 3;

/**
 * Does every chore that is due, one after the other; asked for a look, also those that answer one. What fails keeps
 * nothing else waiting, and comes again when its interval is over. Safe to repeat at any point.
 * @returns when the next one is due
 */
export async function keepHouse(
  deps: ActivityDeps,
  { asked }: KeepHouseInput = { asked: true },
  chores = choresOf(deps),
): Promise<KeepHouseResult> {
  const { clock, database } = deps;
  await withLease(
    database.sql,
    'maintenance',
    (alive) => renewed(alive, () => doChores(deps, chores, asked)),
    heartbeat,
  );
  return { nextAt: clock.toWorkflowTime(await nextChoreAt(database.sql, chores, await clock.now())) };
}

/** A lease that cannot be renewed ends; nothing but the order of work hangs on it. */
async function renewed(alive: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void alive().catch(() => undefined), renewEveryMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

async function doChores(deps: ActivityDeps, chores: readonly Chore[], asked: boolean): Promise<void> {
  const { sql } = deps.database;
  const now = await deps.clock.now();
  for (const chore of chores) {
    heartbeat();
    const isAsked = asked && chore.whenAsked === true;
    if (await beginChore(sql, chore, isAsked, now)) await doChore(deps, chore);
  }
}

async function doChore(deps: ActivityDeps, chore: Chore): Promise<void> {
  const { clock, database, log } = deps;
  const about = { clientId: null, kind: `chore ${chore.name}` };
  try {
    await watched((beat) => chore.run(deps, beat), chore.patienceSeconds ?? usualPatienceSeconds);
    const now = await clock.now();
    await transact(database, async (sql) => {
      const failures = await choreDone(sql, chore.name, now);
      if (failures >= failuresBeforeAlert) await resolveAlert(sql, about, now);
    });
  } catch (error) {
    const failures = await choreFailed(database.sql, chore.name);
    log.warn({ chore: chore.name, failures, err: error }, 'a chore was not done');
    if (failures < failuresBeforeAlert) return;
    const message = `The maintenance failed ${failures} times in a row: ${chore.name}. The log says why.`;
    await raiseAlert(database.sql, { ...about, message }, await clock.now());
  }
}

/** Has the work done as long as it says that it goes on. @throws when it has been silent for too long */
async function watched(work: (beat: () => void) => Promise<void>, patienceSeconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (error: Error) => void = () => undefined;
  const silence = new Promise<never>((_, reject) => (giveUp = reject));
  const beat = (): void => {
    heartbeat();
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(new Error(`it was silent for ${patienceSeconds} s`)), patienceSeconds * 1000);
  };
  beat();
  try {
    await Promise.race([work(beat), silence]);
  } finally {
    clearTimeout(timer);
  }
}
