import { connectTemporal, createNow, tableNow, type TableClock } from './clock';
import type { SimulatorConfig } from './config';
import { createMischiefs } from './mischief';
import { createStarter, startReactionWorker } from './reactions';
import { reactionsHere } from './reactions-here';
import { createWorld, type World } from './world';

export interface Simulator {
  smtpPort: number;
  httpPort: number;
  dnsPort: number;
  /** Rejects when reactions can no longer happen. */
  running: Promise<void>;
  stop(): Promise<void>;
}

/** The outside world with its reactions waiting; resolves once everything is ready. */
export function startSimulator(config: SimulatorConfig): Promise<Simulator> {
  const { clock } = config;
  return clock.kind === 'table' ? startHere(config, clock) : startOnTemporal(config, clock);
}

async function startHere(config: SimulatorConfig, clock: TableClock): Promise<Simulator> {
  const mischiefs = createMischiefs(config.seed, config.mischief);
  const startReaction = reactionsHere(clock, mischiefs, () => world.teller);
  const world: World = await createWorld(config, tableNow(clock), startReaction);
  const ports = await world.listen();
  return { ...ports, running: new Promise(() => undefined), stop: () => world.close() };
}

async function startOnTemporal(
  config: SimulatorConfig,
  clock: Exclude<SimulatorConfig['clock'], TableClock>,
): Promise<Simulator> {
  const connection = await connectTemporal(config);
  const now = createNow(clock, connection);
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
