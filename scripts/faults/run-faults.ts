import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, WorkflowClient } from '@temporalio/client';
import { systemClock, tableClock, type Clock } from '../../runtime/clock';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { readTouchFates, readUnsettled, storedEvents } from '../../store/reports/run-facts';
import { brokenOf, type Report } from '../../verification/report';
import { formatReport, verdictLine } from '../verify/table';
import { verifyAll } from '../verify/verify-all';
import { attack } from './attack';
import { openIncidents, type Incidents } from './incidents';
import { isDelivery, isKept, judge, type Evidence, type ToldLine, type Verdict, type WitnessLine } from './judge';
import { UserError } from '../user-error';
import { faultsUsage, readFaultsOptions, type FaultsOptions } from './options';
import type { Tell } from './part';
import { runKnots, setupKnots } from './run-clock';
import { scheduleOf } from './schedule';
import { prepareStack, type Stack } from './stack';
import { startStops, type StopStream } from './stops';
import { verdictText } from './verdict-text';
import { launch, makeWorld, type LaunchedAgency } from './world';

/** @returns the process's exit code. @throws UserError for mistakes on the command line */
export async function runFaults(args: string[], root: string): Promise<number> {
  const options = readFaultsOptions(args, root);
  if (options === null) {
    console.log(faultsUsage);
    return 0;
  }
  const stopAsked = new AbortController();
  process.on('SIGINT', () => stopAsked.abort()).on('SIGTERM', () => stopAsked.abort());
  return run(options, stopAsked.signal);
}

/** Real minutes that a run may take beside its attack: the clock's table reaches as far. */
const minutesAround = 15;

async function run(options: FaultsOptions, stopAsked: AbortSignal): Promise<number> {
  const { out, seed, minutes, speed, clients } = options;
  for (const file of ['outbox.jsonl', 'inbox.jsonl']) rmSync(path.join(out, file), { force: true });
  const schedule = scheduleOf(seed, minutes);
  writeFileSync(path.join(out, 'schedule.json'), `${JSON.stringify(schedule, null, 2)}\n`);
  const secondsOfDay = (140 * 60) / speed + 12;
  const world = makeWorld(out, clients, Math.ceil((minutes * 60) / secondsOfDay));
  const incidents = await openIncidents(out);
  console.log(`Seed ${seed}: ${schedule.faults.length} faults in ${minutes} minutes, and failpoints (schedule.json).`);
  console.log('Starting PostgreSQL, Temporal, API, simulator and two workers, each a process of its own …');
  let stack: Stack | null = null;
  const say = (line: string): void => console.log(`  ${line}`);
  try {
    stack = await prepareStack(
      { out, seed, world, schedule, say },
      tellTo(incidents, () => stack),
    );
    return await inOrder({ options, stack, incidents, schedule, world }, stopAsked);
  } catch (error) {
    if (!stopAsked.aborted) throw error;
    console.log('\nStopping …');
    return 130;
  } finally {
    incidents.close();
    await stack?.stop();
    for (const name of ['simulator.json', 'clock.json']) rmSync(path.join(out, name), { force: true });
  }
}

/** A process that a failpoint stopped comes back as a zombie. */
const zombieMs = [3_000, 20_000, 60_000];

/** Notes what parts tell. */
function tellTo(incidents: Incidents, stack: () => Stack | null): Tell {
  let stopped = 0;
  return (part, what) => {
    if (what.kind === 'ended') return;
    const isKill = what.action === 'kill';
    const lasts = isKill ? 0 : (zombieMs[stopped++ % zombieMs.length] ?? 0);
    incidents.note({ what: `${what.action} at ${what.name}`, of: part, isKill }, lasts / 1000);
    if (what.action === 'stop') setTimeout(() => stack()?.parts[part].thaw(), lasts).unref();
  };
}

interface Run {
  options: FaultsOptions;
  stack: Stack;
  incidents: Incidents;
  schedule: ReturnType<typeof scheduleOf>;
  world: ReturnType<typeof makeWorld>;
}

async function inOrder({ options, stack, incidents, schedule, world }: Run, stopAsked: AbortSignal): Promise<number> {
  const { out, seed, minutes, speed } = options;
  const aborted = new Promise<never>((_, reject) => {
    stopAsked.addEventListener('abort', () => reject(new Error('stopped')));
    if (stopAsked.aborted) reject(new Error('stopped'));
  });
  aborted.catch(() => undefined);
  const unlessStopped = <T>(work: Promise<T>): Promise<T> => Promise.race([work, aborted]);

  const agencies = await unlessStopped(setUp(stack, world));
  const leads = world.agencies.flatMap((one) => one.campaigns.flatMap((campaign) => campaign.leads)).length;
  console.log(`${agencies.length} agencies with ${leads} leads; ${speed} s of the run are one second in the windows.`);
  const knots = runKnots((await systemClock.now()).getTime(), speed, minutes + minutesAround);
  const clock = tableClock(knots);
  stack.setClock(knots);
  stack.armed = true;
  await unlessStopped(startEngine(stack));
  const database = openDatabase(stack.databaseUrl, 3);
  try {
    const { apiUrl, mailSecret } = stack;
    const stops = startStops({ out, seed, apiUrl, mailSecret, agencies, database, clock, speed });
    const watching = watch(out, { stops, incidents, clock });
    try {
      await unlessStopped(untilFlowing(out));
      console.log('Touches are leaving: the attack begins.');
      await unlessStopped(attack(stack, schedule, incidents));
      console.log('The attack is over; everything goes on undisturbed until nothing is under way any more.');
      await unlessStopped(settle({ database, clock, stops }));
    } finally {
      watching.stop();
    }
    const report = await unlessStopped(verifyRunning(stack, { out, database, clock }));
    await unlessStopped(endEngine(stack));
    const verdict = judge(await gather(out, { database, clock, stops, incidents }));
    return pronounce(verdict, report, options);
  } finally {
    await closeDatabase(database).catch(() => undefined);
  }
}

