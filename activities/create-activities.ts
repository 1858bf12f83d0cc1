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
    deliver: (input) => beating(() => deliver(deps, input)),
  };
}
