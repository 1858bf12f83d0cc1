import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { manifests } from '../../providers';
import { systemClock } from '../../runtime/clock';
import { loadConfig, type Config, type RawEnvironment } from '../../runtime/config';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { createLogger } from '../../runtime/logger';
import { applyMigrations } from '../../store/migrations/apply-migrations';
import { startDevServer } from '../../embedded/temporal-servers';
import { startEngine, type Engine } from '../engine';
import { startSimulatorProcess, type SimulatorProcess } from '../simulator-process';
import { UserError } from '../user-error';
import { engineEnvironment } from './engine-environment';
import type { StartOptions } from './options';
import { whenEnded } from './part-ended';
import { portFor } from './ports';
import type { ProviderChoice } from './provider-choice';
import type { Secrets } from './secrets';
import { simulatedSenders } from './simulated-senders';
import { whenGone } from './watch-port';

export interface StackPlan {
  root: string;
  data: string;
  env: RawEnvironment;
  choice: ProviderChoice;
  secrets: Secrets;
  ports: StartOptions['ports'];
  say: (line: string) => void;
  /** Throws when the person wants to stop: asked between two steps of the start. */
  goOn: () => void;
}

export interface RunningStack {
  engine: Engine;
  config: Config;
  temporalAddress: string;
  /** null: Temporal runs elsewhere. */
  temporalUi: string | null;
  /** Rejects when a part of the stack ends by itself. */
  broken: Promise<never>;
}

type Stops = (() => Promise<void>)[];

/**
 * Starts one part after the other; what DATABASE_URL or TEMPORAL_ADDRESS names is taken instead of our own.
 * @param stops gets, in order, what stops each part; the last one goes first
 */
export async function startStack(plan: StackPlan, stops: Stops): Promise<RunningStack> {
  const { env, choice, secrets, say, goOn } = plan;
  const wantedApi = plan.ports.api ?? Number(env.API_PORT || 3000);
  const unknown = {
    databaseUrl: null,
    temporalAddress: null,
    simulator: null,
    apiPort: wantedApi === 0 ? 3000 : wantedApi,
  };
  loadConfig(engineEnvironment(env, choice, secrets, unknown), manifests);
  goOn();
  const parts: Promise<never>[] = [];
  const databaseUrl = await startDatabase(plan, stops, parts);
  goOn();
  const temporal = await startTemporal(plan, stops, parts);
  goOn();
  const simulator = choice.kind === 'real' ? null : await startSimulator(plan, temporal.address, parts);
  stops.push(() => simulator?.stop() ?? Promise.resolve());
  const apiPort = await portFor('the API', wantedApi, say);
  const places = { databaseUrl, temporalAddress: temporal.address, simulator, apiPort };
  const config = loadConfig(engineEnvironment(env, choice, secrets, places), manifests);
  const engine = await startEngine(config, systemClock, createLogger(config.log, 'engine'));
  // Below the simulator: it stops first, so that no event of it finds the API gone.
  stops.splice(-1, 0, engine.stop);
  parts.push(whenEnded('the worker', engine.done));
  await simulator?.connect(config.api.publicBaseUrl);
  const broken = Promise.race(parts);
  broken.catch(() => undefined);
  return { engine, config, temporalAddress: temporal.address, temporalUi: temporal.uiUrl, broken };
}

async function startDatabase({ data, env, say }: StackPlan, stops: Stops, parts: Promise<never>[]): Promise<string> {
  const given = env.DATABASE_URL?.trim();
  if (given) {
    say('PostgreSQL: the server in DATABASE_URL');
    await migrate(given);
    return given;
  }
  const directory = path.join(data, 'postgres');
  const postgres = await readably(startEmbeddedPostgres({ directory, persistent: true, report: say }));
  stops.push(postgres.stop);
  parts.push(whenGone('PostgreSQL', postgres.port));
  say(`PostgreSQL: embedded, port ${postgres.port}`);
  const url = postgres.url('agency');
  await applyMigrations(url);
  return url;
}

async function migrate(url: string): Promise<void> {
  try {
    await applyMigrations(url);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`The database in DATABASE_URL cannot be used: ${message || code || 'no answer'}`);
  }
}

async function startTemporal({ data, env, ports, say }: StackPlan, stops: Stops, parts: Promise<never>[]) {
  if (env.TEMPORAL_ADDRESS?.trim()) return readably(startDevServer({ env, report: say }));
  const port = await portFor('Temporal', ports.temporal ?? 7233, say);
  const uiPort = await portFor("Temporal's Web UI", ports.ui ?? 8233, say);
  const dbFilename = path.join(data, 'temporal.db');
  const server = await readably(startDevServer({ env, report: say, port, uiPort, dbFilename }));
  stops.push(server.stop);
  parts.push(whenGone('Temporal', port));
  return server;
}

async function startSimulator(
  { root, data, secrets }: StackPlan,
  temporalAddress: string,
  parts: Promise<never>[],
): Promise<SimulatorProcess> {
  const logDirectory = path.join(data, 'simulator');
  mkdirSync(logDirectory, { recursive: true });
  const simulator = await startSimulatorProcess({
    temporalAddress,
    clock: { kind: 'system' },
    logDirectory,
    secrets: secrets.simulatedAccounts,
    leadsFiles: [path.join(root, 'examples', 'leads.csv')],
    resources: {
      mailboxes: simulatedSenders.mailboxes,
      phoneNumbers: [simulatedSenders.phoneNumber],
      linkedinSeats: [simulatedSenders.seat.accountId],
    },
  });
  parts.push(whenEnded('the simulator', simulator.ended));
  return simulator;
}

/** What these parts throw is one sentence for people; its stack would only hide it. */
async function readably<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    throw new UserError((error as Error).message, { cause: error });
  }
}
