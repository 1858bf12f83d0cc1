import type { Violation } from '../check';
import type { Both } from './known';

/** One promise, held against the logs and the database beside each other. */
export interface BesideCheck {
  /** The rule's id in docs/specification.md. */
  id: string;
  /** The promise, in a few words. */
  name: string;
  /** @returns what it looked at and every violation; `count` when there are more than are named */
  check(both: Both): { lookedAt: Record<string, number>; violations: Violation[]; count?: number };
}
