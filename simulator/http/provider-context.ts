import type { Arrivals } from '../arrivals';
import type { Resources, Secrets } from '../config';
import type { People } from '../people';
import type { CallLog } from './call-log';
import type { Network } from './network';

/** What the providers' APIs share. */
export interface ProviderContext {
  secrets: Secrets;
  resources: Resources;
  people: People;
  arrivals: Arrivals;
  calls: CallLog;
  network: Network;
  seed: number;
}
