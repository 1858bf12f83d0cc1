import Table from 'cli-table3';
import { isKept, type Verdict } from './judge';

/** Violations of one promise that are shown. */
const shown = 5;

/** The verdict for people: a table of promises, one of faults, and what is uncertain. */
export function verdictText(verdict: Verdict, { seed, minutes }: { seed: number; minutes: number }): string {
  const { deliveries, stops, events } = verdict;
  const head = `Seed ${seed}, ${minutes} minutes: ${deliveries} deliveries, ${stops} stops and ${events} events answered.`;
  return [
    head,
    promises(verdict),
    faults(verdict),
    isKept(verdict) ? 'Every promise was kept.' : 'BROKEN: see above.',
  ].join('\n');
}

const plain = { head: [], border: [] };

function promises({ violations, uncertain }: Verdict): string {
  const table = new Table({ head: ['must not happen', 'times'], style: plain, colAligns: ['left', 'right'] });
  for (const [promise, list] of Object.entries(violations)) table.push([promise, String(list.length)]);
  table.push(['uncertain, and no fault explains it', String(uncertain.unexplained.length)]);
  const first = [...Object.values(violations), uncertain.unexplained].flatMap((list) => list.slice(0, shown));
  const causes = Object.entries(uncertain.byCause)
    .sort(([, a], [, b]) => b - a)
    .map(([cause, count]) => `${count} by "${cause}"`);
  const words = uncertain.total === 0 ? 'none' : causes.join(', ');
  return [table.toString(), ...first.map((line) => `  ${line}`), `Uncertain: ${uncertain.total}: ${words}`].join('\n');
}

function faults({ recoveries }: Verdict): string {
  const table = new Table({
    head: ['fault', 'times', 'next delivery after', 'at the latest'],
    style: plain,
    colAligns: ['left', 'right', 'right', 'right'],
  });
  const seconds = (value: number | undefined): string => (value === undefined ? '·' : `${value.toFixed(1)} s`);
  for (const { what, times, seconds: list } of [...recoveries].sort((a, b) => (a.what < b.what ? -1 : 1))) {
    table.push([what, String(times), seconds(list[Math.floor(list.length / 2)]), seconds(list.at(-1))]);
  }
  return table.toString();
}
