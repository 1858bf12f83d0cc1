import { refreshMetrics } from '../../store/reports/refresh-metrics';
import { checkAllDomainsDns } from '../check-dns';
import type { ActivityDeps } from '../deps';
import { ageScores } from './age-scores';
import { lookAfterDomains } from './domains';
import { rebuildWorkflows } from './rebuild';
import { reconcileUncertain } from './reconcile';

/** Something that is looked after at its own interval. Safe to repeat at any point, and to be done twice at once. */
export interface Chore {
  /** As log, alerts and the row of `chore` call it. */
  name: string;
  everySeconds: number;
  /** @param beat says that it goes on: to be called at least once a minute; who is silent for long is given up */
  run(deps: ActivityDeps, beat: () => void): Promise<void>;
  /** Is it also done when somebody asks for a look? */
  whenAsked?: true;
  /** For how long it may be silent, in seconds; absent: five minutes. */
  patienceSeconds?: number;
}

const hour = 3_600;

/** Everything that nobody's own workflow looks after, in the order in which it is done. */
export const chores: readonly Chore[] = [
  // First: a look at thousands of domains keeps no lead waiting.
  { name: 'rebuild of workflows', everySeconds: 300, run: rebuildWorkflows },
  // TRUTH-1.
  { name: 'look-ups of uncertain touches', everySeconds: 300, run: reconcileUncertain },
  // HLTH-3. Asked for when a limit was halved (HLTH-2).
  { name: 'health of domains', everySeconds: hour, run: lookAfterDomains, whenAsked: true },
  {
    name: 'DNS of domains',
    everySeconds: hour,
    run: async (deps, beat) => void (await checkAllDomainsDns(deps, await deps.clock.now(), beat)),
  },
  {
    name: 'metrics',
    everySeconds: hour,
    run: async ({ database, clock }, beat) => void (await refreshMetrics(database, await clock.now(), undefined, beat)),
  },
  // ACC-3.
  { name: 'scores that age', everySeconds: 24 * hour, run: ageScores },
];

/** The chores with the intervals that hold in this run: none is done more often than `deps.choresEverySeconds`. */
export const choresOf = ({ choresEverySeconds = 0 }: Pick<ActivityDeps, 'choresEverySeconds'>): readonly Chore[] =>
  chores.map((chore) => ({ ...chore, everySeconds: Math.max(chore.everySeconds, choresEverySeconds) }));
