import { judge, type Evidence, type ToldLine, type WitnessLine } from '../../scripts/faults/judge';
import type { AnsweredStop } from '../../scripts/faults/stops';
import type { TouchFate } from '../../store/reports/run-facts';

const at = (clock: string): string => `2026-03-03T${clock}.000Z`;

const touch = (touchId: string, changes: Partial<TouchFate> = {}): TouchFate => ({
  touchId,
  leadId: `lead-of-${touchId}`,
  clientId: 'client',
  step: 1,
  channel: 'email',
  status: 'sent',
  reason: null,
  slotAt: new Date(at('09:29:58')),
  claimedAt: new Date(at('09:30:00')),
  ...changes,
});

const accepted = (touchId: string, changes: Partial<WitnessLine> = {}): WitnessLine => ({
  at: at('09:30:01'),
  operation: 'send',
  resource: `anna@${touchId}.example`,
  touchId,
  outcome: 'accepted',
  answered: true,
  detail: {},
  ...changes,
});

const told = (event: string, touchId: string, changes: Partial<ToldLine> = {}): ToldLine => ({
  at: at('09:40:00'),
  event,
  touchId,
  answeredStatus: 200,
  ...changes,
});

const stopOf = (id: string): AnsweredStop => ({
  what: 'stop',
  answeredStatus: 200,
  leadId: `lead-of-${id}`,
  at: at('09:31:00'),
  attempts: 1,
  tookMs: 9,
  eventId: null,
});

/** Touches and stops of others, so that enough happens. */
const others = Array.from({ length: 60 }, (_, nr) => `other-${nr}`);
const killed = (what: string) => ({ what, of: 'worker-1', from: 0, until: 0, isKill: true });

/** A run of two touches, each as it should be, with a stop by the API and a reply, beside many others. */
const good: Evidence = {
  outbox: [accepted('a'), accepted('b'), accepted('a', { operation: 'lookup' }), ...others.map((id) => accepted(id))],
  inbox: [told('reply', 'b'), told('opened', 'a')],
  stops: ['a', ...others.slice(0, 9)].map((id) => stopOf(id)),
  storedEvents: new Set(['stop.c@replies.example']),
  touches: ['a', 'b', ...others].map((id) => touch(id)),
  stuck: 0,
  incidents: [killed('kill api'), killed('kill worker'), killed('kill temporal')],
  toReal: (instant) => instant.getTime(),
};

/** Mails of two mailboxes of one domain. */
const mails = (count: number): WitnessLine[] =>
  Array.from({ length: count }, (_, nr) => accepted(`mail-${nr}`, { resource: `box-${nr % 2}@growth.example` }));

const otherLines = others.map((id) => accepted(id));
const otherTouches = others.map((id) => touch(id));

const broken = (evidence: Evidence): string[] =>
  Object.entries(judge(evidence).violations).flatMap(([promise, list]) => list.map((text) => `${promise}: ${text}`));

test('a run in which everything is as it should be', () => {
  const verdict = judge(good);
  expect(broken(good)).toEqual([]);
  expect(verdict).toMatchObject({ deliveries: 62, stops: 11, events: 2, uncertain: { total: 0, unexplained: [] } });
});

const reply = (eventId: string) =>
  ({
    what: 'reply',
    answeredStatus: 200,
    leadId: 'lead-of-c',
    at: at('09:50:00'),
    attempts: 2,
    tookMs: 9,
    eventId,
  }) as const;

