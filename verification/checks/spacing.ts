import { violation, type Check } from '../check';
import { groupBy } from '../facts';

const leastSeconds = 120;

export const spacing: Check = {
  id: 'TIME-6',
  name: 'touches from one mailbox, number or seat are two minutes apart',
  check: ({ touches }) =>
    [...groupBy(touches, (touch) => touch.resource)].flatMap(([resource, own]) => {
      const inTime = own.toSorted((a, b) => a.instant.toMillis() - b.instant.toMillis());
      return inTime.flatMap((touch, i) => {
        const seconds = touch.instant.diff(inTime[i - 1]?.instant ?? touch.instant, 'seconds').seconds;
        if (i === 0 || seconds >= leastSeconds) return [];
        return [violation(`${seconds} s apart: ${resource} at ${touch.at}`, touch)];
      });
    }),
};
