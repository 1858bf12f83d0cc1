import { tablesOf, type CountRow, type TableName, type Tables } from './tables';
import type { Verdict } from './comparison';
import { verdictsOn } from './verdicts';

/** The four tables of MET, and what can be said of each. */
export type Metrics = Tables & { verdicts: Record<TableName, Verdict> };

/** @param counts as `tablesOf` takes them */
export function metricsOf(counts: readonly CountRow[]): Metrics {
  const tables = tablesOf(counts);
  return Object.assign(tables, { verdicts: verdictsOn(tables) });
}
