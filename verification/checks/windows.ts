import { violation, type Check, type Violation } from '../check';
import { isCall, type Touch } from '../facts';

const describe = ({ channel, email, instant, windowZone }: Touch): string =>
  `${channel} to ${email} at ${instant.setZone(windowZone).toISO()}`;

function outsideWindow(touch: Touch): Violation[] {
  const local = touch.instant.setZone(touch.windowZone);
  const violations: Violation[] = [];
  if (!(local.hour >= 9 && local.hour < 11))
    violations.push(violation(`outside the window: ${describe(touch)}`, touch));
  if (!(local.weekday <= 5)) violations.push(violation(`on a weekend: ${describe(touch)}`, touch));
  return violations;
}

export const window: Check = {
  id: 'TIME-1',
  name: 'mails and invitations leave on weekdays from 09:00 to 11:00, recipient’s time',
  check: ({ touches }) => touches.filter(({ channel }) => !isCall(channel)).flatMap(outsideWindow),
};

export const callWindow: Check = {
  id: 'TIME-3',
  name: 'calls and texts keep the window of the country’s zone that reaches 09:00 last',
  needs: 'people',
  check: ({ touches }) => touches.filter(({ channel }) => isCall(channel)).flatMap(outsideWindow),
};

export const holidays: Check = {
  id: 'TIME-5',
  name: 'nothing leaves on the recipient’s public holidays',
  needs: 'people',
  check: ({ touches }) =>
    touches
      .filter(({ person, date }) => person?.holidays.includes(date.toISODate() ?? ''))
      .map((touch) => violation(`on a holiday: ${describe(touch)}`, touch)),
};
