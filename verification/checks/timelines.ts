import { DateTime } from 'luxon';
import { violation, type Check, type Violation } from '../check';
import type { Facts, Touch } from '../facts';
import type { LeadLine } from '../run';

/** How far the engine's time of a sending may be from the provider's, in seconds. */
const sameMomentSeconds = 60;

type Told = LeadLine['touches'][number] & { email: string };

/** leads.jsonl tells the same as outbox.jsonl. */
export const timelines: Check = {
  id: 'TRUTH-3',
  name: 'the engine’s timelines tell what the providers received',
  check(facts) {
    const { leads } = facts.run;
    const told = new Map(
      leads.flatMap(({ email, touches }) =>
        touches.map((touch): [string, Told] => [touch.touchId, { ...touch, email }]),
      ),
    );
    return [
      ...facts.strangers.map((line) => violation(`${line.operation} to a stranger: ${line.recipient}`, line)),
      ...facts.touches.flatMap((touch) => differing(touch, told.get(touch.touchId))),
      ...neverReceived(facts, told),
    ];
  },
};

function differing(received: Touch, told: Told | undefined): Violation[] {
  if (told === undefined) return [violation(`a touch that no lead has: ${received.touchId}`, received)];
  const sent = DateTime.fromISO(told.sentAt ?? '');
  const secondsApart = Math.abs(received.instant.diff(sent, 'seconds').seconds);
  const same =
    told.email === received.email &&
    told.channel === received.channel &&
    told.resource === received.resource &&
    (received.outcome !== 'accepted' || (told.status === 'sent' && secondsApart < sameMomentSeconds));
  if (same) return [];
  return [violation(`told otherwise: ${JSON.stringify(told)}, ${received.outcome} at ${received.at}`, received)];
}

function neverReceived({ touches }: Facts, told: ReadonlyMap<string, Told>): Violation[] {
  const accepted = new Set(touches.filter(({ outcome }) => outcome === 'accepted').map(({ touchId }) => touchId));
  return [...told.values()]
    .filter(({ status, touchId }) => status === 'sent' && !accepted.has(touchId))
    .map((touch) => violation(`told as sent, never received: ${touch.touchId}`, touch));
}
