import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { openCluster, superuser } from '../../embedded/postgres-cluster';
import type { RawEnvironment } from '../../runtime/config';
import { holdData } from '../start/hold-data';
import { secretsFile } from '../start/secrets';
import { UserError } from '../user-error';
import type { CommandOptions } from './options';

/** What there is to look at. */
export interface Place {
  /** For people: what it is. */
  what: string;
  databaseUrl: string | null;
  logs: string | null;
  /** Do the logs go on while they are read? */
  goesOn: boolean;
  temporal: string | null;
  /** Ends what was started to look at it. */
  leave(): Promise<void>;
}

const nothingToEnd = (): Promise<void> => Promise.resolve();

/** Finds what the command line means. @throws UserError when there is nothing, with what to do */
export async function findPlace(options: CommandOptions, env: RawEnvironment, root: string): Promise<Place> {
  const url = options.databaseUrl ?? (options.data === null ? nonEmpty(env.DATABASE_URL) : null);
  const temporal = options.temporal ?? nonEmpty(env.TEMPORAL_ADDRESS);
  if (url !== null) {
    return { what: 'the database', databaseUrl: url, logs: options.logs, goesOn: true, temporal, leave: nothingToEnd };
  }
  // Logs that are named alone are those of a run whose database is gone.
  const data = options.logs === null || options.data !== null ? startedData(options, root) : null;
  if (data !== null) return startedPlace(data, options, temporal);
  const logs = options.logs ?? lastDemo(root);
  if (logs !== null) {
    return {
      what: `the logs in ${relative(logs)}`,
      databaseUrl: null,
      logs,
      goesOn: false,
      temporal: null,
      leave: nothingToEnd,
    };
  }
  throw new UserError(
    'There is nothing to verify: set DATABASE_URL or --database, or make something first with npm start or npm run demo.',
  );
}

const nonEmpty = (value: string | undefined): string | null => (value?.trim() ? value.trim() : null);
const relative = (file: string): string => path.relative(process.cwd(), file) || '.';

/** The data of `npm start`, when it has ever run. */
function startedData({ data }: CommandOptions, root: string): string | null {
  if (data !== null) {
    if (existsSync(secretsFile(data))) return data;
    throw new UserError(`--data: ${data} holds no data of npm start`);
  }
  const usual = ['start', 'start-real'].map((name) => path.join(root, 'var', name));
  return usual.find((folder) => existsSync(secretsFile(folder))) ?? null;
}

function lastDemo(root: string): string | null {
  const demo = path.join(root, 'var', 'demo');
  return existsSync(path.join(demo, 'leads.jsonl')) ? demo : null;
}

/** The server of `npm start`: the one that runs, or its data, under a server that ends with this command. */
async function startedPlace(data: string, options: CommandOptions, temporal: string | null): Promise<Place> {
  const directory = path.join(data, 'postgres');
  const simulator = path.join(data, 'simulator');
  const logs = options.logs ?? (existsSync(path.join(simulator, 'outbox.jsonl')) ? simulator : null);
  const letGo = await holdData(data).catch((error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  });
  if (letGo === null) {
    const what = `npm start, which runs on ${relative(data)}`;
    const databaseUrl = await runningUrl(directory);
    return { what, databaseUrl, logs, goesOn: true, temporal: temporal ?? '127.0.0.1:7233', leave: nothingToEnd };
  }
  const postgres = await startEmbeddedPostgres({ directory, persistent: true }).catch((error: Error) => {
    letGo();
    throw new UserError(error.message);
  });
  const leave = async (): Promise<void> => {
    await postgres.stop();
    letGo();
  };
  const what = `the data of npm start in ${relative(data)}, which does not run`;
  return { what, databaseUrl: postgres.url('agency'), logs, goesOn: false, temporal, leave };
}

/** PostgreSQL notes its port in the fourth line of its lock file. */
async function runningUrl(directory: string): Promise<string> {
  const cluster = await openCluster({ directory, persistent: true });
  try {
    const port = readFileSync(path.join(cluster.directory, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim();
    if (port) return `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/agency`;
  } catch {
    // just starting, or just ending
  }
  throw new UserError('npm start is just starting or ending: wait until it says that it runs, or has ended.');
}
