import path from 'node:path';
import { brokenOf } from '../../verification/report';
import { startEmbeddedRun } from './embedded-run';
import { launchCampaigns } from './launch-campaigns';
import { readDemoOptions, demoUsage, type DemoOptions } from './options';
import { dayHeader, watchRun } from './progress';
import { readRunResults, writeRunResults, writeRunSetup } from './report';
import { readSetup } from './setup';
import { printIntroduction, printSummary } from './summary';
import { printVerdict, verifyOpenRun, verifyRunWorkflows } from './verdict';

/** @returns the process's exit code. @throws UserError for mistakes on the command line, in the setup or the CSV */
export async function runDemo(args: string[], root: string): Promise<number> {
  const options = readDemoOptions(args, root);
  if (options === null) {
    console.log(demoUsage);
    return 0;
  }
  const stopAsked = new AbortController();
  process.on('SIGINT', () => stopAsked.abort()).on('SIGTERM', () => stopAsked.abort());
  return run(options, stopAsked.signal);
}

async function run(options: DemoOptions, stopAsked: AbortSignal): Promise<number> {
  const setup = readSetup(options);
  const startedAt = performance.now();
  console.log('Starting PostgreSQL, Temporal (virtual time), worker, API and simulator …');
  const stack = await startEmbeddedRun(options, setup, (line) => console.log(`  ${line}`));
  const stopped = new Promise<never>((_, reject) => {
    stopAsked.addEventListener('abort', () => reject(new Interrupted()));
  });
  stopped.catch(() => undefined);
  try {
    const broken = Promise.race([stack.broken, stopped]);
    const { engine, time, operatorKey } = stack;
    const launched = await Promise.race([launchCampaigns(engine.apiUrl, operatorKey, setup), broken]);
    printIntroduction(setup, launched.campaigns);
    console.log(dayHeader);
    const ranFrom = performance.now();
    await time.run();
    const about = { clientId: launched.clientId, timezone: setup.client.timezone };
    const watched = { ...about, database: engine.database, clock: time.clock, start: setup.start, days: options.days };
    const end = await watchRun(watched, broken, (line) => console.log(line));
    await time.hold();
    const ranFor = performance.now() - ranFrom;
    const workflows = await verifyRunWorkflows(stack);
    await engine.drain();
    const results = await readRunResults(engine.database, { ...about, start: setup.start }, end);
    writeRunResults(options.out, results);
    writeRunSetup(options, setup);
    await printSummary(engine.database, results, setup.client.timezone);
    const report = await verifyOpenRun(stack, options.out, workflows);
    printVerdict(report, options.out);
    console.log(
      `\nLogs: ${path.relative(process.cwd(), options.out) || '.'}/{outbox,inbox,leads}.jsonl, report.json, setup.json`,
    );
    const all = seconds(performance.now() - startedAt);
    console.log(`Done in ${all} s of real time; the campaign itself ran for ${seconds(ranFor)} s.`);
    return brokenOf(report).length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.log('\nStopping …');
    return 130;
  } finally {
    await stack.stop();
  }
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);

/** Ctrl-C. */
class Interrupted extends Error {}
