import type { Sql } from './sql';

/** A chore as it is begun: its name and its interval. */
export interface ChoreInterval {
  name: string;
  everySeconds: number;
}

/**
 * Begins a chore if it is due, or asked for. It is due once in each interval of the clock (an hourly one at the full hour),
 * so that chores come together, whoever asked for one in between. The row says when it was last begun: so of two processes
 * one begins it, and one that hangs or takes its process down does not come first again at once.
 */
export async function beginChore(
  sql: Sql,
  { name, everySeconds }: ChoreInterval,
  isAsked: boolean,
  now: Date,
): Promise<boolean> {
  const begun = await sql`
    INSERT INTO chore AS c (name, began_at) VALUES (${name}, ${now})
    ON CONFLICT (name) DO UPDATE SET began_at = EXCLUDED.began_at
    WHERE ${isAsked} OR floor(extract(epoch FROM c.began_at) / ${everySeconds}::int)
      < floor(extract(epoch FROM EXCLUDED.began_at) / ${everySeconds}::int)
    RETURNING 1`;
  return begun.length > 0;
}

/** @returns how often it had failed in a row before */
export async function choreDone(sql: Sql, name: string, now: Date): Promise<number> {
  const [before] = await sql<{ failures: number }>`
    UPDATE chore SET done_at = ${now}, failures = 0
    FROM (SELECT failures FROM chore WHERE name = ${name}) before
    WHERE name = ${name} RETURNING before.failures`;
  return before?.failures ?? 0;
}

/** @returns how often it has failed in a row by now */
export async function choreFailed(sql: Sql, name: string): Promise<number> {
  const [row] = await sql<{ failures: number }>`
    UPDATE chore SET failures = failures + 1 WHERE name = ${name} RETURNING failures`;
  return row?.failures ?? 0;
}

/** When the first of these chores is due again; at once when one has never been begun. */
export async function nextChoreAt(sql: Sql, chores: readonly ChoreInterval[], now: Date): Promise<Date> {
  const begun = await beginnings(sql);
  const due = chores.map(({ name, everySeconds }) => {
    const everyMs = everySeconds * 1000;
    return (Math.floor((begun.get(name) ?? 0) / everyMs) + 1) * everyMs;
  });
  return new Date(Math.max(now.getTime(), Math.min(...due)));
}

/** Chores that should have begun long ago: an interval is over, and that many seconds more. */
export async function lateChores(
  sql: Sql,
  chores: readonly ChoreInterval[],
  graceSeconds: number,
  now: Date,
): Promise<string[]> {
  const begun = await beginnings(sql);
  const isLate = ({ name, everySeconds }: ChoreInterval): boolean => {
    const beganAt = begun.get(name);
    return beganAt !== undefined && beganAt + (everySeconds + graceSeconds) * 1000 < now.getTime();
  };
  return chores.filter(isLate).map(({ name }) => name);
}

async function beginnings(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ name: string; beganAt: Date }>`SELECT name, began_at AS "beganAt" FROM chore`;
  return new Map(rows.map(({ name, beganAt }) => [name, beganAt.getTime()]));
}
