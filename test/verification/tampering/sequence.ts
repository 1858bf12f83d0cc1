import type { Run } from '../../../verification/run';
import { first, ofOperation, ofEvent, later, shift, touchesOfOne, move, type Tampering } from './lines';

export const sequence: readonly Tampering[] = [
  {
    what: 'a touch that was sent twice',
    check: 'TRUTH-1',
    says: /a step twice/,
    tamper: (run) => void run.outbox.push(first(ofOperation(run, 'sms'))),
  },
  {
    what: 'a touch that was sent again after its answer was lost',
    check: 'TRUTH-1',
    says: /a step twice/,
    tamper: (run) => void run.outbox.unshift({ ...first(ofOperation(run, 'send')), outcome: 'lost' }),
  },
  {
    what: 'a second step on day 1',
    check: 'SEQ-1',
    says: /step 2 early on day 1/,
    tamper: (run) => {
      const [one, two] = touchesOfOne(run);
      if (one && two) move(run, two, later(one.at, 24));
    },
  },
  {
    what: 'a third step before the second',
    check: 'SEQ-1',
    says: /out of order: step 2/,
    tamper: (run) => {
      const [, two, three] = touchesOfOne(run);
      if (two && three) move(run, two, later(three.at, 48));
    },
  },
  {
    what: 'two touches a day apart',
    check: 'SEQ-2',
    says: /less than two days apart/,
    tamper: (run) => {
      const [, , three, four] = touchesOfOne(run);
      if (three && four) move(run, four, later(three.at, 24));
    },
  },
  {
    what: 'two touches on one day',
    check: 'SEQ-8',
    says: /two on one day/,
    tamper: (run) => {
      const [, , three, four] = touchesOfOne(run);
      if (three && four) move(run, four, later(three.at, 0.1));
    },
  },
  {
    what: 'a touch after a reply',
    check: 'SEQ-3',
    says: /after reply/,
    tamper: (run) => shift(ofEvent(run, 'reply'), -24 * 20),
  },
  {
    what: 'an e-mail after a hard bounce',
    check: 'SEQ-4',
    says: /email to \S+ at \S+, after hardBounce/,
    tamper: (run) => shift(ofEvent(run, 'hardBounce'), -1),
  },
  ...['unsubscribe', 'complaint', 'smsStop'].map((event) => ({
    what: `a touch after an opt-out: ${event}`,
    check: 'SEQ-5',
    says: new RegExp(`after ${event}`),
    tamper: (run: Run) => shift(ofEvent(run, event), -24 * 20),
  })),
  {
    what: 'a touch after an opt-out that names a person and no touch',
    check: 'SEQ-5',
    says: /after unsubscribe/,
    tamper: (run) => {
      const line = ofEvent(run, 'unsubscribe');
      line.touchId = null;
      shift(line, -24 * 20);
    },
  },
];
