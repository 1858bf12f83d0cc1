import { addDays, type LocalDate } from './calendar/local-date';

/** HLTH-1: what a domain's last seven days came to, by the date of sending. A mail counts once in each. */
export interface HealthCounts {
  /** Mails that were sent. */
  sends: number;
  /** Of them bounced, hard or soft. */
  bounces: number;
  complaints: number;
  unsubscribes: number;
}

/** HLTH-1: today and the six days before. */
export const healthDays = 7;
export const healthWindowFrom = (today: LocalDate): LocalDate => addDays(today, 1 - healthDays);

/** A rule of the HLTH table: above this rate it acts, from so many sends on, or from so many cases alone. */
export interface HealthThreshold {
  above: number;
  fromSends: number;
  fromCases: number;
}

/** The table of HLTH, with the floors of HLTH-1. */
export const healthThresholds = {
  bounces: { above: 0.05, fromSends: 20, fromCases: Infinity },
  complaints: { above: 0.001, fromSends: 100, fromCases: 2 },
  unsubscribes: { above: 0.02, fromSends: 20, fromCases: Infinity },
} as const satisfies Partial<Record<keyof HealthCounts, HealthThreshold>>;

export type HealthMetric = keyof typeof healthThresholds;

/** The share of the mails that were sent; null: none was, so nothing is measured (HLTH-4). */
export function healthRate(counts: HealthCounts, metric: HealthMetric): number | null {
  return counts.sends === 0 ? null : counts[metric] / counts.sends;
}

/** Is the rate above its threshold, and are there enough mails or cases to act on it (HLTH-1)? */
function isTooHigh(counts: HealthCounts, metric: HealthMetric): boolean {
  const { above, fromSends, fromCases } = healthThresholds[metric];
  const isEnough = counts.sends >= fromSends || counts[metric] >= fromCases;
  return isEnough && (healthRate(counts, metric) ?? 0) > above;
}

/** How a domain stands before it is looked at. */
export interface HealthState {
  isHalved: boolean;
  isPaused: boolean;
  isFlagged: boolean;
  /** Complaints since a person last resumed the domain: older ones pause it no more (HLTH-2). */
  freshComplaints: number;
  /** Unsubscribes since a person last reviewed it. */
  freshUnsubscribes: number;
}

/** What a look changes. */
export type HealthChange = 'halved' | 'restored' | 'paused' | 'flagged';

/**
 * What these seven days do to a domain (HLTH). A halving holds until the rate is back at its threshold, also where so few
 * mails are left that it would not begin; a pause and a flag end by people (HLTH-2).
 */
export function healthChanges(counts: HealthCounts, state: HealthState): HealthChange[] {
  const changes: HealthChange[] = [];
  const bounceRate = healthRate(counts, 'bounces') ?? 0;
  if (!state.isHalved && isTooHigh(counts, 'bounces')) changes.push('halved');
  if (state.isHalved && bounceRate <= healthThresholds.bounces.above) changes.push('restored');
  if (!state.isPaused && state.freshComplaints > 0 && isTooHigh(counts, 'complaints')) changes.push('paused');
  if (!state.isFlagged && state.freshUnsubscribes > 0 && isTooHigh(counts, 'unsubscribes')) changes.push('flagged');
  return changes;
}

/** Do so many unsubscribe that the content wants a review, of the domain and of each campaign that they came from? */
export const wantsReview = (counts: HealthCounts): boolean => isTooHigh(counts, 'unsubscribes');

/** HLTH-2: half of a limit, at least 1; nothing stays nothing. */
export const halved = (limit: number): number => (limit <= 0 ? 0 : Math.max(1, Math.floor(limit / 2)));
