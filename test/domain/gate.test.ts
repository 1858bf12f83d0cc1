import type { EnrollmentFacts } from '../../domain/facts';
import { gateObjection, tooLateFrom, type TouchAtGate } from '../../domain/gate';
import { leadFacts, touch } from './facts';

const slot = new Date('2026-03-04T22:30:00Z'); // Thursday 2026-03-05 09:30 in Sydney
const ready: TouchAtGate = { step: 2, channel: 'voice', form: 'voice', slotAt: slot, hasText: true, sender: 'ready' };
const facts: Partial<EnrollmentFacts> = {
  day0: '2026-03-02',
  touches: [touch(1, 'sent', '2026-03-02'), { ...touch(2, 'planned'), channel: 'voice' }],
};
const ask = (changes: Partial<EnrollmentFacts> = {}, at: Partial<TouchAtGate> = {}, now = slot) =>
  gateObjection(leadFacts({ ...facts, ...changes }), { ...ready, ...at }, now)?.rule ?? 'may leave';

describe('TRUTH-2: the gate at the instant of sending', () => {
  test('lets through what nothing speaks against', () => {
    expect(ask()).toBe('may leave');
  });

  test.each<[string, Partial<EnrollmentFacts>, string]>([
    ['stopped', { status: 'stopped', stop: { reason: 'reply', rule: 'SEQ-3' } }, 'SEQ-3'],
    ['completed', { status: 'completed' }, 'TRUTH-2'],
    ['suppressed', { suppressed: { all: 'unsubscribe', email: null } }, 'SEQ-5'],
    ['score cut since planning', { score: 40 }, 'ACC-1'],
    [
      'phone erased since planning',
      { contact: { email: true, callable: false, mobile: false, linkedin: true } },
      'SEQ-7',
    ],
    ['zone of calls lost since planning', { callTimezone: null }, 'TIME-3'],
    ['address found bad: a call all the same', { emailStatus: 'no_mail_exchange' }, 'may leave'],
    ['campaign paused', { campaign: 'paused' }, 'TRUTH-4'],
    ['campaign completed', { campaign: 'completed' }, 'CTL-3'],
    ['held', { holdUntil: '2026-03-06' }, 'SEQ-3'],
    ['touched yesterday', { touches: [touch(1, 'sent', '2026-03-04')] }, 'SEQ-2'],
    ['touched today', { touches: [touch(1, 'uncertain', '2026-03-05')] }, 'SEQ-2'],
  ])('%s: %s', (_, changes, rule) => {
    expect(ask(changes)).toBe(rule);
  });

  test.each<[string, Partial<TouchAtGate>, Date, string]>([
    ['before its slot', {}, new Date('2026-03-04T22:29:59Z'), 'LIM-2'],
    ['no slot', { slotAt: null }, slot, 'LIM-2'],
    ['no text', { hasText: false }, slot, 'TIME-7'],
    ['sender out', { sender: 'out' }, slot, 'SEQ-7'],
    ['at 10:55 a call is too late', {}, new Date('2026-03-04T23:55:00Z'), 'TIME-7'],
    ['at 11:00', {}, new Date('2026-03-05T00:00:00Z'), 'TIME-7'],
    ['on a Saturday', {}, new Date('2026-03-06T22:30:00Z'), 'TIME-1'],
  ])('%s', (_, at, now, rule) => {
    expect(ask({}, at, now)).toBe(rule);
  });

  test.each<[EnrollmentFacts['emailStatus'], string]>([
    ['unchecked', 'may leave'],
    ['deliverable', 'may leave'],
    ['no_mail_exchange', 'SEQ-7'],
    ['disposable', 'SEQ-7'],
    ['malformed', 'SEQ-7'],
  ])('a mail to an address that is %s: %s', (emailStatus, rule) => {
    expect(ask({ emailStatus }, { step: 4, channel: 'email', form: 'email' })).toBe(rule);
  });

  test('TIME-5: on a public holiday', () => {
    const goodFriday = new Date('2026-04-02T22:30:00Z');
    expect(ask({}, { slotAt: goodFriday }, goodFriday)).toBe('TIME-5');
  });

  test('TIME-3: a call waits for the later zone', () => {
    expect(ask({ callTimezone: 'Australia/Perth' })).toBe('TIME-7');
    const later = new Date('2026-03-05T01:30:00Z');
    expect(ask({ callTimezone: 'Australia/Perth' }, { slotAt: later }, later)).toBe('may leave');
  });

  test.each([
    [59, 'may leave'],
    [60, 'TIME-7'],
    [840, 'TIME-7'],
  ])('TIME-7: %i s after its slot: %s', (seconds, rule) => {
    expect(ask({}, {}, new Date(slot.getTime() + seconds * 1000))).toBe(rule);
  });

  test.each<[string, TouchAtGate['channel'], string, string]>([
    ['a minute after its slot', 'voice', '2026-03-04T22:30:00Z', '2026-03-04T22:31:00Z'],
    ['five minutes before the end, for a call', 'voice', '2026-03-04T23:54:30Z', '2026-03-04T23:55:00Z'],
    ['half a minute before the end, for a mail', 'email', '2026-03-04T23:59:10Z', '2026-03-04T23:59:30Z'],
  ])('TIME-7: a touch may not leave any more %s', (_, channel, slotAt, from) => {
    const at = new Date(slotAt);
    expect(tooLateFrom(leadFacts(facts), { channel, slotAt: at }, at)).toEqual(new Date(from));
  });
});

describe('a LinkedIn touch is what it was booked as, or is planned again', () => {
  const byLinkedIn = { step: 3, channel: 'linkedin', form: 'invitation' } as const;
  test.each([
    ['strangers', 'invitation', 'may leave'],
    ['connected', 'message', 'may leave'],
    ['connected', 'invitation', 'SEQ-7'],
    ['strangers', 'message', 'SEQ-7'],
    ['invited', 'invitation', 'SEQ-7'],
  ] as const)('%s, booked as %s: %s', (network, form, verdict) => {
    expect(ask({ network }, { ...byLinkedIn, form })).toBe(verdict);
  });
});
