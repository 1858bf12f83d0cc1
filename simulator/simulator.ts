import { connectTemporal, createNow } from './clock';
import type { SimulatorConfig } from './config';
import { createStarter, startReactionWorker } from './reactions';
import { createWorld } from './world';

export interface Simulator {
  smtpPort: number;
  httpPort: number;
  dnsPort: number;
  /** Rejects when reactions can no longer happen. */
  running: Promise<void>;
  stop(): Promise<void>;
}

/** The outside world with its reactions waiting on Temporal; resolves once everything is ready. */
export async function startSimulator(config: SimulatorConfig): Promise<Simulator> {
  const connection = await connectTemporal(config);
  const now = createNow(config.clock, connection);
  const world = await createWorld(config, now, createStarter(connection, config.temporalNamespace));
  const worker = await startReactionWorker(config, world.teller);
  const ports = await world.listen();
  return {
    ...ports,
    running: worker.running,
    async stop() {
      await worker.stop();
      await world.close();
      await connection.close();
    },
  };
}
