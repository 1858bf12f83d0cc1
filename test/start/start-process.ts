import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = path.join(__dirname, '..', '..');

/** `npm start` as a person runs it, without npm in between. */
export interface StartProcess {
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  apiUrl(): string;
  /** The key that it showed; null: none. */
  key(): string | null;
  /** Exit code, once it has ended. */
  exited: Promise<number | null>;
}

export function spawnStart(data: string, args: string[] = []): StartProcess {
  const ports = ['--api-port', '0', '--temporal-port', '0', '--ui-port', '0'];
  // Settings of the person who runs the tests must not reach the run.
  const own = ['--settings', '/dev/null', '--simulate'];
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts', 'bootstrap.mjs'), 'scripts/start.ts', '--data', data, ...ports, ...own, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DATABASE_URL: '',
        TEMPORAL_ADDRESS: '',
        TEMPORAL_NAMESPACE: '',
        NODE_ENV: '',
        LOG_LEVEL: 'error',
        // Plain text, also where CI turns colours on.
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        npm_lifecycle_event: undefined,
      },
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = once(child, 'close').then(([code]: unknown[]) => code as number | null);
  return {
    child,
    exited,
    output: () => printed,
    apiUrl: () => /^ +API +(http\S+)$/m.exec(printed)?.[1] ?? '',
    key: () => /KEY=(aos_\S+)/.exec(printed)?.[1] ?? null,
  };
}

/** Starts it and waits until it has said everything. @throws Error with its output when it ends before */
export async function startAndWait(data: string, args: string[] = []): Promise<StartProcess> {
  const run = spawnStart(data, args);
  let over = false;
  void run.exited.then(() => (over = true));
  while (!run.output().includes('What is planned and why')) {
    if (over) throw new Error(`npm start ended:\n${run.output()}`);
    await delay(100);
  }
  return run;
}

export interface ProcessLine {
  pid: number;
  parent: number;
  command: string;
}

/** Every process that this one has started, and theirs. */
export function descendantsOf(pid: number | undefined): ProcessLine[] {
  const all = processes();
  const found: ProcessLine[] = [];
  for (const queue = [pid]; queue.length > 0;) {
    const parent = queue.shift();
    const children = all.filter((line) => line.parent === parent);
    found.push(...children);
    queue.push(...children.map((line) => line.pid));
  }
  return found;
}

/** Waits until none of these processes is alive any more. @returns those that still are when the time is over */
export async function leftAfter(lines: readonly ProcessLine[], milliseconds: number): Promise<ProcessLine[]> {
  for (let waited = 0; ; waited += 200) {
    const alive = processes();
    const left = lines.filter((line) => alive.some(({ pid, command }) => pid === line.pid && command === line.command));
    if (left.length === 0 || waited >= milliseconds) return left;
    await delay(200);
  }
}

function processes(): ProcessLine[] {
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
