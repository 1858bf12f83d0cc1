import { spawn, type ChildProcess } from 'node:child_process';
import { fstatSync, openSync, readSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Holds a server on a leash: a shell starts it and reads a pipe that only this process writes to. When this process
 * ends, however it ends (SIGKILL included), the pipe closes and the shell stops the server. The shell leads a session
 * of its own, so that Ctrl-C reaches this process alone, which then stops its servers in order.
 */
const leashScript = `
signal=$1; grace=$2; remove=$3; shift 3
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  read -r _ <&3
  trap '' TERM
  kill -"$signal" "$server"
  ticks=$((grace * 10))
  while [ "$ticks" -gt 0 ] && kill -0 "$server"; do sleep 0.1; ticks=$((ticks - 1)); done
  kill -KILL "$server"
) 2>/dev/null &
guard=$!
exec 3<&-
wait "$server"
status=$?
kill "$guard" 2>/dev/null
wait "$guard" 2>/dev/null
[ -z "$remove" ] || rm -rf -- "$remove"
exit "$status"
`;

export interface LeashOptions {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** User to run as; only root may set it. */
  user?: { uid: number; gid: number };
  /** File that gets the server's standard output and error, truncated first. */
  logFile: string;
  /** Signal that asks the server to stop. */
  stopSignal: 'INT' | 'TERM';
  /** Seconds between that signal and SIGKILL. */
  graceSeconds: number;
  /** Directory to remove once the server has ended, also when this process did not live to see it. */
  removeAfterwards?: string;
}

export interface LeashedProcess {
  /** Resolves with the exit code once the server has ended and its directory is removed. */
  exited: Promise<number | null>;
  /** Has it ended? */
  hasExited(): boolean;
  /** What it wrote to its log file, the last lines only. */
  logTail(): string;
  /** Strikes the server and its leash at once: SIGKILL as a crash does, SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Stops it and waits for its end. Safe to repeat. */
  stop(): Promise<void>;
}

/** Starts a server that ends with this process at the latest. */
export function startOnLeash(options: LeashOptions): LeashedProcess {
  // Read back through the same descriptor: the file may be gone when somebody wants to know why the server ended.
  const log = openSync(options.logFile, 'w+', 0o600);
  const shell = spawnShell(options, log);
  let over = false;
  const exited = new Promise<number | null>((resolve) => {
    shell.once('error', () => resolve(null));
    shell.once('exit', resolve);
  }).finally(() => {
    over = true;
    // A leash that was killed with its server could not tidy up.
    if (options.removeAfterwards !== undefined) rmSync(options.removeAfterwards, { recursive: true, force: true });
  });
  shell.stdin?.on('error', () => undefined); // the shell may be gone already
  letGo(shell);
  return {
    exited,
    hasExited: () => over,
    logTail: () => tail(log),
    signal: (signal) => {
      if (!over && shell.pid !== undefined) process.kill(-shell.pid, signal);
    },
    stop: async () => {
      shell.ref();
      shell.stdin?.end();
      await exited;
    },
  };
}

/** A forgotten server must not keep this process alive: it ends with it. */
function letGo(shell: ChildProcess): void {
  shell.unref();
  (shell.stdin as Socket | null)?.unref();
}

function spawnShell(options: LeashOptions, log: number): ChildProcess {
  const { command, args, stopSignal, graceSeconds, removeAfterwards = '' } = options;
  return spawn(
    '/bin/sh',
    ['-c', leashScript, 'leash', stopSignal, String(graceSeconds), removeAfterwards, command, ...args],
    { ...options.user, env: options.env ?? process.env, cwd: '/', detached: true, stdio: ['pipe', log, log] },
  );
}

const tailBytes = 4096;

function tail(log: number): string {
  const { size } = fstatSync(log);
  const last = Buffer.alloc(Math.min(size, tailBytes));
  readSync(log, last, 0, last.length, size - last.length);
  return last.toString('utf8').trimEnd().split('\n').slice(-12).join('\n');
}
