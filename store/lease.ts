import { randomUUID } from 'node:crypto';
import type { Sql } from './sql';

/** How long a lease lasts that nobody renews, in seconds. */
const leaseSeconds = 60;
/** Between two looks at a lease that somebody else holds, in milliseconds. */
const lookAgainMs = 100;

/**
 * Does work that one process at a time does, by the database's clock: waits for whoever does it now, or for the end of
 * the lease of one who died. It keeps work in order; what must be right whatever happens is locked where it is written.
 * @param work gets a function that says that it goes on, and renews the lease: to be called more often than once a minute
 * @param beat called whenever it goes on, and while somebody else is at it
 */
export async function withLease<T>(
  sql: Sql,
  name: string,
  work: (alive: () => Promise<void>) => Promise<T>,
  beat: () => void,
): Promise<T> {
  const holder = randomUUID();
  while (!(await take(sql, name, holder))) {
    beat();
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
  try {
    return await work(async () => {
      beat();
      await take(sql, name, holder);
    });
  } finally {
    await giveUp(sql, name, holder);
  }
}

/** The same for one who does not wait. @returns null: somebody else is at it, and nothing was done */
export async function tryWithLease<T>(sql: Sql, name: string, work: () => Promise<T>): Promise<T | null> {
  const holder = randomUUID();
  if (!(await take(sql, name, holder))) return null;
  try {
    return await work();
  } finally {
    await giveUp(sql, name, holder);
  }
}

async function giveUp(sql: Sql, name: string, holder: string): Promise<void> {
  await sql`DELETE FROM lease WHERE name = ${name} AND holder = ${holder}::uuid`;
}

async function take(sql: Sql, name: string, holder: string): Promise<boolean> {
  const taken = await sql`
    INSERT INTO lease AS l (name, holder, until)
    VALUES (${name}, ${holder}::uuid, clock_timestamp() + make_interval(secs => ${leaseSeconds}))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
    WHERE l.holder = EXCLUDED.holder OR l.until < clock_timestamp()
    RETURNING 1`;
  return taken.length > 0;
}
