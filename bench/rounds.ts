/** One operation of a measurement, by its number: 0, 1, 2, …; never the same twice. */
export type TimedOperation = (index: number) => Promise<unknown>;

export interface Course {
  /** The subjects take turns this often. */
  rounds: number;
  /** Operations of each subject in one round. */
  perRound: number;
  /** Operations of one subject that run at a time. */
  writers: number;
  /** Operations of each subject before the first round, which nobody counts. */
  warmUp: number;
}

/** How many operations a subject runs in all: so much material it needs. */
export const operationsIn = ({ rounds, perRound, warmUp }: Omit<Course, 'writers'>): number =>
  rounds * perRound + warmUp;

/** What one subject took, by rounds. Milliseconds, and operations per second. */
export interface Measured {
  latencies: number[];
  medians: number[];
  rates: number[];
}

/** Runs the operations from `first` on, so many of them, and answers with what each took. */
export type Batch = (first: number, count: number) => Promise<{ latencies: number[]; seconds: number }>;

/** `takeBatches` with one operation after the other, or `writers` at a time. */
export function takeTurns<Name extends string>(
  subjects: Readonly<Record<Name, TimedOperation>>,
  course: Course,
): Promise<Record<Name, Measured>> {
  const batches = Object.entries<TimedOperation>(subjects).map(([name, operation]) => [
    name,
    batchOf(operation, course.writers),
  ]);
  return takeBatches(Object.fromEntries(batches) as Record<Name, Batch>, course);
}

/**
 * Measures subjects in turns (A B, B A, A B, …), so that whatever slows the machine down for a while slows them all down.
 * A subject's ratio to another one therefore means something where its milliseconds do not.
 */
export async function takeBatches<Name extends string>(
  subjects: Readonly<Record<Name, Batch>>,
  course: Omit<Course, 'writers'>,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(subjects) as Name[];
  const results = {} as Record<Name, Measured>;
  for (const name of names) {
    results[name] = { latencies: [], medians: [], rates: [] };
    if (course.warmUp > 0) await subjects[name](0, course.warmUp);
  }
  for (let round = 0; round < course.rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const first = course.warmUp + round * course.perRound;
      const { latencies, seconds } = await subjects[name](first, course.perRound);
      results[name].latencies.push(...latencies);
      results[name].medians.push(quantile(latencies, 0.5));
      results[name].rates.push(course.perRound / seconds);
    }
  }
  return results;
}

function batchOf(operation: TimedOperation, writers: number): Batch {
  return async (first, count) => {
    const latencies: number[] = [];
    let next = first;
    const write = async (): Promise<void> => {
      while (next < first + count) {
        const index = next;
        next += 1;
        const began = performance.now();
        await operation(index);
        latencies.push(performance.now() - began);
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: writers }, write));
    return { latencies, seconds: (performance.now() - began) / 1000 };
  };
}

/** The value below which a part of all values lies: nearest rank. NaN of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** How many times as long one takes as the other, round by round, then the median. */
export function ratioOfTimes(one: Measured, other: Measured): number {
  return median(one.medians.map((value, round) => value / (other.medians[round] ?? NaN)));
}

/** How many times as many the other one does in a second, round by round, then the median: also a ratio of times. */
export function ratioOfRates(one: Measured, other: Measured): number {
  return median(one.rates.map((value, round) => (other.rates[round] ?? NaN) / value));
}
