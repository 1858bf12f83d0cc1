import { violation } from '../check';
import type { BesideCheck } from './check';
import { groupBy } from '../facts';

/** How long a request may be on its way from its claim to the provider's log, in seconds. */
const onItsWaySeconds = 180;

/** Enrollment and step are one touch: the database has a unique index over them. */
export const onceEach: BesideCheck = {
  id: 'TRUTH-1',
  name: 'no step of a lead is asked for twice',
  check({ contacts }) {
    const touches = groupBy(contacts, ({ touchId }) => touchId);
    const twice = [...touches].filter(([, lines]) => lines.length > 1);
    return {
      lookedAt: { requests: contacts.length, touches: touches.size },
      violations: twice.map(([touchId, lines]) =>
        violation(`asked for ${lines.length} times, at ${lines.map(({ at }) => at).join(' and ')}: touch ${touchId}`, {
          touchId,
        }),
      ),
    };
  },
};

export const accounted: BesideCheck = {
  id: 'TRUTH-1',
  name: 'every request that a provider accepted is known as sent or uncertain, from that sender and at that time',
  check({ contacts }) {
    const accepted = contacts.filter(({ outcome }) => outcome === 'accepted');
    const violations = accepted.flatMap((line) => {
      const { touchId, known, at, resource } = line;
      if (known === null) return [violation(`a request that no touch made: ${line.operation} at ${at}`, line)];
      const wrong = (what: string) => [violation(`${what}: touch ${touchId}, accepted at ${at}`, line)];
      if (!['sending', 'sent', 'uncertain'].includes(known.status))
        return wrong(`accepted, and told as ${known.status}`);
      if (known.resource !== resource) return wrong('accepted from another sender than it is told');
      const seconds = (Date.parse(at) - (known.claimedAt?.getTime() ?? NaN)) / 1000;
      return seconds >= 0 && seconds <= onItsWaySeconds ? [] : wrong(`accepted ${seconds} s after it was claimed`);
    });
    return { lookedAt: { requests: accepted.length }, violations };
  },
};

export const received: BesideCheck = {
  id: 'TRUTH-3',
  name: 'every touch that is told as sent was received by a provider',
  check({ contacts, known }) {
    const reached = new Set(contacts.map(({ touchId }) => touchId));
    const refused = [...known.touches.values()].filter(({ id, status }) => status === 'sent' && !reached.has(id));
    const never = [...known.sent.unnamed, ...refused.map(({ id }) => id)];
    return {
      lookedAt: { touches: known.sent.count },
      count: known.sent.unnamedCount + refused.length,
      violations: never.map((touchId) => violation(`told as sent, never received: touch ${touchId}`, { touchId })),
    };
  },
};
