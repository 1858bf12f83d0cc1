import type { BenchReport } from './report';
import type { Sizes } from './sizes';
import type { BenchServer } from './world/server';

/** What a part of the bench works with. */
export interface BenchRun {
  server: BenchServer;
  report: BenchReport;
  sizes: Sizes;
}

/** Keys the hashes of suppressions, here as in any installation. */
export const secretKey = 'a key for the bench that is long enough';
