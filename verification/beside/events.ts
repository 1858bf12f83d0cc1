import { violation, type Violation } from '../check';
import { groupBy } from '../facts';
import type { BesideCheck } from './check';
import type { InboxLine } from '../run';
import { eventKey, kindIn } from './known';

/** An event whose answer was lost is told again, and is the same event: so there are never more than there were attempts. */
export const stored: BesideCheck = {
  id: 'TRUTH-5',
  name: 'every event that was answered with 200 is stored, once, and applied',
  check({ run, known }) {
    const about = run.inbox.filter(({ touchId }) => known.touches.has(touchId ?? ''));
    const keyOf = (line: InboxLine): string =>
      eventKey(known.touches.get(line.touchId ?? '')?.leadId ?? '', kindIn(line));
    const attempts = groupBy(about, (line) => keyOf(line));
    const taken = about.filter(({ answeredStatus }) => answeredStatus === 200);
    const violations = [...groupBy(taken, (line) => keyOf(line))].flatMap(([key, [first]]): Violation[] => {
      const there = known.events.get(key) ?? { stored: 0, applied: 0 };
      const wrong = (what: string): Violation[] => [
        violation(`${what}: ${first?.event} of touch ${first?.touchId}`, first),
      ];
      if (there.stored === 0) return wrong('answered with 200, and not stored');
      if (there.stored > (attempts.get(key)?.length ?? 0)) return wrong(`stored ${there.stored} times`);
      return there.applied < there.stored ? wrong('stored, and not applied') : [];
    });
    return { lookedAt: { events: taken.length }, violations };
  },
};
