import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createArrivals, type StartReaction } from './arrivals';
import type { Now } from './clock';
import type { SimulatorConfig } from './config';
import { createDnsServer } from './dns/server';
import { createHttpApp, type EngineAddress } from './http-app';
import { createMischiefs } from './mischief';
import { readPeople } from './people';
import { createPopulation } from './population/population';
import { createProspects } from './prospects';
import type { Places } from './provider';
import { simulatedProviders } from './providers';
import { restoreFromLogs } from './restore';
import { createSmtpServer } from './smtp/server';
import { createTeller } from './tell-engine';
import { openWitness } from './witness';
import type { ReactionActivities } from './workflows/reaction-input';

export interface World {
  /** Sends what a reaction brings about. */
  teller: ReactionActivities;
  /** Opens the ports. */
  listen(): Promise<Omit<Places, 'httpUrl'> & { httpPort: number }>;
  /** Closes ports and logs. */
  close(): Promise<void>;
}

/**
 * The providers and the people behind them, on a given clock. In real time the world goes on where its logs end; a
 * virtual run is a new world and begins with empty logs.
 */
export async function createWorld(config: SimulatorConfig, now: Now, startReaction: StartReaction): Promise<World> {
  const { secrets, resources, seed, logDirectory, host, sourceRequestsPerMinute } = config;
  const isContinued = config.clock.kind !== 'virtual';
  const population = createPopulation(seed, config.population);
  const people = readPeople(config.leadsFiles, population);
  const prospects = createProspects(seed, config.prospects);
  const witness = openWitness(logDirectory, now, isContinued);
  const mischiefs = createMischiefs(seed, config.mischief);
  const arrivals = createArrivals({ witness, people, prospects, mischiefs, startReaction });
  const { linkedin, salesforge } = config;
  const wake = (id: string, afterMs: number) =>
    startReaction({ deliveryId: id, reactions: [{ kind: 'leaves', afterMs }] });
  const shared = {
    secrets,
    resources,
    linkedin,
    salesforge,
    wake,
    people,
    population,
    sourceRequestsPerMinute,
    now,
    arrivals,
    seed,
  };
  const providers = simulatedProviders.flatMap((provider) => {
    const opened = provider.open?.(shared);
    return opened === undefined ? [] : [{ ...opened, name: provider.name }];
  });
  if (isContinued) restoreFromLogs(logDirectory, { arrivals, providers });

  const engine: EngineAddress = { baseUrl: config.engineBaseUrl };
  const app = await createHttpApp(providers, engine, config.accountLatencyMs);
  const smtp = createSmtpServer(config, arrivals);
  smtp.on('error', (error: Error) => process.stderr.write(`smtp: ${error.message}\n`));
  const dns = createDnsServer(config.resolver);

  return {
    teller: createTeller({ arrivals, providers, witness, now, engine, seed }),
    async listen() {
      await app.listen({ host, port: config.httpPort });
      const socket = smtp.listen(config.smtpPort, host);
      await once(socket, 'listening');
      const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
      const dnsPort = await dns.listen(config.dnsPort, host);
      return { smtpPort: portOf(socket), httpPort: portOf(app.server), dnsPort };
    },
    async close() {
      await Promise.all([app.close(), dns.close(), new Promise<void>((resolve) => smtp.close(resolve))]);
      await witness.close();
    },
  };
}
