import type { EnrollmentFacts } from '../../domain/facts';
import { decideNextMove } from '../../domain/next-move';
import { leadFacts, touch } from './facts';

const monday = new Date('2026-03-01T22:30:00Z'); // 2026-03-02 09:30 in Sydney
const decide = (changes: Partial<EnrollmentFacts>, now = monday) => decideNextMove(leadFacts(changes), now);
const afterStep1 = { day0: '2026-03-02', touches: [touch(1, 'sent', '2026-03-02')] };

/** A decision in a line: what, which step, from when, by which rule. */
function line(changes: Partial<EnrollmentFacts>, now = monday): string {
  const decision = decide(changes, now);
  const step = decision.kind === 'stop' || decision.step === null ? '' : ` step ${decision.step.step}`;
  const when =
    decision.kind === 'touch' ? ` ${decision.earliest}` : decision.kind === 'wait' ? ` ${decision.until}` : '';
  return `${decision.kind}${step}${when} ${decision.rule}`;
}

describe('the next move', () => {
  test.each<[string, Partial<EnrollmentFacts>, string]>([
    ['a new lead', {}, 'touch step 1 2026-03-02 SEQ-2'],
    ['after step 1', afterStep1, 'touch step 2 2026-03-05 SEQ-2'],
    [
      'a late step 2 pushes step 3 two days away',
      { day0: '2026-03-02', touches: [touch(1, 'sent', '2026-03-02'), touch(2, 'sent', '2026-03-09')] },
      'touch step 3 2026-03-11 SEQ-2',
    ],
    [
      'a skipped step is no touch',
      { day0: '2026-03-02', touches: [touch(1, 'sent', '2026-03-02'), touch(2, 'skipped')] },
      'touch step 3 2026-03-09 SEQ-2',
    ],
    [
      'an uncertain touch counts, and is never repeated',
      { day0: '2026-03-02', touches: [touch(1, 'uncertain', '2026-03-02')] },
      'touch step 2 2026-03-05 SEQ-2',
    ],
    [
      'a touch that is being sent is never planned again',
      { touches: [touch(1, 'sending')] },
      'touch step 2 2026-03-05 SEQ-2',
    ],
    ['a planned touch is planned on', { touches: [touch(1, 'planned')] }, 'touch step 1 2026-03-02 SEQ-2'],
    [
      'a step that was finished before the import spaces the next one',
      { day0: '2026-02-25', fromStep: 3, finishedBefore: [{ step: 2, channel: 'voice', doneOn: '2026-03-03' }] },
      'touch step 3 2026-03-05 SEQ-2',
    ],
    [
      'steps before the lead’s first one are not done',
      { day0: '2026-02-02', fromStep: 5 },
      'touch step 5 2026-03-02 SEQ-2',
    ],
    ['nothing is left of the sequence', { day0: '2026-02-02', fromStep: 6 }, 'stop SEQ-1'],
    ['held by an automatic reply', { ...afterStep1, holdUntil: '2026-03-16' }, 'touch step 2 2026-03-16 SEQ-3'],
    [
      'a hold that ends before the step is due',
      { ...afterStep1, holdUntil: '2026-03-03' },
      'touch step 2 2026-03-05 SEQ-2',
    ],
    ['paused', { ...afterStep1, campaign: 'paused' }, 'wait step 2 null TRUTH-4'],
    ['cool leads get no call', { ...afterStep1, score: 40 }, 'skip step 2 ACC-1'],
    ['unscored leads get every channel', { ...afterStep1, score: null }, 'touch step 2 2026-03-05 SEQ-2'],
    [
      'no phone',
      { ...afterStep1, contact: { email: true, callable: false, mobile: false, linkedin: true } },
      'skip step 2 SEQ-7',
    ],
    ['nothing tells when to call', { ...afterStep1, callTimezone: null }, 'skip step 2 TIME-3'],
    [
      'nothing tells when to text',
      { day0: '2026-03-02', touches: [1, 2, 3, 4].map((step) => touch(step, 'skipped')), callTimezone: null },
      'skip step 5 TIME-3',
    ],
    ['mails need no zone of calls', { callTimezone: null }, 'touch step 1 2026-03-02 SEQ-2'],
    [
      'nor do LinkedIn requests',
      { day0: '2026-03-02', touches: [touch(1, 'skipped'), touch(2, 'skipped')], callTimezone: null },
      'touch step 3 2026-03-09 SEQ-2',
    ],
    ['the address bounced', { suppressed: { all: null, email: 'hard bounce' } }, 'skip step 1 SEQ-4'],
    ['the address is bad', { emailStatus: 'disposable' }, 'skip step 1 SEQ-7'],
    ['the address was found good', { emailStatus: 'deliverable' }, 'touch step 1 2026-03-02 SEQ-2'],
    ['the address is bad, and the lead waits', { status: 'waiting', emailStatus: 'malformed' }, 'skip step 1 SEQ-7'],
    [
      'the address is bad, and nothing else reaches the lead that waits',
      { status: 'waiting', emailStatus: 'malformed', score: 25 },
      'stop SEQ-7',
    ],
    [
      'the address was not checked, and nothing else reaches the lead that waits',
      { status: 'waiting', score: 25 },
      'touch step 1 2026-03-02 SEQ-2',
    ],
    ['the address is found bad while the lead is active', { emailStatus: 'malformed', score: 25 }, 'skip step 1 SEQ-7'],
    ['suppressed', { suppressed: { all: 'unsubscribe', email: null } }, 'stop SEQ-5'],
    ['replied', { status: 'stopped', stop: { reason: 'reply', rule: 'SEQ-3' } }, 'stop SEQ-3'],
    ['dead', { score: 12 }, 'stop ACC-1'],
    ['no channel at all', { steps: [] }, 'wait null SEQ-6'],
    ['campaign completed', { campaign: 'completed' }, 'stop CTL-3'],
    ['done', { day0: '2026-03-02', touches: [1, 2, 3, 4, 5].map((step) => touch(step, 'skipped')) }, 'stop SEQ-1'],
  ])('%s', (_, changes, expected) => {
    expect(line(changes)).toBe(expected);
  });

  describe('by LinkedIn it depends on what seat and person are to each other (SEQ-7)', () => {
    const step3 = { day0: '2026-03-02', touches: [touch(1, 'skipped'), touch(2, 'skipped')] };
    test.each([
      ['strangers', 'invitation'],
      ['connected', 'message'],
    ] as const)('%s: %s, and the timeline says which', (network, form) => {
      expect(decide({ ...step3, network })).toMatchObject({ kind: 'touch', form, numbers: { form } });
    });
    test('an invitation is pending: skipped with its reason', () => {
      const reason = 'an earlier invitation is still pending';
      expect(decide({ ...step3, network: 'invited' })).toMatchObject({ kind: 'skip', rule: 'SEQ-7', reason });
    });
    test('other channels have one form and say nothing of it', () => {
      const decision = decide({ network: 'connected' });
      expect(decision).toMatchObject({ kind: 'touch', form: 'email' });
      expect(decision.numbers).not.toHaveProperty('form');
    });
  });

  test('a suppressed lead stops even when it is paused or held', () => {
    expect(line({ suppressed: { all: 'smsStop', email: null }, campaign: 'paused' })).toBe('stop SEQ-5');
  });
});

