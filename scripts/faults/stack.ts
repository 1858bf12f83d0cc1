import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { freePort } from '../../embedded/free-port';
import { startDevServer } from '../../embedded/temporal-servers';
import type { Knot } from '../../runtime/clock';
import { applyMigrations } from '../../store/migrations/apply-migrations';
import { simulatedAccounts, simulatorVariables } from '../simulated-accounts';
import { openLink, type Link } from './link';
import { nodePart, serverPart, type Part, type Tell } from './part';
import { linkNames, type EnginePartName, type LinkName, type PartName, type Schedule } from './schedule';
import type { RunWorld } from './world';

/** All parts of a run and the networks between them, on ports that stay the same. */
export interface Stack {
  parts: Record<PartName, Part>;
  links: Record<LinkName, Link>;
  /** Past the links, for whoever watches. */
  databaseUrl: string;
  temporalAddress: string;
  apiUrl: string;
  operatorKey: string;
  /** The secret in the path of the mail webhook. */
  mailSecret: string;
  /** Gives all processes that start from now on this clock. */
  setClock(knots: readonly Knot[]): void;
  /** From now on engine processes start with the failpoints of the schedule, or with none. */
  armed: boolean;
  stop(): Promise<void>;
}

interface StackPlan {
  out: string;
  seed: number;
  world: RunWorld;
  schedule: Schedule;
  say: (line: string) => void;
}

type Ports = Record<PartName | 'smtp' | 'http' | 'dns' | LinkName, number>;

