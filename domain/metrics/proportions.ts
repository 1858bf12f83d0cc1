/** A share with its parts; `rate` is null where nothing was counted (HLTH-4: never a zero that was not measured). */
export interface Rate {
  of: number;
  count: number;
  rate: number | null;
  /** Where the true rate lies, 95 times of 100 (Wilson). */
  interval: Interval | null;
}

export interface Interval {
  low: number;
  high: number;
}

/** Of a normal distribution: so many standard deviations to both sides hold 95 % of it. */
const z95 = normalQuantile(0.975);

export function rateOf(count: number, of: number): Rate {
  if (of === 0) return { of, count, rate: null, interval: null };
  const { low, high } = wilson(count, of);
  return { of, count, rate: rounded(count / of), interval: { low: rounded(low), high: rounded(high) } };
}

/** Wilson's score interval: also right for small counts, where the usual one leaves the scale. */
export function wilson(count: number, of: number, z = z95): Interval {
  const rate = count / of;
  const scale = 1 + z ** 2 / of;
  const centre = (rate + z ** 2 / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2));
  return { low: count === 0 ? 0 : centre - half, high: count === of ? 1 : centre + half };
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

export interface Share {
  count: number;
  of: number;
}

/**
 * How many standard deviations two shares lie apart: the two-proportion test with Yates' correction. null where it says
 * nothing, because fewer than five would be expected on some side.
 */
export function deviationsApart(a: Share, b: Share): number | null {
  const all = a.of + b.of;
  const share = (a.count + b.count) / all;
  if (Math.min(a.of, b.of) * Math.min(share, 1 - share) < 5) return null;
  const apart = Math.abs(a.count / a.of - b.count / b.of);
  const correction = (1 / a.of + 1 / b.of) / 2;
  return Math.max(0, apart - correction) / Math.sqrt(share * (1 - share) * (1 / a.of + 1 / b.of));
}

/** Deviations from which on one of so many comparisons is 95 % sure, all of them together (Bonferroni). */
export const surelyApart = (comparisons: number): number => normalQuantile(1 - 0.05 / (2 * comparisons));

/**
 * How many are needed on each side so that a difference of `effect` from `share`, were it there, would be seen in 80 of
 * 100 tries, with so many comparisons.
 */
export function neededOnEachSide(share: number, effect: number, comparisons: number): number {
  const other = share + effect > 1 ? share - effect : share + effect;
  const mean = (share + other) / 2;
  const sure = surelyApart(comparisons) * Math.sqrt(2 * mean * (1 - mean));
  const seen = normalQuantile(0.8) * Math.sqrt(share * (1 - share) + other * (1 - other));
  return Math.ceil(((sure + seen) / effect) ** 2);
}

/** The value below which this part of a normal distribution lies; `part` from 0.000001 to 0.999999. */
export function normalQuantile(part: number): number {
  let [low, high] = [-5, 5];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (normalPart(middle) < part) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The part of a normal distribution below x: the series of its integral (Marsaglia 2004). */
function normalPart(x: number): number {
  let [term, sum] = [x, x];
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= x ** 2 / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x ** 2) / 2)) / Math.sqrt(2 * Math.PI);
}
