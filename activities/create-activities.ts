import { failpoint } from '../runtime/failpoints';
import type { DeliveryActivities, PreparationActivities } from '../workflows/contract';
import { admit } from './admission/admit';
import { beating } from './beating';
import { deliver } from './deliver';
import type { ActivityDeps } from './deps';
import { keepHouse } from './maintenance/keep-house';
import { prepareWithRetryHint } from './retry-hint';
import { wakeLeads } from './wake-leads';

/** All activities, with what they act on put in: the one factory that workers and tests use. */
export function createActivities(deps: ActivityDeps): PreparationActivities & DeliveryActivities {
  return {
    prepare: (input) => beating(() => prepareWithRetryHint(deps, input)),
    admit: (input) => beating(() => admit(deps, input)),
    wakeLeads: (input) => beating(() => wakeLeads(deps, input)),
    keepHouse: (input) => beating(() => keepHouse(deps, input)),
    deliver: (input) => beating(() => deliver(deps, input)).finally(soonReported),
  };
}

/** Milliseconds in which an activity's result is on its way to Temporal, and not yet in a history. */
const reportMs = 3;

/** Passes the failpoint of that moment, after the activity itself is over. */
const soonReported = (): void => void setTimeout(() => void failpoint('reported'), reportMs);