/** Opens the networks and starts PostgreSQL and Temporal; the engine and the simulator are started by whoever runs it. */
export async function prepareStack(plan: StackPlan, tell: Tell): Promise<Stack> {
  const { out } = plan;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next().catch(() => undefined);
  };
  try {
    const ports = await choosePorts();
    const database = await startDatabase(ports, path.join(out, 'postgres'), stops, tell);
    await applyMigrations(database.url(ports.postgres));
    await removeWorkflows(out);
    const temporal = temporalPart(ports, out, plan.say, tell);
    stops.push(() => removeWorkflows(out), temporal.stop);
    await temporal.start();
    const links = await openLinks(ports);
    stops.push(...Object.values(links).map((link) => link.close));
    return composeStack(plan, { ports, database, temporal, links, stops, stop }, tell);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Prepared {
  ports: Ports;
  database: { part: Part; url: (port: number) => string };
  temporal: Part;
  links: Record<LinkName, Link>;
  stops: (() => Promise<unknown>)[];
  stop: () => Promise<void>;
}

function composeStack({ out, seed, world, schedule }: StackPlan, prepared: Prepared, tell: Tell): Stack {
  const { ports, database, temporal, links, stops, stop } = prepared;
  const accounts = simulatedAccounts();
  const keys = { secretKey: randomBytes(32).toString('hex'), operatorKey: randomBytes(24).toString('hex') };
  const clockFile = path.join(out, 'clock.json');
  const engine = (name: EnginePartName, script: string, ready: string): Part =>
    nodePart(
      name,
      {
        script: [script],
        ready,
        logDirectory: out,
        environment: (start) => {
          const places = placesOf(name, ports);
          const list = schedule.failpoints[name];
          return {
            DATABASE_URL: database.url(ports[`${name} postgres`]),
            TEMPORAL_ADDRESS: `127.0.0.1:${ports[`${name} temporal`]}`,
            API_PORT: String(ports.api),
            PUBLIC_BASE_URL: `http://127.0.0.1:${ports['outside api']}`,
            SECRET_KEY: keys.secretKey,
            OPERATOR_API_KEY: keys.operatorKey,
            LOG_LEVEL: 'info',
            LOG_FORMAT: 'json',
            CLOCK_TABLE: clockFile,
            FAILPOINTS: stack.armed ? list[start % list.length] : '',
            ...simulatorVariables(accounts, places),
          };
        },
      },
      tell,
    );
  const parts: Record<PartName, Part> = {
    'worker-1': engine('worker-1', 'workers/main.ts', '"worker started"'),
    'worker-2': engine('worker-2', 'workers/main.ts', '"worker started"'),
    api: engine('api', 'api/main.ts', '"API started"'),
    simulator: simulatorPart(out, tell),
    postgres: database.part,
    temporal,
  };
  for (const name of ['simulator', 'api', 'worker-1', 'worker-2'] as const) stops.push(() => parts[name].end());
  const stack: Stack = {
    parts,
    links,
    databaseUrl: database.url(ports.postgres),
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    operatorKey: keys.operatorKey,
    mailSecret: accounts.mailWebhook ?? '',
    armed: false,
    setClock(knots) {
      writeFileSync(clockFile, JSON.stringify(knots));
      const simulator = {
        temporalAddress: `127.0.0.1:${ports.temporal}`,
        clock: { kind: 'table', knots },
        logDirectory: out,
        smtpPort: ports.smtp,
        httpPort: ports.http,
        dnsPort: ports.dns,
        engineBaseUrl: `http://127.0.0.1:${ports['outside api']}`,
        leadsFiles: [world.leadsFile],
        resources: world.resources,
        population: 0,
        seed,
        mischief,
        secrets: accounts,
      };
      writeFileSync(path.join(out, 'simulator.json'), JSON.stringify(simulator), { mode: 0o600 });
    },
    stop,
  };
  return stack;
}

/** Shares of what simulated providers do wrong. */
const mischief = {
  resets: 0.008,
  errors: 0.006,
  slow: 0.002,
  slowSeconds: 60,
  earlyEvents: 0.02,
  doubleEvents: 0.05,
  lateEvents: 0.05,
};

const simulatorPart = (out: string, tell: Tell): Part =>
  nodePart(
    'simulator',
    {
      script: ['simulator/main.ts', path.join(out, 'simulator.json')],
      ready: '"ready":true',
      logDirectory: out,
      environment: () => ({}),
    },
    tell,
  );

function placesOf(name: EnginePartName, ports: Ports) {
  const [smtpPort, httpPort] =
    name === 'api' ? [ports.smtp, ports.http] : [ports[`${name} smtp`], ports[`${name} http`]];
  return { smtpPort, httpUrl: `http://127.0.0.1:${httpPort}`, dnsPort: ports.dns };
}

async function choosePorts(): Promise<Ports> {
  const ports: Partial<Ports> = {};
  const names = ['worker-1', 'worker-2', 'api', 'postgres', 'temporal', 'simulator', 'smtp', 'http', 'dns'] as const;
  for (const name of [...names, ...linkNames]) {
    let port = await freePort();
    while (Object.values(ports).includes(port)) port = await freePort();
    ports[name] = port;
  }
  return ports as Ports;
}

/** Kept over kills, as a disk is, and thrown away at the end. */
async function startDatabase(ports: Ports, directory: string, stops: (() => Promise<unknown>)[], tell: Tell) {
  rmSync(directory, { recursive: true, force: true });
  const options = { directory, persistent: true, durable: 'untilPowerFails', port: ports.postgres } as const;
  const first = await startEmbeddedPostgres(options);
  // Sessions of a server that was killed may still be writing for a moment.
  stops.push(() => rm(first.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));
  let isFirst = true;
  const start = async (): Promise<typeof first> => {
    const server = isFirst ? first : await startEmbeddedPostgres(options);
    isFirst = false;
    return server;
  };
  const part = serverPart('postgres', start, tell);
  stops.push(part.stop);
  await part.start();
  return { part, url: (port: number): string => first.url('agency').replace(`:${first.port}/`, `:${port}/`) };
}

/** Temporal's file, and what SQLite lays beside it. */
async function removeWorkflows(out: string): Promise<void> {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(path.join(out, `temporal.db${end}`), { force: true });
}

function temporalPart(ports: Ports, out: string, say: (line: string) => void, tell: Tell): Part {
  const dbFilename = path.join(out, 'temporal.db');
  const env = { ...process.env, TEMPORAL_ADDRESS: undefined };
  const options = { env, dbFilename, port: ports.temporal, headless: true, durable: false };
  let isFirst = true;
  const report = (line: string): void => {
    if (isFirst) say(line);
    isFirst = false;
  };
  return serverPart('temporal', () => startDevServer({ ...options, report }), tell);
}

async function openLinks(ports: Ports): Promise<Record<LinkName, Link>> {
  const entries = linkNames.map(async (name) => {
    const [, end = ''] = name.split(' ');
    return [name, await openLink(ports[name], ports[end as 'postgres'])] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<LinkName, Link>;
}