/** In peace, and in the run's own time before it begins. */
async function setUp(stack: Stack, world: Run['world']): Promise<LaunchedAgency[]> {
  stack.setClock(setupKnots((await systemClock.now()).getTime()));
  const { api, simulator } = stack.parts;
  await Promise.all([simulator.start(), api.start()]);
  const agencies = await launch(world, stack);
  await Promise.all([simulator.stop(), api.stop()]);
  return agencies;
}

async function startEngine({ parts }: Stack): Promise<void> {
  await parts.simulator.start();
  await Promise.all([parts.api.start(), parts['worker-1'].start(), parts['worker-2'].start()]);
}

/** Deliveries after which the attack begins, and the real seconds that they may take. */
const flowing = { deliveries: 25, withinSeconds: 240 };

async function untilFlowing(out: string): Promise<void> {
  for (let waited = 0; acceptedIn(out) < flowing.deliveries; waited += 1) {
    if (waited > flowing.withinSeconds) throw new UserError(`Nothing leaves; ${out}/*.log may say why`);
    await delay(1000);
  }
}

/** How many touches providers have taken. */
const acceptedIn = (out: string): number =>
  readLines<WitnessLine>(path.join(out, 'outbox.jsonl')).filter(isDelivery).length;

/** Asks the database again while it is just coming back. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 60; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await delay(1000);
    }
  }
}

/** Real seconds that whatever is under way may take to come to its end. */
const settledWithinSeconds = 420;

/** Waits until stops are answered, touches have an outcome, and messages are delivered. */
async function settle({ database, clock, stops }: Pick<Gathered, 'database' | 'clock' | 'stops'>): Promise<void> {
  const since = await clock.now();
  await stops.finish();
  for (let waited = 0; waited < settledWithinSeconds; waited += 1) {
    const { sending, owed } = await patiently(() => readUnsettled(database.sql, since));
    if (sending + owed === 0) break;
    if (waited % 20 === 19) console.log(`  still under way: ${sending} touches, ${owed} messages`);
    await delay(1000);
  }
}

/**
 * Everything that `npm run verify` looks at, while the engine goes on: a workflow that must end needs its worker. The logs
 * by themselves are left out: they tell when a provider had a touch, and the run's clock makes minutes of its seconds.
 */
async function verifyRunning(
  { temporalAddress }: Stack,
  { out, database, clock }: { out: string; database: Database; clock: Clock },
): Promise<Report> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const temporal = new WorkflowClient({ connection });
    const { findings, uncertain } = await verifyAll({ database, logs: out, clock, temporal });
    return { findings: findings.filter(({ source }) => source !== 'logs'), uncertain };
  } finally {
    await connection.close();
  }
}

async function endEngine({ parts }: Stack): Promise<void> {
  await Promise.all([parts['worker-1'].stop(), parts['worker-2'].stop()]);
  // What the simulator has already begun to tell is answered.
  await delay(2000);
  await Promise.all([parts.simulator.stop(), parts.api.stop()]);
}

interface Gathered {
  database: Database;
  clock: Clock;
  stops: StopStream;
  incidents: Incidents;
}

async function gather(out: string, { database, clock, stops, incidents }: Gathered): Promise<Evidence> {
  const { sql } = database;
  const ids = stops.answered.flatMap(({ eventId }) => (eventId === null ? [] : [eventId]));
  const touches = await readTouchFates(sql);
  return {
    outbox: readLines<WitnessLine>(path.join(out, 'outbox.jsonl')),
    inbox: readLines<ToldLine>(path.join(out, 'inbox.jsonl')),
    stops: stops.answered,
    storedEvents: await storedEvents(sql, 'mail', ids),
    touches,
    stuck: touches.filter(({ status }) => status === 'sending').length,
    incidents: incidents.list,
    toReal: (at) => clock.toWorkflowTime(at),
  };
}

/** A line that a crash cut off is left out: what it told of was never answered. */
const readLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as T);

function pronounce(verdict: Verdict, report: Report, { out, seed, minutes }: FaultsOptions): number {
  const text = verdictText(verdict, { seed, minutes });
  writeFileSync(path.join(out, 'verdict.json'), `${JSON.stringify({ verdict, report }, null, 2)}\n`);
  console.log(`\n${formatReport(report)}\n${verdictLine(report)}\n\n${text}`);
  return isKept(verdict) && brokenOf(report).length === 0 ? 0 : 1;
}

/** Real milliseconds between two lines of progress. */
const progressMs = 15_000;

function watch(
  out: string,
  { stops, incidents, clock }: Pick<Gathered, 'stops' | 'incidents' | 'clock'>,
): { stop(): void } {
  const began = performance.now();
  const timer = setInterval(() => {
    void clock.now().then((now) => {
      const accepted = acceptedIn(out);
      const kills = incidents.list.filter(({ isKill }) => isKill).length;
      const after = Math.round((performance.now() - began) / 1000);
      const day = now.toISOString().slice(0, 16).replace('T', ' ');
      console.log(
        `${String(after).padStart(5)} s  ${day}  ${accepted} deliveries, ${stops.answered.length} stops answered, ` +
          `${incidents.list.length} faults, ${kills} of them kills`,
      );
    });
  }, progressMs);
  return { stop: () => clearInterval(timer) };
}
