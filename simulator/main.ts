/** Runs the simulator as a process of its own: `node --import tsx simulator/main.ts <config.json>`. */
import { fstatSync } from 'node:fs';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { readConfig } from './config';
import { startSimulator, type Simulator } from './simulator';

/** Milliseconds after which a stop that hangs is cut short. */
const stopTimeoutMs = 6_000;

async function main(): Promise<void> {
  const file = process.argv[2];
  if (!file) throw new Error('usage: simulator/main.ts <config.json>');
  const config = readConfig(file);
  keepLogsOffStandardOutput();
  const starting = startSimulator(config);
  stopOnRequest(starting);
  const simulator = await starting;
  simulator.running.catch(fail);
  const { smtpPort, httpPort, dnsPort } = simulator;
  process.stdout.write(`${JSON.stringify({ ready: true, smtpPort, httpPort, dnsPort })}\n`);
}

/** Temporal's core would log to standard output, which belongs to the ready line; its logger here writes to stderr. */
function keepLogsOffStandardOutput(): void {
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { filter, forward: {} } },
    shutdownSignals: [],
  });
}

/** Stops on a signal, and when the pipe on standard input closes: then the process that started this one is gone. */
function stopOnRequest(starting: Promise<Simulator>): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    starting.then((simulator) => simulator.stop()).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
}

function fail(error: unknown): void {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
