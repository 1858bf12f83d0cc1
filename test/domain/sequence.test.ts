import type { Channel } from '../../domain/channels';
import { generateSequence } from '../../domain/sequence';

const all: Channel[] = ['email', 'voice', 'linkedin', 'sms'];
const without = (...lacking: Channel[]) => new Set(all.filter((channel) => !lacking.includes(channel)));
const rows = (available: ReadonlySet<Channel>) =>
  generateSequence(available).map((step) => `${step.step} day ${step.day} ${step.channel} ${step.purpose}`);

describe('SEQ: the default sequence', () => {
  test('SEQ-1: with every channel', () => {
    expect(rows(without())).toEqual([
      '1 day 0 email intro',
      '2 day 3 voice connect',
      '3 day 5 linkedin connect',
      '4 day 8 email value-add',
      '5 day 12 sms final nudge',
    ]);
  });

  test.each<[Channel[], string[]]>([
    [
      ['voice'],
      [
        '1 day 0 email intro',
        '2 day 3 email connect',
        '3 day 5 linkedin connect',
        '4 day 8 email value-add',
        '5 day 12 sms final nudge',
      ],
    ],
    [
      ['linkedin'],
      ['1 day 0 email intro', '2 day 3 voice connect', '4 day 8 email value-add', '5 day 12 sms final nudge'],
    ],
    [
      ['sms'],
      [
        '1 day 0 email intro',
        '2 day 3 voice connect',
        '3 day 5 linkedin connect',
        '4 day 8 email value-add',
        '5 day 12 email final nudge',
      ],
    ],
    [['email'], ['2 day 3 voice connect', '3 day 5 linkedin connect', '5 day 12 sms final nudge']],
    [
      ['email', 'voice'],
      ['3 day 5 linkedin connect', '5 day 12 sms final nudge'],
    ],
    [
      ['voice', 'linkedin', 'sms'],
      ['1 day 0 email intro', '2 day 3 email connect', '4 day 8 email value-add', '5 day 12 email final nudge'],
    ],
    [['email', 'voice', 'linkedin', 'sms'], []],
  ])('SEQ-6: lacking %j', (lacking, expected) => {
    expect(rows(without(...lacking))).toEqual(expected);
  });

  test('SEQ-6: an e-mail says what it stands in for', () => {
    const replaced = generateSequence(without('voice', 'sms')).filter((step) => step.replaces !== null);
    expect(replaced.map((step) => [step.step, step.replaces])).toEqual([
      [2, 'voice'],
      [5, 'sms'],
    ]);
  });
});
