import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../user-error';

export interface CommandOptions {
  /** null: DATABASE_URL, or the data of `npm start`, or none. */
  databaseUrl: string | null;
  /** null: none are named. */
  logs: string | null;
  /** host:port; null: TEMPORAL_ADDRESS, or the server of `npm start`. */
  temporal: string | null;
  /** The data folder of `npm start`; null: the usual ones. */
  data: string | null;
  json: boolean;
}

export const verifyUsage = `Holds a database, the logs of a run, or both beside each other against every promise of the specification. Changes nothing.

  npm run verify -- [options]

  --database URL     the engine's database     (default DATABASE_URL, else the data of npm start)
  --logs DIR         the simulator's logs      (default those of npm start, else of the last demo)
  --temporal ADDR    where the workflows run   (default TEMPORAL_ADDRESS, else the server of npm start)
  --data DIR         data folder of npm start  (default var/start, else var/start-real)
  --json             the whole report as JSON
  --help             this text

Ends with 0 when every promise was kept, 1 when one was broken, 2 when nothing could be looked at.
`;

/** @returns null when help was asked for. @throws UserError that names the option and the remedy */
export function readVerifyOptions(args: string[]): CommandOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  const folder = (name: string, given: string | undefined): string | null => {
    if (given === undefined) return null;
    const at = path.resolve(given);
    if (existsSync(at) && statSync(at).isDirectory()) return at;
    throw new UserError(`${name}: there is no folder ${at}`);
  };
  if (values.database !== undefined && !/^postgres(ql)?:\/\/./.test(values.database)) {
    throw new UserError('--database must be a URL such as postgresql://user:password@localhost:5432/agency_os');
  }
  return {
    databaseUrl: values.database ?? null,
    logs: folder('--logs', values.logs),
    temporal: values.temporal ?? null,
    data: folder('--data', values.data),
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { database: string, logs: string, temporal: string, data: string, json: flag, help: flag };
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${verifyUsage}`);
  }
}
