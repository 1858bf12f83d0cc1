import { violation, type Check, type Violation } from '../check';
import { groupBy, type Facts, type Touch } from '../facts';

/** Touches that left after one of these events was told, though it ends them. */
function afterEvent({ touches, run }: Facts, events: readonly string[], ends: (touch: Touch) => boolean): Violation[] {
  const people = new Map(run.people?.flatMap((person) => person.recipients.map((one) => [one, person.email])));
  const emailOfTouch = new Map(touches.map(({ touchId, email }) => [touchId, email]));
  const touchesTo = groupBy(touches, ({ email }) => email);
  return run.inbox
    .filter(({ event }) => events.includes(event))
    .flatMap(({ at, event, touchId, recipient }) => {
      const email = emailOfTouch.get(touchId ?? '') ?? people.get(recipient ?? '') ?? recipient ?? '';
      const late = touchesTo.get(email)?.filter((touch) => touch.instant.toMillis() > Date.parse(at) && ends(touch));
      return (late ?? []).map((touch) =>
        violation(`${touch.channel} to ${email} at ${touch.at}, after ${event} at ${at}`, touch),
      );
    });
}

const all = (): boolean => true;

export const replies: Check = {
  id: 'SEQ-3',
  name: 'nothing is sent to a person who replied',
  check: (facts) => afterEvent(facts, ['reply'], all),
};

export const bounces: Check = {
  id: 'SEQ-4',
  name: 'no mail is sent to an address that bounced',
  check: (facts) => afterEvent(facts, ['hardBounce'], ({ channel }) => channel === 'email'),
};

export const optOuts: Check = {
  id: 'SEQ-5',
  name: 'nothing is sent to a person who opted out or complained',
  check: (facts) => afterEvent(facts, ['unsubscribe', 'complaint', 'smsStop'], all),
};

/** What was not answered, or with an error, is told again: the last attempt counts. */
export const answered: Check = {
  id: 'TRUTH-5',
  name: 'every event was taken: answered with 200 in the end',
  check({ run }) {
    const attempts = groupBy(run.inbox, ({ event, recipient, touchId }) => JSON.stringify([event, recipient, touchId]));
    return [...attempts.values()]
      .flatMap((lines) => lines.slice(-1))
      .filter(({ answeredStatus }) => answeredStatus !== 200)
      .map((line) => violation(`${line.event} at ${line.at} was answered with ${line.answeredStatus}`, line));
  },
};
