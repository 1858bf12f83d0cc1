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

export type TableClock = Extract<SimulatorConfig['clock'], { kind: 'table' }>;

/** The run's clock, as configured. */
export function createNow(clock: Exclude<SimulatorConfig['clock'], TableClock>, connection: Connection): Now {
  if (clock.kind === 'system') return () => Promise.resolve(new Date());
  const testService = connection.testService;
  if (!testService) throw new Error('the virtual clock needs a connection to a time-skipping server');
  return async () => {
    const { time } = await testService.getCurrentTime({});
    const serverMs = Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
    return new Date(serverMs + clock.offsetMs);
  };
}

/** The run's time by the table. */
export const tableNow =
  ({ knots }: TableClock): Now =>
  () =>
    Promise.resolve(new Date(Math.floor(translate(knots, Date.now(), [0, 1]))));

/** Real milliseconds from now until the run's time has gone on by so many. */
export function realPause({ knots }: TableClock, milliseconds: number): number {
  const realNow = Date.now();
  return translate(knots, translate(knots, realNow, [0, 1]) + milliseconds, [1, 0]) - realNow;
}

/** Between two knots time passes evenly, beyond the last one as real time does. */
function translate(knots: TableClock['knots'], at: number, [from, to]: readonly [0 | 1, 0 | 1]): number {
  const next = knots.findIndex((knot) => knot[from] > at);
  const last = knots[knots.length - 1] ?? [0, 0];
  if (next === -1) return last[to] + (at - last[from]);
  const [a = last, b = last] = knots.slice(Math.max(0, next - 1), Math.max(0, next - 1) + 2);
  return a[to] + ((at - a[from]) * (b[to] - a[to])) / (b[from] - a[from]);
}
