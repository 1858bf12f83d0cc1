import type { Row, TargetVerdict } from './report';
import { median, quantile, ratioOfRates, ratioOfTimes, type Measured } from './rounds';

export interface Measurement {
  part: string;
  what: string;
  measured: Measured;
  floor?: { what: string; measured: Measured };
  /** Compare how many are done in a second instead of how long one takes: where several run at a time. */
  by?: 'time' | 'rate';
  verdicts?: (numbers: { ratio: number; rate: number; p99: number }) => TargetVerdict[];
  more?: Row['more'];
}

/** A row of the report from what was measured. */
export function rowOf({ part, what, measured, floor, by = 'time', verdicts, more = {} }: Measurement): Row {
  const { latencies } = measured;
  const ratioOf = by === 'time' ? ratioOfTimes : ratioOfRates;
  const ratio = floor === undefined ? null : ratioOf(measured, floor.measured);
  const rate = median(measured.rates);
  const p99 = quantile(latencies, 0.99);
  return {
    part,
    what,
    n: latencies.length,
    rate,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99,
    floor:
      floor === undefined
        ? null
        : { what: floor.what, p50: quantile(floor.measured.latencies, 0.5), rate: median(floor.measured.rates) },
    ratio,
    verdicts: verdicts?.({ ratio: ratio ?? NaN, rate, p99 }) ?? [],
    more,
  };
}

export const atMost = (name: string, value: number, limit: number, unit = ''): TargetVerdict => ({
  target: `${name} ≤ ${limit}${unit} (${value.toFixed(2)})`,
  met: value <= limit,
});

export const atLeast = (name: string, value: number, limit: number, unit = ''): TargetVerdict => ({
  target: `${name} ≥ ${limit}${unit} (${value.toFixed(2)})`,
  met: value >= limit,
});
