import type { Violation } from './check';

/** Where a check looks: the engine's database, the logs of a run, both beside each other, or Temporal. */
export type Source = 'database' | 'logs' | 'database and logs' | 'Temporal';

/** What a check found. */
export interface Found {
  /** What it looked at, and how many of them: `{ touches: 1200 }`. A check that saw nothing proves nothing. */
  lookedAt: Readonly<Record<string, number>>;
  /** How many violations there are in all. */
  count: number;
  /** The first of them. */
  first: readonly Violation[];
}

/** What became of one check. `id` is the rule's in docs/specification.md, `name` the promise in a few words. */
export type Finding = { id: string; name: string; source: Source } & (
  | ({ kind: 'checked' } & Found)
  /** What it needs is not there: `reason` says what. */
  | { kind: 'leftOut'; reason: string }
);

/** The verdict on a run, or on an installation as it stands. */
export interface Report {
  findings: readonly Finding[];
  /** TRUTH-1: touches of which nobody knows whether they were sent, by reason. No violation: they are shown. */
  uncertain: readonly { reason: string; count: number }[];
}

export type Checked = Extract<Finding, { kind: 'checked' }>;

export const checkedOf = ({ findings }: Pick<Report, 'findings'>): Checked[] =>
  findings.filter((finding) => finding.kind === 'checked');

/** The checks whose promise was broken. */
export const brokenOf = (report: Pick<Report, 'findings'>): Checked[] =>
  checkedOf(report).filter(({ count }) => count > 0);

/** The violations that were kept in mind, each as `id: text`. */
export const violationsOf = (report: Pick<Report, 'findings'>): string[] =>
  checkedOf(report).flatMap(({ id, first }) => first.map(({ text }) => `${id}: ${text}`));
