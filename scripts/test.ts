/**
 * Runs every test and ends with the line `tests: N passed, N failed, N skipped`. Arguments go to jest:
 *   npm test -- test/store --testNamePattern="all or none"
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { findTemporalServer } from '../embedded/temporal-executables';

const root = path.join(__dirname, '..');

async function main(args: string[]): Promise<number> {
  // Fetched here, where a person sees the progress, and not by two test files at once.
  for (const kind of ['testServer', 'cli'] as const)
    await findTemporalServer(kind, { report: (line) => console.log(line) });
  const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-tests-'));
  const tally = path.join(folder, 'tally');
  try {
    const code = await runJest(args, tally);
    const line = existsSync(tally) ? readFileSync(tally, 'utf8') : 'tests: 0 passed, 1 failed, 0 skipped';
    console.log(`\n${line}`);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJest(args: string[], tally: string): Promise<number> {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    process.execPath,
    [jest, '--rootDir', root, '--config', path.join(root, 'jest.config.cjs'), ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'test', TEST_TALLY_FILE: tally },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log('\ntests: 0 passed, 1 failed, 0 skipped');
    process.exit(1);
  },
);
