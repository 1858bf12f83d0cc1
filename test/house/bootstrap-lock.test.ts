import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

const lockModule = path.join(__dirname, '..', '..', 'scripts', 'bootstrap-lock.mjs');

describe('the lock of the set-up', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-lock-'));
  const lock = path.join(folder, 'deeper', 'lock');
  const log = path.join(folder, 'log');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that holds the lock for a moment and writes down when it began and ended. */
  async function run(name: string): Promise<number | null> {
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(lockModule)};
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, '${name} in\\n');
        await delay(150);
        appendFileSync(${JSON.stringify(log)}, '${name} out\\n');
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  const overlaps = (): boolean => {
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    return lines.some((line, at) => at % 2 === 0 && lines[at + 1] !== line.replace(' in', ' out'));
  };

  test('lets one run in at a time', async () => {
    const codes = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(run));
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(12);
    expect(overlaps()).toBe(false);
    expect(existsSync(lock)).toBe(false);
  });

  test('is taken over from a holder that crashed, by one run only', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    writeFileSync(lock, JSON.stringify({ pid: gone.pid, host: hostname() }));
    rmSync(log);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(run))).toEqual([0, 0, 0, 0]);
    expect(overlaps()).toBe(false);
  });
});
