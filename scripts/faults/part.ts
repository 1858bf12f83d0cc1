import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { PartName } from './schedule';

/** Something that runs by itself, can be struck, and is started again when it has ended, as any supervisor would. */
export interface Part {
  name: PartName;
  /** Resolves when it is ready for the first time. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): void;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** Ends it in order; it is not started again. */
  stop(): Promise<void>;
  /** Ends it at once; it is not started again. */
  end(): Promise<void>;
}

/** What parts tell while they run. */
export type Tell = (
  part: PartName,
  what: { kind: 'failpoint'; name: string; action: string } | { kind: 'ended' },
) => void;

/** Real milliseconds between an end and the next start. */
const restartMs = 300;
/** Real milliseconds that an orderly end may take. */
const patienceMs = 45_000;

const root = path.join(__dirname, '..', '..');
const tsx = pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const leash = pathToFileURL(path.join(root, 'scripts', 'end-with-parent.mjs')).href;

export interface NodePartOptions {
  /** Script and arguments, from the root. */
  script: string[];
  /** Of the n-th start, from 0. */
  environment: (start: number) => Record<string, string | undefined>;
  /** A line of standard output that says that it is ready. */
  ready: string;
  logDirectory: string;
}

/** A Node process in a group of its own. It ends with this process at the latest. */
export function nodePart(name: PartName, options: NodePartOptions, tell: Tell): Part {
  const file = path.join(options.logDirectory, `${name}.log`);
  let log = createWriteStream(file);
  log.end();
  let starts = 0;
  let child: ChildProcess | null = null;
  let isStopping = false;

  async function launch(): Promise<void> {
    const started = spawnNode(options, starts++);
    child = started;
    const ready = untilReady(started, options.ready, log);
    watch(started, name, tell, log);
    started.once('exit', () => void endedBy());
    await Promise.race([ready, once(started, 'exit')]);
  }

  async function endedBy(): Promise<void> {
    if (isStopping) return;
    tell(name, { kind: 'ended' });
    await delay(restartMs);
    if (!isStopping) await launch();
  }

  const signal = (which: NodeJS.Signals): void => {
    if (child?.exitCode === null && child.signalCode === null) child.kill(which);
  };

  async function endBy(which: NodeJS.Signals): Promise<void> {
    isStopping = true;
    signal(which);
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
    log.end();
  }

  return {
    name,
    start() {
      isStopping = false;
      log = createWriteStream(file, { flags: 'a' });
      return launch();
    },
    kill: () => signal('SIGKILL'),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async stop() {
      signal('SIGCONT');
      const hurry = setTimeout(() => signal('SIGKILL'), patienceMs);
      await endBy('SIGTERM');
      clearTimeout(hurry);
    },
    end: () => endBy('SIGKILL'),
  };
}

function spawnNode({ script, environment }: NodePartOptions, start: number): ChildProcess {
  return spawn(process.execPath, ['--import', leash, '--import', tsx, ...script], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'), ...environment(start) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
}

async function untilReady({ stdout }: ChildProcess, ready: string, log: WriteStream): Promise<void> {
  if (stdout === null) return;
  const lines = createInterface({ input: stdout });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (!log.writableEnded) log.write(`${line}\n`);
      if (line.includes(ready)) resolve();
    });
  });
}

function watch({ stderr }: ChildProcess, name: PartName, tell: Tell, log: WriteStream): void {
  if (stderr === null) return;
  createInterface({ input: stderr }).on('line', (line) => {
    if (!log.writableEnded) log.write(`${line}\n`);
    if (!line.startsWith('{"failpoint"')) return;
    const { failpoint, action } = JSON.parse(line) as { failpoint: string; action: string };
    tell(name, { kind: 'failpoint', name: failpoint, action });
  });
}

/** A server of `embedded/`. */
export interface Server {
  signal(signal: NodeJS.Signals): void;
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** @param start starts it, on the same port and data each time */
export function serverPart(name: PartName, start: () => Promise<Server>, tell: Tell): Part {
  let server: Server | null = null;
  let isStopping = false;

  async function launch(): Promise<void> {
    server = await start();
    void server.exited.then(endedBy);
  }

  async function endedBy(): Promise<void> {
    if (isStopping) return;
    tell(name, { kind: 'ended' });
    for (let isUp = false; !isUp && !isStopping;) {
      await delay(restartMs);
      isUp = await launch().then(
        () => true,
        () => false,
      );
    }
  }

  const stop = async (): Promise<void> => {
    isStopping = true;
    server?.signal('SIGCONT');
    await server?.stop();
  };

  return {
    name,
    start: launch,
    kill: () => server?.signal('SIGKILL'),
    freeze: () => server?.signal('SIGSTOP'),
    thaw: () => server?.signal('SIGCONT'),
    stop,
    end: stop,
  };
}