describe('SEQ-7: a resource that is out', () => {
  const out = { ...leadFacts().senders, email: 'out' as const };

  test.each([
    [0, 'wait step 1 2026-03-03 SEQ-7'],
    [2, 'wait step 1 2026-03-03 SEQ-7'],
    [3, 'skip step 1 SEQ-7'],
  ])('waited %i sending days', (daysWaited, expected) => {
    const waited = { ...touch(1, 'planned'), daysWaited };
    expect(line({ senders: out, touches: [waited] })).toBe(expected);
  });

  test('days before the step is due do not count', () => {
    const decision = decide({ ...afterStep1, senders: { ...leadFacts().senders, voice: 'out' } });
    expect(decision).toMatchObject({ kind: 'wait', until: '2026-03-05', countsAsDayWaited: false });
  });

  test('a day is counted once, however often the lead is woken', () => {
    const waited = (waitedOn: string) =>
      decide({ senders: out, touches: [{ ...touch(1, 'planned'), daysWaited: 1, waitedOn }] });
    expect(waited('2026-03-01')).toMatchObject({ kind: 'wait', countsAsDayWaited: true });
    expect(waited('2026-03-02')).toMatchObject({ kind: 'wait', countsAsDayWaited: false });
  });

  test('waits over the weekend', () => {
    const friday = new Date('2026-03-05T22:30:00Z');
    expect(line({ senders: out }, friday)).toBe('wait step 1 2026-03-09 SEQ-7');
  });
});

test('TEXT-2: two plans without a text, then the step is skipped with an alert', () => {
  const failed = (textFailures: number) => decide({ touches: [{ ...touch(1, 'planned'), textFailures }] });
  expect(failed(1)).toMatchObject({ kind: 'touch' });
  expect(failed(2)).toMatchObject({ kind: 'skip', rule: 'TEXT-2', alert: true });
});

test('TRUTH-3: a decision carries its numbers', () => {
  expect(decide(afterStep1)).toMatchObject({
    reason: 'due on day 3',
    numbers: { day0: '2026-03-02', day: 3, lastTouchOn: '2026-03-02', due: '2026-03-05' },
  });
});
