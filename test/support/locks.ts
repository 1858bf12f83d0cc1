import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../store/database';

/** Resolves when somebody waits for a lock in this database. */
export async function somebodyWaits(database: Database): Promise<void> {
  const waiting = () => database.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await waiting()).length === 0) await delay(5);
}
