import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a server of an earlier run to let go of its data, and removes the lock file that a crash left behind.
 * PostgreSQL does the latter itself, but not when the old process id now belongs to somebody else.
 * @param patienceMs how long an earlier run may take to stop
 * @throws Error that names the running server
 */
export async function releaseStaleLock(dataDirectory: string, patienceMs = 15_000): Promise<void> {
  const lock = path.join(dataDirectory, 'postmaster.pid');
  for (let waited = 0; existsSync(lock); waited += 100) {
    const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
    if (!isPostgres(pid, dataDirectory)) {
      rmSync(lock, { force: true });
    } else if (waited >= patienceMs) {
      throw new Error(
        `The database in ${dataDirectory} is in use by another run (process ${pid}). Stop that run, or use another folder.`,
      );
    } else {
      await delay(100);
    }
  }
}

function isPostgres(pid: number, dataDirectory: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = commandOf(pid);
  return command.includes('postgres') && command.includes(dataDirectory);
}

function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return ''; // there is no such process
  }
}
