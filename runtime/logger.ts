import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config';

export type { Logger } from 'pino';

/** Keys that may hold a credential, wherever they stand in a logged object. */
const secrets = ['authorization', 'password', 'apiKey', 'authToken', 'secretKey', 'webhookSecret', 'secret', 'token'];

const redacted = [
  ...secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
  ...['authorization', 'cookie', 'x-api-key', 'x-webhook-secret', 'x-twilio-signature'].flatMap((header) => [
    `headers["${header}"]`,
    `*.headers["${header}"]`,
  ]),
];

/**
 * The process's logger: JSON lines, or coloured lines on a terminal. Log ids, never addresses, names or texts (TRUTH-6).
 * @param name the process, e.g. `worker`
 * @param destination where the lines go; standard output unless given
 */
export function createLogger(
  { level, format }: Config['log'],
  name: string,
  destination?: DestinationStream & { isTTY?: boolean },
): Logger {
  const out = destination ?? process.stdout;
  const options = { name, level, redact: { paths: redacted, censor: '[redacted]' } };
  const wantsPretty = format === 'pretty' || (format === 'auto' && out.isTTY === true);
  if (!wantsPretty) return pino(options, destination ?? pino.destination({ fd: 1, sync: true }));
  return pino(options, pretty({ destination: out as NodeJS.WritableStream, ignore: 'pid,hostname', sync: true }));
}
