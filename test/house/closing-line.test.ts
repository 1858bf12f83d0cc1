import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ClosingLine from '../reporter/closing-line.cjs';

test('the closing line counts a file that could not run as failed, and todo as skipped', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-tally-'));
  const before = process.env.TEST_TALLY_FILE;
  process.env.TEST_TALLY_FILE = path.join(folder, 'tally');
  const results = {
    numPassedTests: 7,
    numFailedTests: 2,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 3,
    numTodoTests: 1,
  };
  new ClosingLine().onRunComplete(new Set(), results);
  expect(readFileSync(path.join(folder, 'tally'), 'utf8')).toBe('tests: 7 passed, 3 failed, 4 skipped');
  process.env.TEST_TALLY_FILE = before;
  if (before === undefined) delete process.env.TEST_TALLY_FILE;
  rmSync(folder, { recursive: true });
});
