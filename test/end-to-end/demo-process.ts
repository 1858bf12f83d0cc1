import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');

export interface DemoProcess {
  /** Resolves when the output has this text. */
  said(text: string): Promise<void>;
  interrupt(): void;
  /** Resolves when the process has ended. */
  ended: Promise<{ code: number | null; output: string; seconds: number }>;
  /** Every process that the demo had under it so far, as command lines. */
  started(): string[];
  /** Which of them are still alive. */
  leftBehind(): string[];
}

interface Listed {
  pid: number;
  parent: number;
  /** Process id and start, so that a reused id is not taken for the old process. */
  identity: string;
  command: string;
}

/** Runs the demo as a process of its own and keeps book of everything that it starts. */
export function startDemo(args: string[]): DemoProcess {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'scripts', 'demo.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const family = new Map<string, Listed>();
  const look = (): void => {
    const all = listProcesses();
    const known = new Set([child.pid, ...[...family.values()].map((one) => one.pid)]);
    // Parents are listed before their children, except after a wrap of ids, which the next look sets right.
    for (const one of all) {
      if (one.pid !== child.pid && !known.has(one.parent)) continue;
      known.add(one.pid);
      family.set(one.identity, one);
    }
  };
  const watch = setInterval(look, 250);
  const ended = once(child, 'close').then(([code]) => {
    clearInterval(watch);
    return { code: code as number | null, output, seconds: (performance.now() - began) / 1000 };
  });
  return {
    async said(text) {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`the demo ended without saying "${text}":\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    interrupt: () => void child.kill('SIGINT'),
    ended,
    started: () => [...family.values()].map((one) => one.command),
    leftBehind() {
      const alive = new Set(listProcesses().map((one) => one.identity));
      return [...family.values()].filter((one) => alive.has(one.identity)).map((one) => one.command);
    },
  };
}

function listProcesses(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, stat, started, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie only waits for its exit code to be fetched.
    if (pid === undefined || stat?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), identity: `${pid} ${started}`, command: command ?? '' }];
  });
}
