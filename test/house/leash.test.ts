import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';

const root = path.join(__dirname, '..', '..');
const embedded = (file: string): string => JSON.stringify(path.join(root, 'embedded', file));

/** Runs TypeScript in a process of its own until it prints a line of JSON; the process stays alive. */
async function startProcess<T>(code: string) {
  const script = `(async () => { ${code} })().then((facts) => { console.log(JSON.stringify(facts)); setInterval(() => 0, 1000); });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const killed = once(child, 'exit');
  return {
    facts: JSON.parse(line) as T,
    kill: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await killed;
    },
  };
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.destroy(resolve(true) as undefined));
    socket.once('error', () => resolve(false));
  });

async function untilClosed(port: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!(await isOpen(port))) return true;
    await delay(100);
  }
  return false;
}

const postgresIn = (options: string): string => `
  const { startEmbeddedPostgres } = require(${embedded('embedded-postgres.ts')});
  const { port, directory } = await startEmbeddedPostgres(${options});
  return { port, directory };`;

describe('a server ends with the process that started it, however that ends', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'PostgreSQL, %s; its temporary data are gone',
    async (signal) => {
      const { facts, kill } = await startProcess<{ port: number; directory: string }>(
        postgresIn('{ persistent: false }'),
      );
      expect(await isOpen(facts.port)).toBe(true);
      await kill(signal);
      expect(await untilClosed(facts.port)).toBe(true);
      for (let tries = 0; existsSync(facts.directory) && tries < 50; tries += 1) await delay(100);
      expect(existsSync(facts.directory)).toBe(false);
    },
  );

  test("Temporal's test server, SIGKILL", async () => {
    const { facts, kill } = await startProcess<{ port: number }>(`
      const { startTimeSkippingServer } = require(${embedded('temporal-servers.ts')});
      return { port: Number((await startTimeSkippingServer()).address.split(':')[1]) };`);
    expect(await isOpen(facts.port)).toBe(true);
    await kill('SIGKILL');
    expect(await untilClosed(facts.port)).toBe(true);
  });
});

describe('persistent data', () => {
  // Not inside a folder made by mkdtemp itself, which nobody else may enter: root's server runs as another user.
  const directory = `${mkdtempSync(path.join(tmpdir(), 'agency-os-leash-'))}-data`;
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const query = async (url: string, sql: string): Promise<unknown[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows as unknown[];
  };

  test('are taken up again after a crash, while the old server is still going down', async () => {
    const options = JSON.stringify({ persistent: true, directory });
    const { kill } = await startProcess(postgresIn(options));
    await kill('SIGKILL');
    const first = await startEmbeddedPostgres({ persistent: true, directory });
    await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startEmbeddedPostgres({ persistent: true, directory });
    expect(await query(second.url('postgres'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    expect(await isOpen(second.port)).toBe(false);
  });
});
