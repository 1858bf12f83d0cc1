import {
  effectsOnLead,
  effectsOnSender,
  effectsOnTouch,
  stopsPeople,
  provesSending,
  type EventFacts,
  type EventKind,
  type LeadAtEvent,
} from '../../domain/event-effects';

const lead: LeadAtEvent = {
  calendar: { timezone: 'Australia/Sydney', countryCode: 'AU', regionCode: 'NSW' },
  softBounces: 0,
};
/** Tuesday 23:30 in UTC, Wednesday 10:30 in Sydney. */
const occurredAt = new Date('2026-03-03T23:30:00Z');

/** What an event does to its touch and its lead, each effect in a few words, in the order in which they are applied. */
function effects(event: Omit<EventFacts, 'occurredAt'>, at: LeadAtEvent = lead): string[] {
  return [...effectsOnTouch(event), ...effectsOnLead({ occurredAt, ...event }, at)].map((effect) => {
    switch (effect.kind) {
      case 'stop':
        return `stop by ${effect.rule}: ${effect.reason} → ${effect.signal}`;
      case 'suppress':
        return `suppress ${effect.scope}: ${effect.reason}`;
      case 'skipEmails':
        return `skipEmails by ${effect.rule}: ${effect.reason}`;
      case 'hold':
        return `hold until ${effect.until}, answered ${effect.answeredOn}, back ${effect.returnDate}`;
      case 'confirmSent':
      case 'countSoftBounce':
      case 'connect':
        return effect.kind;
    }
  });
}

interface Meaning {
  /** On the lead it is about. */
  lead: string[];
  /** On the sender it came to (SEQ-7). */
  sender?: string[];
  /** TRUTH-1 */
  proves: boolean;
}

/** Every kind of event: one that is left out does not compile. */
const meanings: Record<EventKind, Meaning> = {
  reply: { lead: ['confirmSent', 'stop by SEQ-3: reply → leadReplied'], proves: true },
  autoReply: { lead: ['confirmSent', 'hold until 2026-03-11, answered 2026-03-04, back null'], proves: true },
  hardBounce: {
    lead: ['confirmSent', 'suppress email: hard bounce', 'skipEmails by SEQ-4: hard bounce'],
    proves: true,
  },
  softBounce: { lead: ['confirmSent', 'countSoftBounce'], proves: true },
  blocked: { lead: ['confirmSent'], proves: true },
  unsubscribe: {
    lead: ['confirmSent', 'suppress all: unsubscribe', 'stop by SEQ-5: unsubscribe → leadUnsubscribed'],
    proves: true,
  },
  complaint: {
    lead: ['confirmSent', 'suppress all: complaint', 'stop by SEQ-5: complaint → leadUnsubscribed'],
    proves: true,
  },
  smsStop: {
    lead: ['confirmSent', 'suppress all: smsStop', 'stop by SEQ-5: smsStop → leadUnsubscribed'],
    proves: true,
  },
  sent: { lead: ['confirmSent'], proves: true },
  delivered: { lead: ['confirmSent'], proves: true },
  opened: { lead: ['confirmSent'], proves: true },
  callCompleted: { lead: ['confirmSent'], proves: true },
  inviteAccepted: { lead: ['confirmSent', 'connect'], proves: true },
  sendFailed: { lead: [], proves: false },
  seatDisconnected: { lead: ['confirmSent'], sender: ['pauseSender'], proves: true },
  seatReconnected: { lead: ['confirmSent'], sender: ['resumeSender'], proves: true },
  unknown: { lead: [], proves: false },
};

describe('what an event of each kind means', () => {
  test.each(Object.entries(meanings) as [EventKind, Meaning][])('%s', (kind, meaning) => {
    expect(effects({ kind })).toEqual(meaning.lead);
    expect(effectsOnSender({ kind }).map((effect) => effect.kind)).toEqual(meaning.sender ?? []);
    expect(provesSending({ kind })).toBe(meaning.proves);
  });
});

describe('TRUTH-1: what proves a sending has one answer', () => {
  test.each<[EventKind, boolean | undefined, boolean]>([
    ['unknown', true, true],
    ['unknown', false, false],
    ['unknown', undefined, false],
    // A provider that says "failed" is believed, whatever else its event looks like.
    ['sendFailed', true, false],
    ['delivered', false, true],
  ])('%s that says so: %s → %s', (kind, said, proves) => {
    const event = { kind, provesSending: said };
    expect(provesSending(event)).toBe(proves);
    expect(effects(event).includes('confirmSent')).toBe(proves);
  });
});

test.each(Object.entries(meanings) as [EventKind, Meaning][])(
  'is %s answered when nothing overlaps?',
  (kind, meaning) => {
    const stops = meaning.lead.some((effect) => /^(stop|skipEmails)/.test(effect));
    expect(stopsPeople({ kind })).toBe(stops);
  },
);

describe('SEQ-4: three soft bounces count as one hard', () => {
  test.each([
    [0, ['confirmSent', 'countSoftBounce']],
    [1, ['confirmSent', 'countSoftBounce']],
    [2, ['confirmSent', 'countSoftBounce', 'suppress email: hard bounce', 'skipEmails by SEQ-4: third soft bounce']],
    [3, ['confirmSent', 'countSoftBounce', 'suppress email: hard bounce', 'skipEmails by SEQ-4: third soft bounce']],
  ])('after %i before it', (softBounces, expected) => {
    expect(effects({ kind: 'softBounce' }, { ...lead, softBounces })).toEqual(expected);
  });
});

describe('SEQ-3: an automatic reply holds on the calendar of the person', () => {
  test.each([
    ['2026-03-13', 'hold until 2026-03-16, answered 2026-03-04, back 2026-03-13'],
    [null, 'hold until 2026-03-11, answered 2026-03-04, back null'],
  ])('back %s: %s', (returnDate, expected) => {
    expect(effects({ kind: 'autoReply', returnDate })).toEqual(['confirmSent', expected]);
  });

  test.each([
    ['AU', '2026-06-03'],
    ['US', '2026-03-06'],
    [null, '2026-06-03'],
  ])('a date in numbers is read as in %s', (countryCode, back) => {
    const event = { kind: 'autoReply', returnDate: '2026-06-03', returnDateMonthFirst: '2026-03-06' } as const;
    const [, hold] = effects(event, { ...lead, calendar: { ...lead.calendar, countryCode } });
    expect(hold).toContain(`back ${back}`);
  });

  test('in Honolulu it is still Tuesday', () => {
    const calendar = { timezone: 'Pacific/Honolulu', countryCode: 'US', regionCode: 'HI' };
    expect(effects({ kind: 'autoReply' }, { ...lead, calendar })).toEqual([
      'confirmSent',
      'hold until 2026-03-10, answered 2026-03-03, back null',
    ]);
  });
});
