import { rounded, type Row } from './report';

/** The rows of one part as a table for docs/performance.md. */
export function markdownOf(part: string, rows: readonly Row[]): string {
  const lines = part === 'plans' ? planLines(rows) : rows.map(lineOf);
  const head = part === 'plans' ? ['statement', 'n', 'p50 ms', 'reads'] : heads;
  return [`### ${part}`, '', `| ${head.join(' | ')} |`, `| ${head.map(ruleOf).join(' | ')} |`, ...lines, ''].join('\n');
}

const heads = ['what', 'rate/s', 'p50 ms', 'p95', 'p99', 'floor ms', 'floor/s', '× floor', 'target'];
const leftAligned = new Set(['what', 'target', 'statement', 'reads']);
const ruleOf = (head: string): string => (leftAligned.has(head) ? '---' : '--:');

const lineOf = ({ what, rate, p50, p95, p99, floor, ratio, verdicts, more }: Row): string => {
  const further = Object.entries(more).map(([name, value]) => `${name} ${value}`);
  const numbers = [rate, p50, p95, p99, floor?.p50 ?? null, floor?.rate ?? null, ratio].map((value) => rounded(value));
  const targets = verdicts.map(({ target, met }) => `${target}: ${met ? 'met' : '**missed**'}`);
  return `| ${[[what, ...further].join('; '), ...numbers, targets.join('; ')].join(' | ')} |`;
};

const planLines = (rows: readonly Row[]): string[] =>
  rows.map(({ what, n, p50, more, verdicts }) => {
    const wrong = verdicts.map(({ target }) => ` **missed: ${target}**`).join('');
    return `| \`${what.replaceAll('|', '\\|').replaceAll('`', '')}\` | ${n} | ${rounded(p50)} | ${more.reads}${wrong} |`;
  });
