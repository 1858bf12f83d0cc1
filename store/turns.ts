/** Work of one key that is going on, and what waits for it. */
interface Line {
  running: number;
  waiting: (() => void)[];
}

/**
 * Turns of one process, by key: of one key's work only so much goes on at a time, in the order of asking. Callers that
 * would wait for the same lock in the database wait here instead, where waiting costs no connection and no processor time.
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  /** @param atOnce how much of one key's work may go on at a time */
  constructor(private readonly atOnce: number) {}

  /** Does the work when its turn comes, however the work before it ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { running: 0, waiting: [] };
    this.lines.set(key, line);
    if (line.running < this.atOnce) line.running += 1;
    else await new Promise<void>((begin) => line.waiting.push(begin));
    try {
      return await work();
    } finally {
      this.leave(key, line);
    }
  }

  /** Hands the place on, or gives it up when nobody waits. */
  private leave(key: string, line: Line): void {
    const next = line.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) this.lines.delete(key);
  }
}
