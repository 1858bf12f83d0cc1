import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../user-error';

/** The CSV of the leads, and whether the command line named it; null: the campaign finds its leads by its targeting. */
export interface LeadsOption {
  file: string | null;
  isGiven: boolean;
}

export interface DemoOptions {
  leads: LeadsOption;
  /** null: the default run. */
  setup: string | null;
  /** Stop after this many virtual days; null: when every lead is done. */
  days: number | null;
  seed: number;
  out: string;
}

/** A campaign that finds its leads goes on for ever: a month is worth watching. */
const daysOfSearch = 30;

export const demoUsage = `Runs a whole campaign in virtual time, from a CSV of leads, or from targeting alone, to the last touch.

  npm run demo -- [options]

  --leads FILE.csv    who is contacted                       (default examples/leads.csv)
  --source            no file: the campaign finds its leads by its targeting, as its month needs them
  --setup FILE.json   client, resources, prospects           (default: an agency in Sydney)
  --days N            stop after N virtual days              (default: when every lead is done; with --source 30)
  --seed N            fixes the prospects' reactions         (default 1)
  --out DIR           where the logs are written             (default var/demo)
  --help              this text
`;

/** @returns null when help was asked for. @throws UserError that names the option and the remedy */
export function readDemoOptions(args: string[], root: string): DemoOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  const source = values.source === true;
  if (source && values.leads !== undefined) {
    throw new UserError('--source finds leads by targeting, --leads brings them; keep one of the two');
  }
  const leads = path.resolve(values.leads ?? path.join(root, 'examples', 'leads.csv'));
  const setup = values.setup === undefined ? null : path.resolve(values.setup);
  for (const [name, file] of [['--leads', source ? null : leads] as const, ['--setup', setup] as const]) {
    if (file === null) continue;
    if (!existsSync(file)) throw new UserError(`${name}: there is no file ${file}`);
    if (statSync(file).isDirectory()) throw new UserError(`${name}: ${file} is a folder; name a file in it`);
  }
  return {
    leads: { file: source ? null : leads, isGiven: values.leads !== undefined },
    setup,
    days: values.days === undefined ? (source ? daysOfSearch : null) : wholeNumber('--days', values.days, 1),
    seed: values.seed === undefined ? 1 : wholeNumber('--seed', values.seed, 0),
    out: folderFor('--out', path.resolve(values.out ?? path.join(root, 'var', 'demo'))),
  };
}

/** Made now, so that a name that cannot be one is not found out after the start. */
function folderFor(name: string, folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it failed';
    throw new UserError(`${name}: no folder can be made at ${folder} (${code}); name another one`);
  }
}

function parse(args: string[]) {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: { leads: string, source: flag, setup: string, days: string, seed: string, out: string, help: flag },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${demoUsage}`);
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`${name} must be a whole number from ${least} on, not "${text}"`);
}
