import { measureCapacity } from './capacity/capacity';
import { measureEngine } from './engine/engine';
import { measureEvents } from './events/events';
import { measureImport } from './import/import';
import { measureMetrics } from './metrics/metrics';
import { measurePlans } from './plans/plans';
import type { BenchReport, Row } from './report';
import { sizes, type SizeName } from './sizes';
import type { BenchRun } from './run';
import { measureVerify } from './verify/verify';
import { startBenchServer } from './world/server';

const parts = {
  capacity: measureCapacity,
  events: measureEvents,
  import: measureImport,
  engine: measureEngine,
  metrics: measureMetrics,
  plans: measurePlans,
  verify: measureVerify,
} as const satisfies Record<string, (run: BenchRun) => Promise<void>>;

export type PartName = keyof typeof parts;
export const partNames = Object.keys(parts) as PartName[];

export interface BenchOptions {
  parts: readonly PartName[];
  size: SizeName;
  /** true: each commit waits for the disk, as in production. */
  durable: boolean;
  /** Told of each finished part. */
  onPart?: (part: PartName, rows: readonly Row[]) => void;
  progress?: (line: string) => void;
}

/** Runs parts of the bench, each on databases of its own, and answers with their rows. */
export async function runBench(options: BenchOptions): Promise<Row[]> {
  const server = await startBenchServer(options.durable);
  const rows: Row[] = [];
  try {
    for (const part of options.parts) {
      const own: Row[] = [];
      const report: BenchReport = { add: (row) => own.push(row), progress: options.progress ?? (() => undefined) };
      await parts[part]({ server, report, sizes: sizes[options.size] });
      options.onPart?.(part, own);
      rows.push(...own);
    }
  } finally {
    await server.stop();
  }
  return rows;
}