// Each lie must be seen, and be the only thing that is seen.
test.each<[string, Partial<Evidence>, string[]]>([
  [
    'a touch is accepted twice',
    { outbox: [...good.outbox, accepted('b', { at: at('09:35:00') })] },
    ['accepted twice: touch b: 2 times'],
  ],
  [
    'a touch is accepted after the API answered a stop',
    { outbox: [accepted('a', { at: at('09:31:01') }), accepted('b'), ...otherLines] },
    [`accepted after a stop was answered: touch a at ${at('09:31:01')}, stop answered at ${at('09:31:00')}`],
  ],
  [
    "a later touch of a lead is accepted after the lead's reply was answered",
    {
      outbox: [...good.outbox, accepted('b2', { at: at('09:40:01') })],
      touches: [...good.touches, touch('b2', { leadId: 'lead-of-b' })],
    },
    [`accepted after a stop was answered: touch b2 at ${at('09:40:01')}, reply answered at ${at('09:40:00')}`],
  ],
  [
    'an event is answered with 200 and not stored',
    { stops: [...good.stops, reply('stop.c@replies.example'), reply('stop.d@replies.example')] },
    ['event answered and not stored: event stop.d@replies.example'],
  ],
  [
    'a touch is accepted that the engine gave back',
    { touches: [touch('a', { status: 'planned' }), touch('b'), ...otherTouches] },
    ['accepted, and the engine does not know: touch a is planned'],
  ],
  [
    'a touch is accepted that the engine never claimed',
    { outbox: [...good.outbox, accepted('x')] },
    ['accepted, and the engine does not know: touch x is never claimed'],
  ],
  [
    'the engine believes a touch sent that nobody saw',
    { touches: [...good.touches, touch('c')] },
    ['said to be sent, and never accepted: touch c'],
  ],
  [
    'hardly anything happened',
    { incidents: good.incidents.slice(1) },
    ['too little happened to prove anything: 62 deliveries, 10 stops, 2 kills'],
  ],
  [
    'a domain sends one mail more than it may',
    {
      outbox: [...good.outbox, ...mails(51)],
      touches: [...good.touches, ...mails(51).map(({ touchId }) => touch(touchId ?? ''))],
    },
    ['limit of a day passed: growth.example: send on 2026-03-03: 51 of 50'],
  ],
  ['a touch is stuck', { stuck: 3 }, ['still being sent when nobody sends: 3 touches']],
  [
    'a touch leaves at eleven',
    { touches: [touch('a', { claimedAt: new Date(at('11:00:00')) }), touch('b'), ...otherTouches] },
    [`outside the window by the engine's own clock: touch a at ${at('11:00:00')}`],
  ],
  [
    'a touch leaves on a Sunday',
    { touches: [touch('a', { claimedAt: new Date('2026-03-08T09:30:00.000Z') }), touch('b'), ...otherTouches] },
    ["outside the window by the engine's own clock: touch a at 2026-03-08T09:30:00.000Z"],
  ],
])('it sees that %s', (_lie, changes, violations) => {
  expect(broken({ ...good, ...changes })).toEqual(violations);
});

test.each<[string, Partial<ToldLine>]>([
  ['was not answered', { answeredStatus: null }],
  ['was answered with 503', { answeredStatus: 503 }],
  ['stops nobody', { event: 'opened' }],
])('an event that %s promises nothing', (_what, changes) => {
  const inbox = [told('reply', 'b', changes)];
  const outbox = [accepted('a'), accepted('b', { at: at('09:59:00') }), ...otherLines];
  expect(broken({ ...good, inbox, outbox })).toEqual([]);
});

describe('what is uncertain', () => {
  const uncertain = [touch('a'), touch('b', { status: 'uncertain', reason: 'nobody knows' })];
  const claimed = Date.parse(at('09:30:00'));
  const kill = (from: number, what = 'kill worker') => ({ what, of: 'worker-1', from, until: from, isKill: true });

  test('is explained by what the provider did to it, before anything else', () => {
    const outbox = [accepted('a'), accepted('b', { answered: false, detail: { mischief: 'reset' } })];
    const { uncertain: found } = judge({ ...good, outbox, touches: uncertain, incidents: [kill(claimed)] });
    expect(found).toEqual({ total: 1, byCause: { 'provider: reset': 1 }, unexplained: [] });
  });

  test('is explained by the closest fault while its attempt may have been running', () => {
    const incidents = [kill(claimed + 50_000, 'cut worker smtp: deaf'), kill(claimed + 1_000)];
    expect(judge({ ...good, touches: uncertain, incidents }).uncertain.byCause).toEqual({ 'kill worker': 1 });
  });

  test.each([
    ['no fault', []],
    ['a fault long before', [kill(claimed - 5_000)]],
    ['a fault long after', [kill(claimed + 70_000)]],
  ])('is not explained by %s', (_what, incidents) => {
    const { unexplained } = judge({ ...good, touches: uncertain, incidents }).uncertain;
    expect(unexplained).toEqual(['touch b: nobody knows']);
  });
});

test('recovery is the time until the next delivery, whoever made it', () => {
  const from = Date.parse(at('09:30:00')) - 4_000;
  const incidents = [{ what: 'kill api', of: 'api', from, until: from, isKill: true }];
  const outbox = [accepted('a', { at: at('09:29:00') }), accepted('b')];
  expect(judge({ ...good, outbox, incidents }).recoveries).toEqual([{ what: 'kill api', times: 1, seconds: [5] }]);
});
