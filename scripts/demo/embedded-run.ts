import { randomBytes } from 'node:crypto';
import { manifests } from '../../providers';
import { loadConfig, type Config } from '../../runtime/config';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { freePort } from '../../embedded/free-port';
import { createLogger } from '../../runtime/logger';
import { applyMigrations } from '../../store/migrations/apply-migrations';
import { startTimeSkippingServer } from '../../embedded/temporal-servers';
import { virtualTimeFrom, type VirtualTime } from '../../embedded/virtual-time';
import { bundleWorkflows } from '../../workers/create-worker';
import { startEngine, type Engine } from '../engine';
import { simulatedAccounts, simulatorVariables, type SimulatedAccounts } from '../simulated-accounts';
import { startSimulatorProcess, type SimulatorProcess } from '../simulator-process';
import type { DemoOptions } from './options';
import type { Setup } from './setup';

/** The whole stack in virtual time: the same database, workflows, worker and API as in production. */
export interface EmbeddedRun {
  engine: Engine;
  time: VirtualTime;
  operatorKey: string;
  temporalAddress: string;
  /** Rejects when a part of the stack ends by itself. */
  broken: Promise<never>;
  /** Stops everything, in the order in which nothing loses what it waits for. */
  stop(): Promise<void>;
}

type Report = (line: string) => void;

/** Boots everything side by side, as far as one part does not need another's address. */
export async function startEmbeddedRun(options: DemoOptions, setup: Setup, report: Report): Promise<EmbeddedRun> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next().catch(() => undefined);
  };
  try {
    const accounts = simulatedAccounts();
    const parts = await Promise.allSettled([
      startDatabase(stops),
      startOutside({ options, setup, accounts }, stops, report),
      bundleWorkflows(),
    ]);
    const [databaseUrl, { temporalAddress, time, simulator }, bundle] = allOf(parts);
    const operatorKey = randomBytes(24).toString('hex');
    const config = await runConfig(databaseUrl, temporalAddress, operatorKey, simulatorVariables(accounts, simulator));
    const engine = await startEngine(config, time.clock, createLogger(config.log, 'engine'), bundle);
    stops.push(engine.stop);
    await simulator.connect(config.api.publicBaseUrl);
    return { engine, time, operatorKey, temporalAddress, broken: whenBroken(engine, simulator), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All results, or the first failure; nothing is left starting behind our back. */
function allOf<A, B, C>([a, b, c]: [PromiseSettledResult<A>, PromiseSettledResult<B>, PromiseSettledResult<C>]): [
  A,
  B,
  C,
] {
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  if (c.status === 'rejected') throw c.reason;
  return [a.value, b.value, c.value];
}

/** The clock's server, and the simulator that lives by it. */
async function startOutside(
  { options, setup, accounts }: { options: DemoOptions; setup: Setup; accounts: SimulatedAccounts },
  stops: (() => Promise<void>)[],
  report: Report,
): Promise<{ temporalAddress: string; time: VirtualTime; simulator: SimulatorProcess }> {
  const temporal = await startTimeSkippingServer({ report });
  stops.push(temporal.stop);
  const time = await virtualTimeFrom(temporal.connection, setup.start);
  const simulator = await startSimulatorProcess({
    temporalAddress: temporal.address,
    clock: { kind: 'virtual', offsetMs: time.offsetMs },
    logDirectory: options.out,
    leadsFiles: setup.campaigns.flatMap((campaign) => campaign.leadsFile ?? []),
    seed: options.seed,
    prospects: setup.prospects,
    resolver: setup.resolver,
    secrets: accounts,
    resources: resourcesOf(setup),
    linkedin: linkedInOf(setup),
  });
  stops.push(simulator.stop);
  return { temporalAddress: temporal.address, time, simulator };
}

async function startDatabase(stops: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ persistent: false, durable: false });
  stops.push(postgres.stop);
  const url = postgres.url('agency');
  await applyMigrations(url);
  return url;
}

async function runConfig(
  databaseUrl: string,
  temporalAddress: string,
  operatorKey: string,
  providers: ReturnType<typeof simulatorVariables>,
): Promise<Config> {
  const port = await freePort();
  return loadConfig(
    {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      API_PORT: String(port),
      PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
      SECRET_KEY: randomBytes(32).toString('hex'),
      OPERATOR_API_KEY: operatorKey,
      // Thirty days in a minute: what comes every hour would be a third of it.
      CHORES_EVERY_SECONDS: '14400',
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
      ...providers,
    },
    manifests,
  );
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

/** How LinkedIn begins, as the simulator wants it. */
function linkedInOf({ linkedinSeats }: Setup): Record<string, unknown> {
  const people = (of: 'connections' | 'invitations') =>
    linkedinSeats.flatMap((seat) => (seat[of] ?? []).map((person) => ({ seat: seat.id, person })));
  const throttles = linkedinSeats.flatMap((seat) =>
    (seat.throttles ?? []).map((throttle) => ({ seat: seat.id, ...throttle })),
  );
  return { connections: people('connections'), invitations: people('invitations'), throttles };
}
