import { transact } from '../../store/database';
import { allDomains, checkDomainHealth } from '../../store/senders/health';
import type { ActivityDeps } from '../deps';
import { rebookDomain } from './rebook';

/** HLTH: each domain's last seven days, and the bookings that no longer fit its limit. */
export async function lookAfterDomains(deps: ActivityDeps, beat: () => void): Promise<void> {
  for (const { id } of await allDomains(deps.database.sql)) {
    beat();
    try {
      const now = await deps.clock.now();
      await transact(deps.database, (sql) => checkDomainHealth(sql, id, now));
      await rebookDomain(deps, id, beat);
    } catch (error) {
      deps.log.warn({ domainId: id, err: error }, 'a domain could not be looked after');
    }
  }
}
