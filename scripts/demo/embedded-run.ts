import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { loadConfig, type Config } from '../../runtime/config';
import { startEmbeddedPostgres } from '../../runtime/embedded-postgres';
import { freePort } from '../../runtime/free-port';
import { createLogger } from '../../runtime/logger';
import { applyMigrations } from '../../runtime/migrations';
import { startTimeSkippingServer } from '../../runtime/temporal-servers';
import { virtualTimeFrom, type VirtualTime } from '../../runtime/virtual-time';
import { startEngine, type Engine } from '../engine';
import { simulatedAccounts, simulatedProviders } from '../simulated-accounts';
import { startSimulatorProcess, type SimulatorProcess } from '../simulator-process';
import type { DemoOptions } from './options';
import type { Setup } from './setup';

/** The whole stack in virtual time: the same database, workflows, worker and API as in production. */
export interface EmbeddedRun {
  engine: Engine;
  time: VirtualTime;
  operatorKey: string;
  /** Rejects when a part of the stack ends by itself. */
  broken: Promise<never>;
  /** Stops everything, in the order in which nothing loses what it waits for. */
  stop(): Promise<void>;
}

type Report = (line: string) => void;

/** Boots PostgreSQL and the time-skipping server side by side, then simulator and engine. */
export async function startEmbeddedRun(options: DemoOptions, setup: Setup, report: Report): Promise<EmbeddedRun> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next().catch(() => undefined);
  };
  try {
    const [postgres, temporal] = await Promise.all([startDatabase(stops), startTemporal(stops, report)]);
    const time = await virtualTimeFrom(temporal.connection, setup.start);
    mkdirSync(options.out, { recursive: true });
    const accounts = simulatedAccounts();
    const simulator = await startSimulatorProcess({
      ...{ temporalAddress: temporal.address, clock: { kind: 'virtual', offsetMs: time.offsetMs } },
      ...{ logDirectory: options.out, leadsFile: options.leads, seed: options.seed },
      ...{ prospects: setup.prospects, secrets: accounts, resources: resourcesOf(setup) },
    });
    stops.push(simulator.stop);
    const operatorKey = randomBytes(24).toString('hex');
    const config = await runConfig(postgres, temporal.address, operatorKey, simulatedProviders(accounts, simulator));
    const engine = await startEngine(config, time.clock, createLogger(config.log, 'engine'));
    stops.push(engine.stop);
    await simulator.connect(config.api.publicBaseUrl);
    return { engine, time, operatorKey, broken: whenBroken(engine, simulator), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDatabase(stops: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ persistent: false, durable: false });
  stops.push(postgres.stop);
  const url = postgres.url('agency');
  await applyMigrations(url);
  return url;
}

async function startTemporal(stops: (() => Promise<void>)[], report: Report) {
  const server = await startTimeSkippingServer({ report });
  stops.push(server.stop);
  return server;
}

async function runConfig(
  databaseUrl: string,
  temporalAddress: string,
  operatorKey: string,
  providers: ReturnType<typeof simulatedProviders>,
): Promise<Config> {
  const port = await freePort();
  return loadConfig({
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    API_PORT: String(port),
    PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
    SECRET_KEY: randomBytes(32).toString('hex'),
    OPERATOR_API_KEY: operatorKey,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    ...providers,
  });
}

function resourcesOf(setup: Setup) {
  return {
    mailboxes: setup.domains.flatMap((domain) => domain.mailboxes),
    phoneNumbers: setup.phoneNumbers.map((number) => number.number),
    linkedinSeats: setup.linkedinSeats.map((seat) => seat.id),
  };
}

function whenBroken(engine: Engine, simulator: SimulatorProcess): Promise<never> {
  const parts = [engine.done, simulator.ended].map((part) => part.then(() => new Promise<never>(() => undefined)));
  const broken = Promise.race(parts);
  broken.catch(() => undefined);
  return broken;
}
