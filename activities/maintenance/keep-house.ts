import { heartbeat } from '@temporalio/activity';
import { transact } from '../../store/database';
import { allDomains, checkDomainHealth } from '../../store/senders/health';
import { withLease } from '../../store/lease';
import type { KeepHouseResult } from '../../workflows/contract';
import type { ActivityDeps } from '../deps';
import { rebookDomain } from './rebook';

/** HLTH-3: hourly. In milliseconds. */
const lookEveryMs = 3_600_000;

/**
 * One look at everything that nobody's own workflow looks after: the health of each domain, and bookings that no longer fit
 * its limit. One domain's failure keeps nobody else waiting. Safe to repeat at any point.
 */
export async function keepHouse(deps: ActivityDeps): Promise<KeepHouseResult> {
  const { sql } = deps.database;
  const began = await deps.clock.now();
  await withLease(sql, 'maintenance', (renew) => lookAfterDomains(deps, renew), heartbeat);
  return { nextAt: deps.clock.toWorkflowTime(new Date(began.getTime() + lookEveryMs)) };
}

async function lookAfterDomains(deps: ActivityDeps, renew: () => Promise<void>): Promise<void> {
  for (const { id } of await allDomains(deps.database.sql)) {
    heartbeat();
    await renew();
    try {
      const now = await deps.clock.now();
      await transact(deps.database, (sql) => checkDomainHealth(sql, id, now));
      await rebookDomain(deps, id);
    } catch (error) {
      deps.log.warn({ domainId: id, err: error }, 'a domain could not be looked after');
    }
  }
}
