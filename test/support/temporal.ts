import {
  startDevServer as startRealDevServer,
  startTimeSkippingServer as startRealTimeSkippingServer,
  type DevServer,
  type TimeSkippingServer,
} from '../../embedded/temporal-servers';

/** A time-skipping server on a free port, with the contract's search attributes. Its time is locked until unlocked. */
export const startTimeSkippingServer = (): Promise<TimeSkippingServer> => startRealTimeSkippingServer();

/** A dev server on a free port, in memory, without Web UI. A running one in the environment is left alone. */
export const startDevServer = (): Promise<DevServer> =>
  startRealDevServer({ headless: true, env: { ...process.env, TEMPORAL_ADDRESS: undefined } });
