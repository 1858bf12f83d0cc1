import Table from 'cli-table3';

/** What a row of the report is held against, and whether it was reached in this run. */
export interface TargetVerdict {
  target: string;
  met: boolean;
}

/** One measurement beside its physical floor. Times in milliseconds, rates per second. */
export interface Row {
  part: string;
  what: string;
  n: number;
  rate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** The least work that could do the same, measured in the same run in turns with it. */
  floor: { what: string; p50: number | null; rate: number | null } | null;
  /** How many times the floor it takes: medians of the rounds' ratios. */
  ratio: number | null;
  verdicts: readonly TargetVerdict[];
  /** Further numbers: rows read, megabytes. */
  more: Readonly<Record<string, number | string>>;
}

/** Takes finished rows, and tells what is going on meanwhile. */
export interface BenchReport {
  add(row: Row): void;
  progress(line: string): void;
}

export const failed = (rows: readonly Row[]): Row[] => rows.filter((row) => row.verdicts.some(({ met }) => !met));

/** As people read it; a dot for none. */
export const rounded = (value: number | null, digits = 2): string => {
  if (value === null || Number.isNaN(value)) return '·';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(digits);
};

const verdictText = ({ target, met }: TargetVerdict): string => `${target}: ${met ? 'met' : 'missed'}`;

/** The rows of one part as a table for the terminal. */
export function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['what', 'n', 'rate/s', 'p50 ms', 'p95', 'p99', 'floor ms', 'floor/s', 'ratio', 'target'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 8 }, () => 'right' as const), 'left'],
  });
  for (const row of rows) {
    const more = Object.entries(row.more).map(([name, value]) => `${name}: ${value}`);
    table.push([
      [row.what, ...more].join('\n  '),
      row.n,
      rounded(row.rate, 1),
      rounded(row.p50),
      rounded(row.p95),
      rounded(row.p99),
      rounded(row.floor?.p50 ?? null),
      rounded(row.floor?.rate ?? null, 1),
      rounded(row.ratio),
      row.verdicts.map(verdictText).join('\n'),
    ]);
  }
  return table.toString();
}
