import { DateTime } from 'luxon';
import { needed, violation, type Check, type Violation } from '../check';
import type { Facts, Touch } from '../facts';

/** One thing that a touch is counted as. */
interface Counted {
  key: string;
  limit: number;
}

/** @param countedAs what a touch counts as, given its day in the client's zone */
function overLimits(facts: Facts, countedAs: (touch: Touch, day: DateTime) => Counted[]): Violation[] {
  const clientZone = needed(facts.run, 'setup').client.timezone;
  const counts = new Map<string, number>();
  return facts.touches.flatMap((touch) =>
    countedAs(touch, touch.instant.setZone(clientZone).startOf('day')).flatMap(({ key, limit }) => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count > limit ? [violation(`more than ${limit}: ${key}`, touch)] : [];
    }),
  );
}

export const limitsKept: Check = {
  id: 'LIM-1',
  name: 'no sender, seat or client does more in a day, or a week, than it may',
  needs: 'setup',
  check: (facts) => [...overLimits(facts, limitsOf), ...tooManyViews(facts)],
};

const limitsOf = ({ channel, operation, resource }: Touch, date: DateTime): Counted[] => {
  const day = date.toISODate() ?? '';
  switch (channel) {
    case 'voice':
      return [{ key: `calls of ${resource} on ${day}`, limit: 50 }];
    case 'linkedin':
      return operation === 'message'
        ? [{ key: `messages of ${resource} on ${day}`, limit: 50 }]
        : [{ key: `invitations of ${resource} on ${day}`, limit: 20 }, ...weeksOf(resource, date)];
    case 'sms':
      return [
        { key: `texts of ${resource} on ${day}`, limit: 100 },
        { key: `texts on ${day}`, limit: 200 },
      ];
    case 'email':
      return [
        { key: `e-mails of ${resource} on ${day}`, limit: 100 },
        { key: `e-mails on ${day}`, limit: 200 },
      ];
  }
};

/** Looks that people see: a hundred of a seat in a day of the client's. */
function tooManyViews({ run, views }: Facts): Violation[] {
  const zone = needed(run, 'setup').client.timezone;
  const counts = new Map<string, number>();
  return views.flatMap(({ at, resource, touchId }) => {
    const key = `profile views of ${resource} on ${DateTime.fromISO(at, { zone }).toISODate()}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > 100 ? [violation(`more than 100: ${key}`, { touchId })] : [];
  });
}

/** Each of the seven spans of seven days that hold this date. */
const weeksOf = (resource: string, date: DateTime): Counted[] =>
  Array.from({ length: 7 }, (_, back) => ({
    key: `invitations of ${resource} in the week from ${date.minus({ days: back }).toISODate()}`,
    limit: 100,
  }));

export const warmUp: Check = {
  id: 'WARM-1',
  name: 'no domain mails more in a day than its warm-up allows',
  needs: 'setup',
  check(facts) {
    const { domains } = needed(facts.run, 'setup');
    const begun = new Map(domains.map(({ name, warmupStartedAt }) => [name, warmupStartedAt]));
    return overLimits(facts, ({ channel, resource }, date) => {
      if (channel !== 'email') return [];
      const domain = resource.slice(resource.indexOf('@') + 1);
      const start = DateTime.fromISO(begun.get(domain) ?? '', { zone: date.zone });
      const limit = warmUpLimit(Math.round(date.diff(start, 'days').days));
      return [{ key: `e-mails of ${domain} on ${date.toISODate()}`, limit }];
    });
  },
};

/** @param day since the warm-up began; NaN for a domain that the setup does not have, which may mail nothing */
function warmUpLimit(day: number): number {
  if (day >= 22) return 50;
  if (day >= 15) return 35;
  if (day >= 8) return 20;
  if (day >= 4) return 10;
  return day >= 0 ? 5 : 0;
}
