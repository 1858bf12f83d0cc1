import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createArrivals } from './arrivals';
import { connectTemporal, createNow } from './clock';
import type { SimulatorConfig } from './config';
import { createHttpApp, type EngineAddress } from './http/app';
import { createCallLog } from './http/call-log';
import { createNetwork } from './http/network';
import { readPeople } from './people';
import { createProspects } from './prospects';
import { createStarter, startReactionWorker } from './reactions';
import { restoreFromLogs } from './restore';
import { createSmtpServer } from './smtp/server';
import { createTeller } from './tell-engine';
import { openWitness } from './witness';

export interface Simulator {
  smtpPort: number;
  httpPort: number;
  /** Rejects when reactions can no longer happen. */
  running: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The outside world: mail host, telephone network, LinkedIn, SMS, the writer, and the people behind them. In real
 * time it goes on where its logs end; a virtual run is a new world and begins with empty logs.
 */
export async function startSimulator(config: SimulatorConfig): Promise<Simulator> {
  const { secrets, resources, seed, logDirectory, host } = config;
  const connection = await connectTemporal(config);
  const now = createNow(config.clock, connection);
  const isContinued = config.clock.kind === 'system';
  const people = readPeople(config.leadsFile);
  const prospects = createProspects(seed, config.prospects);
  const witness = openWitness(logDirectory, now, isContinued);
  const startReaction = createStarter(connection, config.temporalNamespace);
  const arrivals = createArrivals({ witness, people, prospects, startReaction });
  const [calls, network] = [createCallLog(), createNetwork()];
  if (isContinued) restoreFromLogs(logDirectory, { arrivals, calls, network });

  const engine: EngineAddress = { baseUrl: config.engineBaseUrl };
  const teller = createTeller({ arrivals, calls, network, witness, now, engine, secrets, seed });
  const context = { secrets, resources, people, arrivals, calls, network, seed };
  const app = await createHttpApp(context, engine, config.accountLatencyMs);
  const smtp = createSmtpServer(config, arrivals);
  smtp.on('error', (error: Error) => process.stderr.write(`smtp: ${error.message}\n`));
  const worker = await startReactionWorker(config, teller);
  await app.listen({ host, port: config.httpPort });
  const smtpSocket = smtp.listen(config.smtpPort, host);
  await once(smtpSocket, 'listening');

  return {
    smtpPort: (smtpSocket.address() as AddressInfo).port,
    httpPort: (app.server.address() as AddressInfo).port,
    running: worker.running,
    async stop() {
      await Promise.all([app.close(), new Promise<void>((resolve) => smtp.close(resolve))]);
      await worker.stop();
      await witness.close();
      await connection.close();
    },
  };
}
