/** The worker's bundle: every workflow, and nothing else. */
export { campaign } from './campaign';
export { leadSequence } from './lead-sequence';
export { maintenance } from './maintenance';
