import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface SimulatorProcess {
  smtpPort: number;
  dnsPort: number;
  /** Base URL of the four HTTP APIs. */
  httpUrl: string;
  /** Tells where webhooks go. */
  connect(engineUrl: string): Promise<void>;
  /** Settles when the process has ended; rejects when it ended by itself. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const root = path.join(__dirname, '..');

/** Milliseconds in which the simulator must be ready. */
const readyWithinMs = 60_000;

/**
 * Starts the simulator as a process of its own; it ends when this process does, because its standard input closes.
 * @param configuration as simulator/config.ts describes it
 */
export async function startSimulatorProcess(configuration: Record<string, unknown>): Promise<SimulatorProcess> {
  const directory = mkdtempSync(path.join(tmpdir(), 'simulator-'));
  const file = path.join(directory, 'config.json');
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'simulator', 'main.ts'), file], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    // Its own process group: Ctrl-C reaches the parent alone, which stops it in order.
    detached: true,
  });
  let stopping = false;
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    rmSync(directory, { recursive: true, force: true });
    if (!stopping) throw new Error(`the simulator ended by itself (exit code ${String(code)})`);
  });
  ended.catch(() => undefined);
  const ready: ReadyLine = await Promise.race([
    readyLine(child.stdout),
    ended.then(() => Promise.reject(new Error('no simulator'))),
  ]);
  const httpUrl = `http://127.0.0.1:${ready.httpPort}`;
  return {
    smtpPort: ready.smtpPort,
    dnsPort: ready.dnsPort,
    httpUrl,
    ended,
    connect: (engineUrl) => tellEngine(httpUrl, engineUrl),
    stop: async () => {
      stopping = true;
      child.stdin.end();
      await ended;
    },
  };
}

interface ReadyLine {
  smtpPort: number;
  httpPort: number;
  dnsPort: number;
}

async function readyLine(stdout: NodeJS.ReadableStream): Promise<ReadyLine> {
  const lines = createInterface({ input: stdout });
  const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(readyWithinMs) })) as [string];
  return JSON.parse(line) as ReadyLine;
}

async function tellEngine(httpUrl: string, baseUrl: string): Promise<void> {
  const answer = await fetch(`${httpUrl}/control/engine`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ baseUrl }),
  });
  if (!answer.ok) throw new Error(`the simulator refused the engine's address: ${answer.status}`);
}
