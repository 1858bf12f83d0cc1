import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, isGrpcServiceError, type TestService } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection';
import { temporal } from '@temporalio/proto';
import { searchAttributes as contractAttributes } from '../workflows/contract';
import { assertFree, freePort, onFreePort, PortTaken } from './free-port';
import { startOnLeash, type LeashedProcess } from './leash';
import { findTemporalServer, type ResolveOptions } from './temporal-executables';

const defaultNamespace = 'default';
const readyWithinMs = 60_000;

/** Every search attribute of the contract is a Keyword: an id or a word. */
export const keywordAttributes: readonly string[] = Object.values(contractAttributes);

/** A connection to the time-skipping server, whose test service is there for certain. */
export type TestConnection = Connection & { readonly testService: TestService };

export interface TimeSkippingServer {
  /** host:port */
  address: string;
  /** Also speaks the test service: `connection.testService.unlockTimeSkipping({})`, `.getCurrentTime({})`. */
  connection: TestConnection;
  /** Closes the connection, stops the server and waits for its end. Safe to repeat. */
  stop(): Promise<void>;
}

export interface DevServer {
  /** host:port */
  address: string;
  /** The Web UI; null for a server that was running already, or that is headless. */
  uiUrl: string | null;
  /** Strikes the server: SIGKILL as a crash does, SIGSTOP and SIGCONT. Not one that was running already. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

export interface DevServerOptions extends ResolveOptions {
  /** SQLite file that keeps the workflows; in memory unless given. */
  dbFilename?: string;
  /** false: the file does not wait for the disk; only a crash of the machine itself loses anything. Default true. */
  durable?: boolean;
  /** A free one unless given. */
  port?: number;
  /** A free one unless given. */
  uiPort?: number;
  /** No Web UI. */
  headless?: boolean;
  /** Names of Keyword attributes; the contract's unless given. */
  searchAttributes?: readonly string[];
}

/**
 * Starts Temporal's time-skipping test server, with the contract's search attributes. Its time is locked: unlock it once
 * for a whole run.
 * @throws Error with one readable sentence when there is none or it does not start
 */
export async function startTimeSkippingServer(
  options: ResolveOptions & { port?: number } = {},
): Promise<TimeSkippingServer> {
  if (options.port !== undefined) await assertFree(options.port);
  const command = await findTemporalServer('testServer', options);
  const start = async (port: number): Promise<TimeSkippingServer> => {
    const server = launch(command, [String(port), '--enable-time-skipping']);
    const connection = await untilReady(server, port, (at) => connectTo(at, true));
    await registerKeywords(connection, keywordAttributes).catch((error: unknown) => {
      // A fresh test server knows no attribute: this is somebody else's, who was faster to take the port.
      throw hasCode(error, alreadyExists) ? new PortTaken(port) : error;
    });
    return {
      address: address(port),
      connection: connection as TestConnection,
      stop: () => stopBoth(connection, server),
    };
  };
  return options.port === undefined ? onFreePort(start) : start(options.port);
}

