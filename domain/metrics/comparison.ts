import { deviationsApart, neededOnEachSide, surelyApart, type Share } from './proportions';

/** One side of a comparison: "9:00–9:30", with what was counted there. */
export interface ComparedGroup extends Share {
  label: string;
}

/** How a table is compared, and in which words. */
export interface Wording {
  /** Between the one with the higher rate and the one with the lower: "opens better than". */
  beats: string;
  /** What is counted: "e-mails". */
  unit: string;
  /** What the groups are, several of them: "send times". */
  groups: string;
  /** The smallest difference that is looked for, as a share. */
  effect: number;
  /** Said where nothing could be counted. */
  nothing: string;
}

export type VerdictGroup = ComparedGroup & { rate: number };

/**
 * What a table says, as a sentence and with its numbers (MET).
 * - difference: 95 % sure, all comparisons of the table taken together.
 * - notEnough: nothing is sure, and a difference of `effect` would not be seen with so little.
 * - noDifference: one of `effect` would have been seen in 80 of 100 tries.
 * - nothingToCompare: there is one group at most. notMeasured: nobody counts it (HLTH-4), or nothing was sent.
 */
export type Verdict =
  | { kind: 'difference'; text: string; higher: VerdictGroup; lower: VerdictGroup }
  | { kind: 'notEnough' | 'noDifference'; text: string; have: number; needed: number; effect: number }
  | { kind: 'nothingToCompare' | 'notMeasured'; text: string };

/** Compares every group with every other one. */
export function compare(all: readonly ComparedGroup[], wording: Wording): Verdict {
  const groups = all.filter(({ of }) => of > 0).map((group) => ({ ...group, rate: group.count / group.of }));
  const [first] = groups;
  if (first === undefined) return { kind: 'notMeasured', text: wording.nothing };
  if (groups.length === 1) {
    return {
      kind: 'nothingToCompare',
      text: `nothing to compare: ${first.label} is the only one of the ${wording.groups}`,
    };
  }
  return clearest(groups, wording) ?? withoutDifference(groups, wording);
}

function clearest(groups: readonly VerdictGroup[], { beats }: Wording): Verdict | null {
  const pairs = pairsOf(groups).map(([a, b]) => ({ a, b, apart: deviationsApart(a, b) ?? 0 }));
  const best = pairs.reduce((one, other) => (other.apart > one.apart ? other : one));
  if (best.apart < surelyApart(pairs.length)) return null;
  const [higher, lower] = best.a.rate > best.b.rate ? [best.a, best.b] : [best.b, best.a];
  const against = `${percent(higher.rate)} against ${percent(lower.rate)}`;
  const text = `${higher.label} ${beats} ${lower.label}: ${against}, 95 % sure`;
  return { kind: 'difference', text, higher, lower };
}

function withoutDifference(groups: readonly VerdictGroup[], { unit, effect }: Wording): Verdict {
  const total = groups.reduce((sum, { of }) => sum + of, 0);
  const share = groups.reduce((sum, { count }) => sum + count, 0) / total;
  const needed = neededOnEachSide(share, effect, pairsOf(groups).length);
  const least = groups.reduce((a, b) => (b.of < a.of ? b : a));
  const have = least.of;
  const points = `a difference of ${Math.round(effect * 100)} points`;
  if (have < needed) {
    const text = `not enough data: ${have} of ${needed} ${unit} (${least.label}) to see ${points}`;
    return { kind: 'notEnough', text, have, needed, effect };
  }
  const text = `no difference to be sure of: ${points} would show with ${needed} ${unit} each, and there are ${have}`;
  return { kind: 'noDifference', text, have, needed, effect };
}

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((one, at) => items.slice(at + 1).map((other): [T, T] => [one, other]));
}

/** Shares of less than a tenth differ behind the point. */
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
