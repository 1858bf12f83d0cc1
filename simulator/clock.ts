import { Connection } from '@temporalio/client';
import { InternalConnectionOptionsSymbol, type InternalConnectionOptions } from '@temporalio/client/lib/connection';
import type { SimulatorConfig } from './config';

/** The run's present instant. */
export type Now = () => Promise<Date>;

/** A connection that can also ask the time-skipping server what time it is. */
export function connectTemporal(config: SimulatorConfig): Promise<Connection> {
  const options: InternalConnectionOptions = {
    address: config.temporalAddress,
    [InternalConnectionOptionsSymbol]: { supportsTestService: config.clock.kind === 'virtual' },
  };
  return Connection.connect(options);
}

/** The run's clock, as configured. */
export function createNow(clock: SimulatorConfig['clock'], connection: Connection): Now {
  if (clock.kind === 'system') return () => Promise.resolve(new Date());
  const testService = connection.testService;
  if (!testService) throw new Error('the virtual clock needs a connection to a time-skipping server');
  return async () => {
    const { time } = await testService.getCurrentTime({});
    const serverMs = Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
    return new Date(serverMs + clock.offsetMs);
  };
}
