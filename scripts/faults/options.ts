import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../user-error';

export interface FaultsOptions {
  /** How long parts are attacked; starting, calming down and judging come on top. */
  minutes: number;
  seed: number;
  /** The run's seconds in one real second, while windows are open. */
  speed: number;
  /** How many agencies send at once. */
  clients: number;
  out: string;
}

export const faultsUsage = `Runs campaigns in processes of their own, kills, freezes and cuts them off, and proves that nothing was
sent twice, late or after a stop, and that no event was lost (docs/reliability.md). Exit 1 on a violation.

  npm run faults -- [options]

  --minutes N   how long parts are attacked             (default 5)
  --seed N      fixes the schedule of the attacks        (default 1)
  --speed N     the run's seconds in one real second     (default 30)
  --clients N   agencies that send at once, 1 to 9       (default 3)
  --out DIR     where logs and verdict are written       (default var/faults)
  --help        this text
`;

/** @returns null when help was asked for. @throws UserError that names the option and the remedy */
export function readFaultsOptions(args: string[], root: string): FaultsOptions | null {
  const { values } = parse(args);
  if (values.help === true) return null;
  const out = path.resolve(values.out ?? path.join(root, 'var', 'faults'));
  const options = {
    minutes: number('--minutes', values.minutes ?? '5', [0.5, 720]),
    seed: wholeNumber('--seed', values.seed ?? '1', [0, 2 ** 31]),
    speed: wholeNumber('--speed', values.speed ?? '30', [10, 240]),
    clients: wholeNumber('--clients', values.clients ?? '3', [1, 9]),
    out,
  };
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it failed';
    throw new UserError(`--out: no folder can be made at ${out} (${code}); name another one`);
  }
  return options;
}

function parse(args: string[]) {
  const string = { type: 'string' } as const;
  const options = { minutes: string, seed: string, speed: string, clients: string, out: string } as const;
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${faultsUsage}`);
  }
}

function number(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new UserError(`${name} must be a number from ${least} to ${most}, not "${text}"`);
}

function wholeNumber(name: string, text: string, bounds: readonly [number, number]): number {
  const value = number(name, text, bounds);
  if (Number.isInteger(value)) return value;
  throw new UserError(`${name} must be a whole number, not "${text}"`);
}
