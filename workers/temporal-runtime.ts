import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';
import type { Logger } from '../runtime/logger';

/** Each worker here polls for one kind of task on purpose; the SDK warns of that. */
const expected = /^No (activities|workflows) registered/;

const toPino = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Makes the SDK log through ours, and leaves the process's signals to whoever composes the process: a worker alone must
 * not decide that Ctrl-C stops it first. Once per process, before any worker.
 */
export function installTemporalRuntime(log: Logger): void {
  const write = (entry: { level: LogLevel; message: string; meta?: Record<string, unknown> }): void => {
    const { error, taskToken: _, ...meta } = entry.meta ?? {};
    const level = expected.test(entry.message) ? 'debug' : toPino[entry.level];
    log[level]({ ...meta, ...(error === undefined ? {} : { err: error }) }, entry.message);
  };
  Runtime.install({
    logger: new DefaultLogger('DEBUG', write),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
    shutdownSignals: [],
  });
}
