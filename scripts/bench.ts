/**
 * How fast the paths are that are walked every day, each beside the least work that could do the same.
 *   npm run bench                      everything: capacity, events, import, engine, metrics, plans, verify
 *   npm run bench -- capacity          one part, or several
 *   npm run bench -- --quick           small sizes, about a minute a part
 *   npm run bench -- --durable         commits wait for the disk
 *   npm run bench -- --json FILE       writes the numbers down as well
 *   npm run bench -- --markdown FILE   writes the tables of docs/performance.md down
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { partNames, runBench, type PartName } from '../bench/bench';
import { markdownOf } from '../bench/markdown';
import { failed, tableOf } from '../bench/report';
import { UserError } from './user-error';

const usage = `Usage: npm run bench -- [${partNames.join(' | ')}] … [--quick] [--durable] [--json FILE] [--markdown FILE]`;

const options = {
  quick: { type: 'boolean', default: false },
  durable: { type: 'boolean', default: false },
  json: { type: 'string' },
  markdown: { type: 'string' },
} as const;

function read(args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const parts = positionals.map((name): PartName => {
      const part = partNames.find((known) => known === name);
      if (part === undefined) throw new Error(`there is no part ${name}`);
      return part;
    });
    return { ...values, parts: parts.length === 0 ? partNames : parts };
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function main(args: string[]): Promise<void> {
  const { parts, quick, durable, json, markdown } = read(args);
  const began = performance.now();
  const seconds = (): string => `${String(Math.round((performance.now() - began) / 1000)).padStart(4)} s`;
  const size = quick ? 'quick' : 'full';
  const disk = durable ? 'commits wait for the disk' : 'commits do not wait for the disk';
  console.log(`${size} sizes, ${cpus().length} cores, ${disk}`);
  const rows = await runBench({
    parts,
    size,
    durable,
    progress: (line) => console.error(`${seconds()}  ${line}`),
    onPart: (part, rows) => console.log(`\n${part}\n${tableOf(rows)}`),
  });
  const missed = failed(rows);
  console.log(
    missed.length === 0 ? '\nEvery target is met.' : `\n${missed.length} of ${rows.length} rows miss a target.`,
  );
  if (markdown !== undefined) {
    const tables = parts.map((part) =>
      markdownOf(
        part,
        rows.filter((row) => row.part === part),
      ),
    );
    writeFileSync(markdown, tables.join('\n'));
  }
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ size, durable, cores: cpus().length, rows }, null, 2)}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exit(error instanceof UserError ? 2 : 1);
  },
);
