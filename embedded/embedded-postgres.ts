import { chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { onFreePort, PortTaken } from './free-port';
import { startOnLeash, type LeashedProcess } from './leash';
import { openCluster, serverEnv, superuser, type Cluster } from './postgres-cluster';
import { releaseStaleLock } from './postgres-lock';

export interface EmbeddedPostgresOptions {
  /** Where the data live; created when missing. Needed when persistent, otherwise a temporary folder is taken. */
  directory?: string;
  /** false: the directory is removed when the server stops, also after a crash of this process. */
  persistent: boolean;
  /**
   * false: nothing waits for the disk. Fast, and the last commits are lost when the server is killed. `untilPowerFails`: only
   * a crash of the machine itself loses any. Default true.
   */
  durable?: boolean | 'untilPowerFails';
  /** Port to listen on; a free one unless given. */
  port?: number;
  /** Default 200. */
  maxConnections?: number;
  /** Told about what a person may want to know, e.g. that the data lie elsewhere. */
  report?: (line: string) => void;
}

export interface EmbeddedPostgres {
  port: number;
  directory: string;
  /** URL of a database on this server; it need not exist yet. */
  url(database: string): string;
  /** Strikes the server: SIGKILL as a crash does, SIGSTOP and SIGCONT. Its sessions notice a crash by themselves. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<unknown>;
  /** Stops the server and waits for its end. Safe to repeat. */
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/**
 * Starts a PostgreSQL server of our own on 127.0.0.1, as root or as an ordinary user. It ends with this process at the
 * latest, and takes up again the data that a crashed run left.
 * @throws Error with one readable sentence when it cannot
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options);
  await releaseStaleLock(cluster.directory);
  const start = (port: number) => startServer(cluster, port, options);
  const { server, port } = await (options.port === undefined ? onFreePort(start) : start(options.port));
  return {
    port,
    directory: cluster.directory,
    signal: (signal) => server.signal(signal),
    exited: server.exited,
    url: (database) => `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      await server.stop();
      if (!options.persistent) rmSync(cluster.directory, { recursive: true, force: true });
    },
  };
}

async function startServer(
  cluster: Cluster,
  port: number,
  options: EmbeddedPostgresOptions,
): Promise<{ server: LeashedProcess; port: number }> {
  const { directory, programs, user } = cluster;
  chmodSync(directory, 0o700);
  const server = startOnLeash({
    command: path.join(programs, 'postgres'),
    args: ['-D', directory, ...settings(port, options).flatMap((setting) => ['-c', setting])],
    env: serverEnv(),
    user,
    logFile: path.join(directory, 'server.log'),
    stopSignal: 'INT',
    graceSeconds: 20,
    removeAfterwards: options.persistent ? undefined : directory,
  });
  try {
    await untilReady(server, cluster, port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { server, port };
}

function settings(port: number, { durable = true, maxConnections = 200 }: EmbeddedPostgresOptions): string[] {
  const always = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'timezone=UTC',
    'log_timezone=UTC',
    'shared_buffers=128MB',
    'max_wal_size=2GB',
  ];
  if (durable === true) return always;
  const withoutDisk = [...always, 'fsync=off', 'full_page_writes=off'];
  return durable === false ? [...withoutDisk, 'synchronous_commit=off'] : withoutDisk;
}

async function untilReady(server: LeashedProcess, { password }: Cluster, port: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < readyWithinMs; await delay(50)) {
    if (server.hasExited()) {
      const log = server.logTail();
      if (/could not bind|Address already in use/.test(log)) throw new PortTaken(port);
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
    const client = new Client({ host: '127.0.0.1', port, user: superuser, password, database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      // not yet
    }
  }
  throw new Error(`PostgreSQL was not ready within ${readyWithinMs / 1000} s:\n${server.logTail()}`);
}