/**
 * Starts Temporal's dev server, or takes the one that TEMPORAL_ADDRESS names.
 * @throws Error with one readable sentence when there is none or it does not start
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const { env = process.env, report, port, searchAttributes = keywordAttributes } = options;
  if (env.TEMPORAL_ADDRESS) return takeRunning(env.TEMPORAL_ADDRESS, searchAttributes, report);
  for (const wanted of [port, options.uiPort]) if (wanted !== undefined) await assertFree(wanted);
  const command = await findTemporalServer('cli', options);
  const start = async (at: number): Promise<DevServer> => {
    const uiPort = options.headless ? null : (options.uiPort ?? (await freePort()));
    const server = launch(command, devServerArgs(options, at, uiPort));
    const connection = await untilReady(server, at, (to) => connectTo(to, false));
    await registerKeywords(connection, searchAttributes);
    await connection.close();
    if (server.hasExited()) throw startFailure(server, at);
    return {
      address: address(at),
      uiUrl: uiPort === null ? null : `http://${address(uiPort)}`,
      signal: (signal) => server.signal(signal),
      exited: server.exited,
      stop: () => server.stop(),
    };
  };
  return port === undefined ? onFreePort(start) : start(port);
}

async function takeRunning(at: string, attributes: readonly string[], report?: (line: string) => void) {
  report?.(`Temporal: ${at} (from TEMPORAL_ADDRESS)`);
  const connection = await connectTo(at, false).catch((error: Error) => {
    throw new Error(`No Temporal server answers at ${at} (TEMPORAL_ADDRESS): ${error.message}`);
  });
  await registerKeywords(connection, attributes).finally(() => connection.close());
  const exited = new Promise(() => undefined);
  return { address: at, uiUrl: null, signal: () => undefined, exited, stop: () => Promise.resolve() };
}

function devServerArgs(
  { dbFilename, durable = true }: DevServerOptions,
  port: number,
  uiPort: number | null,
): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'];
  args.push(...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (dbFilename !== undefined) {
    mkdirSync(path.dirname(path.resolve(dbFilename)), { recursive: true });
    args.push('--db-filename', path.resolve(dbFilename));
    if (!durable) args.push('--sqlite-pragma', 'synchronous=OFF', '--sqlite-pragma', 'journal_mode=WAL');
  }
  return args;
}

const address = (port: number): string => `127.0.0.1:${port}`;

function launch(command: string, args: string[]): LeashedProcess {
  const logs = mkdtempSync(path.join(tmpdir(), 'agency-os-temporal-'));
  return startOnLeash({
    command,
    args,
    logFile: path.join(logs, 'server.log'),
    stopSignal: 'TERM',
    graceSeconds: 10,
    removeAfterwards: logs,
  });
}

function connectTo(at: string, supportsTestService: boolean): Promise<Connection> {
  return Connection.connect({
    address: at,
    connectTimeout: 2000,
    [InternalConnectionOptionsSymbol]: { supportsTestService },
  } as Parameters<typeof Connection.connect>[0]);
}

/** Waits until the server answers for its namespace. */
async function untilReady(
  server: LeashedProcess,
  port: number,
  connect: (at: string) => Promise<Connection>,
): Promise<Connection> {
  let last = '';
  for (const began = performance.now(); performance.now() - began < readyWithinMs; await delay(100)) {
    if (server.hasExited()) throw startFailure(server, port);
    try {
      const connection = await connect(address(port));
      await connection.workflowService.describeNamespace({ namespace: defaultNamespace });
      if (!server.hasExited()) return connection;
    } catch (error) {
      last = (error as Error).message;
    }
  }
  const log = server.logTail();
  await server.stop();
  throw new Error(`The Temporal server was not ready within ${readyWithinMs / 1000} s: ${last}\n${log}`);
}

function startFailure(server: LeashedProcess, port: number): Error {
  const log = server.logTail();
  if (/already in use|failed to bind|can't set frontend port|Failed to bind/i.test(log)) return new PortTaken(port);
  return new Error(`The Temporal server did not start:\n${log}`);
}

/** Adds what is missing; a workflow that sets an unknown attribute would fail its task for ever. */
async function registerKeywords(connection: Connection, names: readonly string[]): Promise<void> {
  const keyword = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  const namespace = defaultNamespace;
  const known = await knownAttributes(connection);
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

/** gRPC status codes. */
const alreadyExists = 6;
const unimplemented = 12;

const hasCode = (error: unknown, code: number): boolean => isGrpcServiceError(error) && Number(error.code) === code;

async function knownAttributes(connection: Connection): Promise<string[]> {
  try {
    const { operatorService } = connection;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: defaultNamespace });
    return Object.keys(customAttributes);
  } catch (error) {
    if (hasCode(error, unimplemented)) return []; // the test server has no list
    throw error;
  }
}

async function stopBoth(connection: Connection, server: LeashedProcess): Promise<void> {
  await connection.close().catch(() => undefined);
  await server.stop();
}
