import type { Channel } from '../../domain/channels';
import type { EnrollmentFacts } from '../../domain/facts';
import { planMigration, previewMigration, stepsBehind, type StepBehind } from '../../domain/migration';
import { generateSequence, type SequenceStep } from '../../domain/sequence';
import { leadFacts, touch } from './facts';

const whole = generateSequence(new Set(['email', 'voice', 'linkedin', 'sms']));
const withoutSms = generateSequence(new Set(['email', 'voice', 'linkedin']));

/** Own steps in words: "email intro, sms final nudge". */
const own = (words: string): SequenceStep[] =>
  words.split(', ').map((each, index) => {
    const [channel = '', ...purpose] = each.split(' ');
    return { step: index + 1, day: index * 2, channel: channel as Channel, purpose: purpose.join(' '), replaces: null };
  });
/** The first `count` steps are behind the lead. */
const behind = (steps: SequenceStep[], count: number, reached = true): StepBehind[] =>
  steps.slice(0, count).map(({ step, channel }) => ({ step, channel, reached }));

/** A plan in a line: where the lead stands, which steps of the default sequence are left. */
function line(steps: SequenceStep[], done: StepBehind[], to: SequenceStep[] = whole, passed = 0): string {
  const plan = planMigration({ own: steps, behind: done, passed }, to);
  const out = [...plan.behind, ...plan.had].map(({ step }) => step);
  const left = to.filter(({ step }) => !out.includes(step)).map(({ step }) => step);
  return `${plan.position} → ${left.join(' ') || 'nothing'}`;
}

const mails = own('email intro, email second look, email case study, email goodbye');
const mixed = own('email intro, email value-add, voice connect, sms final nudge, email one more, email last');

describe('MIG-2: where a lead goes on', () => {
  test.each<[string, string, string]>([
    ['nothing done', line(mails, []), '0 → 1 2 3 4 5'],
    ['one done: at step 2', line(mails, behind(mails, 1)), '1 → 2 3 4 5'],
    ['two done: never back to a number that was done', line(mails, behind(mails, 2)), '2 → 3 4 5'],
    ['the value-add was had: not again', line(mixed, behind(mixed, 2)), '2 → 3 5'],
    ['the same purpose on another channel is another step', line(mixed, behind(mixed, 3)), '3 → 5'],
    ['the final nudge was had', line(mixed, behind(mixed, 4)), '4 → nothing'],
    ['more steps than the default has', line(mixed, behind(mixed, 6)), '6 → nothing'],
    ['what was skipped or failed counts as a place, not as had', line(mixed, behind(mixed, 2, false)), '2 → 3 4 5'],
    ['passed over', line(mails, behind(mails, 1), whole, 3), '3 → 4 5'],
    [
      'a step that stands in for a channel is its e-mail',
      line(own('email FINAL nudge'), behind(own('email FINAL nudge'), 1), withoutSms),
      '1 → 2 3 4',
    ],
    [
      'an e-mail that stands in for a text that was had',
      line(own('sms final nudge'), behind(own('sms final nudge'), 1), withoutSms),
      '1 → 2 3 4',
    ],
    ['no channel at all', line(mails, behind(mails, 1), []), '1 → nothing'],
    ['the default’s own steps: the next number', line(whole, behind(whole, 3)), '3 → 4 5'],
  ])('%s', (_, told, expected) => expect(told).toBe(expected));

  test('each step that is left out says why', () => {
    const plan = planMigration({ own: mixed, behind: behind(mixed, 2), passed: 0 }, whole);
    expect([...plan.behind, ...plan.had]).toEqual([
      { step: 1, channel: 'email', reason: '2 steps of its own sequence lie behind the lead', rule: 'MIG-2' },
      { step: 2, channel: 'voice', reason: '2 steps of its own sequence lie behind the lead', rule: 'MIG-2' },
      { step: 4, channel: 'email', reason: 'done already as step 2 of its own sequence', rule: 'MIG-2' },
    ]);
  });
});

describe('the preview', () => {
  const monday = new Date('2026-03-01T22:30:00Z'); // 2026-03-02 09:30 in Sydney
  const preview = (facts: Partial<EnrollmentFacts>, steps = mails) => {
    const all = leadFacts({ steps, ...facts });
    const plan = planMigration({ own: steps, behind: stepsBehind(all), passed: all.fromStep - 1 }, whole);
    const { next, earliest, skipped, rule } = previewMigration(all, plan, whole, monday);
    return `${next === null ? 'nothing' : `step ${next.step} ${next.channel}`} ${earliest} ${rule}, without ${skipped.map(({ step, rule: by }) => `${step} ${by}`).join(', ')}`;
  };
  const done = (step: number, doneOn: string) => ({ step, channel: 'email' as const, doneOn });

  test.each<[string, string, string]>([
    ['a lead that waits', preview({ status: 'waiting' }), 'step 1 email 2026-03-02 SEQ-2, without '],
    [
      'finished before the import: Day 0 and spacing hold',
      preview({ day0: '2026-02-26', finishedBefore: [done(1, '2026-02-26'), done(2, '2026-03-02')], fromStep: 3 }),
      'step 3 linkedin 2026-03-04 SEQ-2, without 1 MIG-2, 2 MIG-2',
    ],
    [
      'a lead without a number: its call is skipped, as ever',
      preview({
        day0: '2026-02-27',
        touches: [touch(1, 'sent', '2026-02-27')],
        contact: { email: true, callable: false, mobile: false, linkedin: true },
      }),
      'step 3 linkedin 2026-03-04 SEQ-2, without 1 MIG-2, 2 SEQ-7',
    ],
    [
      'what is only planned is not behind',
      preview({ day0: '2026-02-27', touches: [touch(1, 'sent', '2026-02-27'), touch(2, 'planned')] }),
      'step 2 voice 2026-03-02 SEQ-2, without 1 MIG-2',
    ],
    [
      'what is just being sent is',
      preview({ day0: '2026-02-27', touches: [touch(1, 'sent', '2026-02-27'), touch(2, 'sending')] }),
      'step 3 linkedin 2026-03-04 SEQ-2, without 1 MIG-2, 2 MIG-2',
    ],
    [
      'a campaign that rests is asked as if it ran',
      preview({ campaign: 'paused', day0: '2026-02-27', touches: [touch(1, 'sent', '2026-02-27')] }),
      'step 2 voice 2026-03-02 SEQ-2, without 1 MIG-2',
    ],
    [
      'nothing is left',
      preview({ day0: '2026-02-20', fromStep: 7, finishedBefore: [done(1, '2026-02-20')] }, mixed),
      'nothing null SEQ-1, without 1 MIG-2, 2 MIG-2, 3 MIG-2, 4 MIG-2, 5 MIG-2',
    ],
    [
      'suppressed meanwhile',
      preview({ suppressed: { all: 'unsubscribe', email: null } }),
      'nothing null SEQ-5, without ',
    ],
  ])('%s', (_, told, expected) => expect(told).toBe(expected));
});
