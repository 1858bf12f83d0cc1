import { violation, type Check, type Violation } from '../check';
import { groupBy, type Facts, type Touch } from '../facts';

/** The day of each step, counted from the day of the first. */
const dayOfStep: Readonly<Record<number, number>> = { 1: 0, 2: 3, 3: 5, 4: 8, 5: 12 };

type Numbered = Touch & { step: number };
const isNumbered = (touch: Touch): touch is Numbered => touch.step !== null;

const forEachPerson = ({ touches }: Facts, find: (own: Touch[], email: string) => Violation[]): Violation[] =>
  [...groupBy(touches, (touch) => touch.email)].flatMap(([email, own]) => find(own, email));

const daysBetween = (from: Touch, to: Touch): number => Math.round(to.date.diff(from.date, 'days').days);

export const once: Check = {
  id: 'TRUTH-1',
  name: 'no step is sent twice',
  check: (facts) =>
    forEachPerson(facts, (own, email) => {
      const known = own.filter(isNumbered);
      return known
        .filter((touch, i) => known.slice(0, i).some((earlier) => earlier.step === touch.step))
        .map((touch) => violation(`a step twice: ${touch.step} to ${email} at ${touch.at}`, touch));
    }),
};

export const order: Check = {
  id: 'SEQ-1',
  name: 'steps come in order, none before its day',
  check: (facts) =>
    forEachPerson(facts, (own, email) => {
      const known = own.filter(isNumbered);
      const [first] = known;
      return known.flatMap((touch, i) => {
        const violations: Violation[] = [];
        const earlier = known[i - 1];
        if (earlier && touch.step < earlier.step) {
          violations.push(violation(`out of order: step ${touch.step} to ${email} at ${touch.at}`, touch));
        }
        const day = first?.step === 1 ? daysBetween(first, touch) : Infinity;
        if (day < (dayOfStep[touch.step] ?? 0)) {
          violations.push(violation(`step ${touch.step} early on day ${day}: ${email} at ${touch.at}`, touch));
        }
        return violations;
      });
    }),
};

/** What two neighbouring touches to one person violate, by the recipient's dates between them. */
const spaced = (facts: Facts, isTooClose: (days: number) => boolean, what: string): Violation[] =>
  forEachPerson(facts, (own, email) =>
    own.flatMap((touch, i) => {
      const earlier = own[i - 1];
      const close = earlier !== undefined && isTooClose(daysBetween(earlier, touch));
      return close ? [violation(`${what}: ${email} at ${earlier.at} and ${touch.at}`, touch)] : [];
    }),
  );

export const apart: Check = {
  id: 'SEQ-2',
  name: 'two days lie between the touches to one person',
  check: (facts) => spaced(facts, (days) => days === 1, 'less than two days apart'),
};

export const onePerDay: Check = {
  id: 'SEQ-8',
  name: 'nobody is touched twice on one day of theirs',
  check: (facts) => spaced(facts, (days) => days === 0, 'two on one day'),
};
