import { leaseOver, type SendOutcome } from '../providers/ports';
import { noteAnswered, noteFailure } from '../store/senders/outages';
import type { ClaimedTouch } from '../store/touches/claims';
import type { ActivityDeps } from './deps';

/**
 * Notes whether a touch's provider answered. One that does not, several times in a row, is sent nothing for a while: touches
 * wait, and none becomes uncertain that need not (store/senders/outages.ts). Never throws: what became of the touch is
 * written down already, and a failure that was not counted is followed by the next one.
 * @param wasFailing did it fail the last time? Otherwise an answer changes nothing, and nothing is written
 */
export async function noteAnswer(
  { database, log }: ActivityDeps,
  touch: ClaimedTouch,
  { outcome, wasFailing }: { outcome: SendOutcome; wasFailing: boolean },
  now: Date,
): Promise<void> {
  try {
    if (isFailure(outcome)) await noteFailure(database, touch, outcome.error, now);
    else if (wasFailing && !isSilence(outcome)) await noteAnswered(database, touch, now);
  } catch (error) {
    log.warn({ touchId: touch.touchId, err: error }, 'whether the provider answered was not noted');
  }
}

/** No answer, or one that only says that the provider is out of order. */
const isFailure = (outcome: SendOutcome): outcome is Exclude<SendOutcome, { kind: 'accepted' }> =>
  outcome.kind === 'unknown' || (outcome.kind === 'rejected' && outcome.down === true);

/** The touch was not allowed to leave any more: nobody was asked. */
const isSilence = (outcome: SendOutcome): boolean => outcome.kind === 'rejected' && outcome.error === leaseOver;
