import type { SendOutcome } from '../providers/ports';
import { noteAnswered, noteFailure } from '../store/senders/outages';
import type { ClaimedTouch } from '../store/touches/claims';
import type { ActivityDeps } from './deps';

/** What a client answers whose touch was not allowed to leave any more: the provider said nothing. */
const notAsked = 'lease_over';

/**
 * Notes whether a touch's provider answered. One that does not, several times in a row, is sent nothing for a while: touches
 * wait, and none becomes uncertain that need not (store/senders/outages.ts).
 * @param wasFailing did it fail the last time? Otherwise an answer changes nothing, and nothing is written
 */
export async function noteAnswer(
  { database }: ActivityDeps,
  touch: ClaimedTouch,
  { outcome, wasFailing }: { outcome: SendOutcome; wasFailing: boolean },
  now: Date,
): Promise<void> {
  if (outcome.kind === 'unknown') return noteFailure(database, touch, outcome.error, now);
  if (outcome.kind === 'rejected' && outcome.down === true) return noteFailure(database, touch, outcome.error, now);
  if (outcome.kind === 'rejected' && outcome.error === notAsked) return;
  if (wasFailing) await noteAnswered(database, touch, now);
}
