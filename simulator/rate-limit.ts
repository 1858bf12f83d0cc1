import type { Now } from './clock';

/** @returns seconds to wait, or null when there is room: then the request is counted */
export type RateLimit = () => Promise<number | null>;

const windowMs = 60_000;

/** So many requests in any minute of the run's clock. */
export function createRateLimit(perMinute: number, now: Now): RateLimit {
  let taken: number[] = [];
  return async () => {
    const at = (await now()).getTime();
    taken = taken.filter((earlier) => earlier > at - windowMs && earlier <= at);
    const [oldest] = taken;
    if (taken.length >= perMinute) return Math.max(1, Math.ceil(((oldest ?? at) + windowMs - at) / 1_000));
    taken.push(at);
    return null;
  };
}
