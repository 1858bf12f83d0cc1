import { heartbeat } from '@temporalio/activity';
import { transact } from '../../store/database';
import { withLease } from '../../store/lease';
import { refreshMetrics } from '../../store/reports/refresh-metrics';
import { allDomains, checkDomainHealth } from '../../store/senders/health';
import type { KeepHouseResult } from '../../workflows/contract';
import { checkAllDomainsDns } from '../check-dns';
import type { ActivityDeps } from '../deps';
import { rebookDomain } from './rebook';

/** HLTH-3: hourly. In milliseconds. */
const lookEveryMs = 3_600_000;

/** What is looked after, each for itself: what fails keeps nothing else waiting, and comes again in an hour. */
const chores: Readonly<Record<string, (deps: ActivityDeps, alive: () => Promise<void>) => Promise<unknown>>> = {
  'health of domains': lookAfterDomains,
  'DNS of domains': async (deps) => checkAllDomainsDns(deps, await deps.clock.now(), heartbeat),
  metrics: async (deps) => refreshMetrics(deps.database, await deps.clock.now()),
};

/** One look at everything that nobody's own workflow looks after. Safe to repeat at any point. */
export async function keepHouse(deps: ActivityDeps): Promise<KeepHouseResult> {
  const began = await deps.clock.now();
  const work = async (alive: () => Promise<void>): Promise<void> => {
    for (const [chore, look] of Object.entries(chores)) {
      await alive();
      await look(deps, alive).catch((error: unknown) => deps.log.warn({ chore, err: error }, 'a chore was not done'));
    }
  };
  await withLease(deps.database.sql, 'maintenance', work, heartbeat);
  return { nextAt: deps.clock.toWorkflowTime(new Date(began.getTime() + lookEveryMs)) };
}

/** HLTH: each domain's last seven days, and the bookings that no longer fit its limit. */
async function lookAfterDomains(deps: ActivityDeps, alive: () => Promise<void>): Promise<void> {
  for (const { id } of await allDomains(deps.database.sql)) {
    await alive();
    try {
      const now = await deps.clock.now();
      await transact(deps.database, (sql) => checkDomainHealth(sql, id, now));
      await rebookDomain(deps, id);
    } catch (error) {
      deps.log.warn({ domainId: id, err: error }, 'a domain could not be looked after');
    }
  }
}
