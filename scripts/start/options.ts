import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../user-error';

export interface StartOptions {
  /** null: var/start, or var/start-real with real providers. */
  data: string | null;
  /** The simulator, even when providers are configured. */
  simulate: boolean;
  /** Make another API key for the first client. */
  newKey: boolean;
  /** May be missing unless it was named. */
  settings: string;
  /** 0: any free port. null: the usual one, or a free one when that is taken. */
  ports: { api: number | null; temporal: number | null; ui: number | null };
}

export const startUsage = `Runs PostgreSQL, Temporal with its Web UI, worker and API in real time, with the simulator unless real providers are
configured in the environment or in .env. Ctrl-C stops everything.

  npm start -- [options]

  --data DIR            where the data live  (default var/start; with real providers var/start-real)
  --simulate            use the simulator although providers are configured
  --new-key             print another API key for the first client
  --settings FILE       in the form of .env  (default .env)
  --api-port N          0: any free port     (default API_PORT, else 3000)
  --temporal-port N     0: any free port     (default 7233)
  --ui-port N           0: any free port     (default 8233)
  --help                this text
`;

/** @returns null when help was asked for. @throws UserError that names the option and the remedy */
export function readStartOptions(args: string[], root: string): StartOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  if (values.settings !== undefined && !existsSync(values.settings)) {
    throw new UserError(`--settings: there is no file ${values.settings}`);
  }
  return {
    data: values.data === undefined ? null : path.resolve(values.data),
    simulate: values.simulate ?? false,
    newKey: values['new-key'] ?? false,
    settings: path.resolve(values.settings ?? path.join(root, '.env')),
    ports: {
      api: port('--api-port', values['api-port']),
      temporal: port('--temporal-port', values['temporal-port']),
      ui: port('--ui-port', values['ui-port']),
    },
  };
}

function parse(args: string[]) {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: {
        data: string,
        settings: string,
        'api-port': string,
        'temporal-port': string,
        'ui-port': string,
        simulate: boolean,
        'new-key': boolean,
        help: boolean,
      },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${startUsage}`);
  }
}

function port(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= 65_535) return value;
  throw new UserError(`${name} must be a port, 0 to 65535, not "${text}"`);
}
