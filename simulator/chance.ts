import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends on the keys alone: the same seed and person give the same fate in every run,
 * whatever else happens first.
 */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha256').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** A number in [low, high) by a chance; `skew` above 1 favours the low end. */
export function between(low: number, high: number, luck: number, skew = 1): number {
  return low + (high - low) * luck ** skew;
}

/** An element of a list by a chance. @throws RangeError for an empty list */
export function pick<T>(list: readonly T[], luck: number): T {
  const chosen = list[Math.floor(luck * list.length)];
  if (chosen === undefined) throw new RangeError('nothing to pick from');
  return chosen;
}

/** A stable identifier: `length` hexadecimal digits that depend on the keys alone. */
export function stableId(length: number, ...keys: (string | number)[]): string {
  return createHash('sha256').update(keys.join('\u0000')).digest('hex').slice(0, length);
}
