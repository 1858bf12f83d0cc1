import type { ReportedEventKind, ProviderEvent, SendOutcome } from '../../providers/ports';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { countersAndHolds, createAgency, createLeads, monday, secretKey } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, expectDelivery, oneLead, type EngineByHand } from '../activities/engine-by-hand';
import type { SendRequest } from '../workflows/recording-providers';
import { eventOf } from './provider-events';

let database: Database;
let drop: () => Promise<void>;
let engine: EngineByHand;
let onSend: (request: SendRequest) => SendOutcome | undefined | Promise<SendOutcome | undefined>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(() => {
  onSend = () => undefined;
  engine = engineByHand(database, { onSend: (request) => onSend(request) });
});
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

const now = new Date('2026-03-04T03:00:00Z'); // Wednesday 14:00 in Sydney
const receive = async (event: ProviderEvent): Promise<boolean> =>
  (await recordEvent(database, event, secretKey, now)).isNew;
const happened = (kind: ReportedEventKind, facts: Partial<ProviderEvent>): Promise<boolean> =>
  receive(eventOf(kind, { occurredAt: now, ...facts }));

const enrollmentRow = (id: string) => database.enrollment.findUniqueOrThrow({ where: { id } });
const leadRow = (id: string) => database.lead.findUniqueOrThrow({ where: { id } });
const touchRow = (id: string) => database.touch.findUniqueOrThrow({ where: { id } });
const eventRows = (providerEventId: string) =>
  database.inboundEvent.findMany({ where: { providerEventId }, include: { subjects: true } });
const bookedBy = (enrollmentId: string) =>
  database.touch.findMany({ where: { enrollmentId, slotAt: { not: null }, status: 'planned' } });
const signalsTo = async (enrollmentId: string) =>
  (await database.outbox.findMany({ where: { subjectId: enrollmentId, kind: 'leadSignal' } })).map(
    (row) => (row.payload as { signal: string }).signal,
  );

/** A lead with a first e-mail sent and its call booked. */
async function underway(clientOptions: { mailboxes?: number } = {}) {
  const lead = await oneLead(database, clientOptions);
  const first = await engine.prepare(lead.enrollmentId);
  const next = expectDelivery(await engine.deliver(lead.enrollmentId, first));
  const { email, mobile, linkedinUrl } = await leadRow(lead.leadId);
  return { ...lead, first, next, email, mobile: mobile ?? '', linkedinUrl: linkedinUrl ?? '' };
}

describe('SEQ-3: a reply', () => {
  test('stops the sequence, gives the booking back and owes its workflow a signal', async () => {
    const lead = await underway();
    expect(await bookedBy(lead.enrollmentId)).toHaveLength(1);
    expect(await happened('reply', { touchId: lead.first.touchId })).toBe(true);
    expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({
      status: 'stopped',
      stopReason: 'reply',
      finishedAt: now,
    });
    expect(await touchRow(lead.next.touchId)).toMatchObject({ status: 'cancelled', rule: 'SEQ-3', slotAt: null });
    expect(await bookedBy(lead.enrollmentId)).toEqual([]);
    expect(await signalsTo(lead.enrollmentId)).toEqual(['leadReplied']);
  });

  test('is found by its Message-ID, address, number or profile, however they are spelled', async () => {
    const facts: ((lead: Awaited<ReturnType<typeof underway>>) => Promise<Partial<ProviderEvent>>)[] = [
      async ({ first }) => ({ reference: (await touchRow(first.touchId)).reference }),
      ({ email }) => Promise.resolve({ person: { email: email.toUpperCase() } }),
      async ({ mobile, agency: { clientId } }) => {
        // Many leads of these tests share a number: the mailbox tells the client.
        const { address } = await database.sender.findFirstOrThrow({ where: { clientId, kind: 'mailbox' } });
        return { person: { phone: mobile.replace(/(\d{3})/g, '$1 ') }, resource: { mailbox: address } };
      },
      ({ linkedinUrl }) => Promise.resolve({ person: { linkedinUrl: `${linkedinUrl.toUpperCase()}/` } }),
    ];
    for (const factsOf of facts) {
      const lead = await underway();
      await happened('reply', await factsOf(lead));
      expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({ status: 'stopped' });
    }
  });

  test('that arrives before the send has its own answer stops what comes after it', async () => {
    const lead = await oneLead(database);
    const touch = await engine.prepare(lead.enrollmentId);
    onSend = async ({ touchId }) => {
      expect(await touchRow(touchId)).toMatchObject({ status: 'sending' });
      await happened('reply', { touchId });
      return undefined;
    };
    expect(await engine.deliver(lead.enrollmentId, touch)).toMatchObject({ kind: 'finish', status: 'stopped' });
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'sent' });
    expect(await database.capacityHold.count({ where: { touchId: touch.touchId, state: 'consumed' } })).toBe(3);
  });
});

describe('TRUTH-5: an event', () => {
  test('that comes again changes nothing, also when all its copies come at once', async () => {
    const lead = await underway();
    const event = eventOf('unsubscribe', { occurredAt: now, touchId: lead.first.touchId });
    const answers = await Promise.all(Array.from({ length: 12 }, () => receive(event)));
    expect(answers.filter((isNew) => isNew)).toEqual([true]);
    expect(await receive(event)).toBe(false);
    expect(await signalsTo(lead.enrollmentId)).toEqual(['leadUnsubscribed']);
    const stories = await database.timelineEntry.findMany({
      where: { enrollmentId: lead.enrollmentId, what: 'stopped' },
    });
    expect(stories).toHaveLength(1);
    const { providerEventId } = event;
    const { clientId } = lead.agency;
    const { leadId } = lead;
    const subject = { clientId, leadId, touchId: lead.first.touchId };
    expect(await eventRows(providerEventId)).toMatchObject([
      { kind: 'unsubscribe', receivedAt: now, subjects: [subject] },
    ]);
  });

  test('about someone unknown is kept and touches nobody', async () => {
    const before = await database.enrollment.count({ where: { status: 'stopped' } });
    const event = eventOf('unsubscribe', { occurredAt: now, person: { email: 'nobody@else.example' } });
    expect(await receive(event)).toBe(true);
    expect(await receive({ ...event, providerEventId: 'other', touchId: 'not-a-uuid' })).toBe(true);
    const { providerEventId } = event;
    expect(await eventRows(providerEventId)).toMatchObject([{ subjects: [], outcome: null, kind: 'unsubscribe' }]);
    expect(await database.enrollment.count({ where: { status: 'stopped' } })).toBe(before);
  });

  test('that comes late does not undo an earlier stop or its reason', async () => {
    const lead = await underway();
    await happened('unsubscribe', { touchId: lead.first.touchId });
    await happened('autoReply', { touchId: lead.first.touchId, returnDate: '2026-03-20' });
    await happened('reply', { touchId: lead.first.touchId });
    await happened('hardBounce', { touchId: lead.first.touchId });
    expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({ stopReason: 'unsubscribe', holdUntil: null });
    // A bounce narrows nothing: every channel stays blocked.
    const value = lead.email;
    expect(await database.suppression.findFirst({ where: { value } })).toMatchObject({ scope: 'all' });
  });

  test.each(['delivered', 'opened', 'callCompleted', 'inviteAccepted', 'sendFailed', 'unknown'] as const)(
    'of kind %s stops nothing',
    async (kind) => {
      const lead = await underway();
      await happened(kind, { touchId: lead.first.touchId });
      expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({ status: 'active' });
      expect(await bookedBy(lead.enrollmentId)).toHaveLength(1);
      expect(await signalsTo(lead.enrollmentId)).toEqual([]);
    },
  );

  test.each([
    ['reply', 'sent'],
    ['delivered', 'sent'],
    ['hardBounce', 'sent'],
    ['sendFailed', 'uncertain'],
    ['unknown', 'uncertain'],
  ] as const)('of kind %s leaves an uncertain touch %s (TRUTH-1)', async (kind, status) => {
    onSend = () => ({ kind: 'unknown', error: 'connection_lost' });
    const lead = await underway();
    expect(await touchRow(lead.first.touchId)).toMatchObject({ status: 'uncertain' });
    await happened(kind, { touchId: lead.first.touchId });
    expect(await touchRow(lead.first.touchId)).toMatchObject({ status });
    expect(await database.capacityHold.count({ where: { touchId: lead.first.touchId, state: 'consumed' } })).toBe(3);
  });
});

describe('SEQ-4: a bounce', () => {
  test('takes a booked e-mail back and suppresses the address for e-mail alone', async () => {
    const lead = await oneLead(database);
    const touch = await engine.prepare(lead.enrollmentId);
    const { email } = await leadRow(lead.leadId);
    await happened('hardBounce', { person: { email } });
    expect(await bookedBy(lead.enrollmentId)).toEqual([]);
    expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({ status: 'active' });
    expect(await signalsTo(lead.enrollmentId)).toEqual(['emailBounced']);
    expect(await database.suppression.findMany({ where: { value: email } })).toMatchObject([
      { kind: 'email', scope: 'email', reason: 'hard bounce', clientId: lead.agency.clientId },
    ]);
    expect(await engine.prepare(lead.enrollmentId)).toMatchObject({ step: 2, channel: 'voice' });
    expect(await touchRow(touch.touchId)).toMatchObject({ status: 'skipped', rule: 'SEQ-4' });
  });

  test('leaves the booking of another channel alone', async () => {
    const lead = await underway();
    await happened('hardBounce', { touchId: lead.first.touchId });
    expect(await bookedBy(lead.enrollmentId)).toMatchObject([{ id: lead.next.touchId, channel: 'voice' }]);
  });

  test('counts as hard when it is the third soft one', async () => {
    const lead = await underway();
    const suppressed = () => database.suppression.count({ where: { value: lead.email } });
    await happened('softBounce', { touchId: lead.first.touchId });
    const second = eventOf('softBounce', { occurredAt: now, touchId: lead.first.touchId });
    await receive(second);
    await receive(second);
    expect([await suppressed(), await signalsTo(lead.enrollmentId)]).toEqual([0, []]);
    await happened('softBounce', { touchId: lead.first.touchId });
    expect([await suppressed(), await signalsTo(lead.enrollmentId)]).toEqual([1, ['emailBounced']]);
    expect(await enrollmentRow(lead.enrollmentId)).toMatchObject({ status: 'active' });
  });
});

describe('SEQ-5: who opts out', () => {
  test.each(['unsubscribe', 'complaint', 'smsStop'] as const)(
    'by %s is suppressed on every channel and stopped in every campaign of the client',
    async (kind) => {
      const lead = await underway();
      const { clientId } = lead.agency;
      const other = await database.campaign.create({
        data: { clientId, name: 'Other', targeting: {}, status: 'active', activatedAt: monday },
      });
      const waiting = await database.enrollment.create({
        data: { clientId, campaignId: other.id, leadId: lead.leadId, status: 'waiting' },
      });
      const facts = kind === 'smsStop' ? { touchId: lead.first.touchId, person: { phone: lead.mobile } } : {};
      await happened(kind, { touchId: lead.first.touchId, ...facts });
      for (const id of [lead.enrollmentId, waiting.id]) {
        expect(await enrollmentRow(id)).toMatchObject({ status: 'stopped', stopReason: kind, stopRule: 'SEQ-5' });
      }
      const suppressions = await database.suppression.findMany({ where: { clientId }, orderBy: { kind: 'asc' } });
      expect(suppressions.map((row) => [row.kind, row.scope, row.reason])).toEqual([
        ['email', 'all', kind],
        ['phone', 'all', kind],
        ['linkedin', 'all', kind],
      ]);
      // A lead that only waits has no workflow to tell.
      expect(await signalsTo(waiting.id)).toEqual([]);
    },
  );
});

describe('SEQ-3: an automatic reply', () => {
  test('holds until the sending day after the return and takes the booking back', async () => {
    const lead = await underway();
    await happened('autoReply', { touchId: lead.first.touchId, returnDate: '2026-03-13' }); // a Friday
    const { status, holdUntil } = await enrollmentRow(lead.enrollmentId);
    expect([status, holdUntil?.toISOString().slice(0, 10)]).toEqual(['active', '2026-03-16']);
    expect(await bookedBy(lead.enrollmentId)).toEqual([]);
    expect(await signalsTo(lead.enrollmentId)).toEqual(['leadWoken']);
    engine.clock.set(now);
    const next = await engine.prepare(lead.enrollmentId);
    expect(new Date(next.wakeAt) >= new Date('2026-03-15T22:00:00Z')).toBe(true);
  });

  test('never shortens a longer hold', async () => {
    const lead = await underway();
    await happened('autoReply', { touchId: lead.first.touchId, returnDate: '2026-03-13' });
    await happened('autoReply', { touchId: lead.first.touchId, returnDate: null });
    const { holdUntil } = await enrollmentRow(lead.enrollmentId);
    expect(holdUntil?.toISOString().slice(0, 10)).toBe('2026-03-16');
  });
});

describe('a person whom two clients know', () => {
  async function knownToTwo() {
    const [one, two] = [await underway(), await underway()];
    await database.lead.update({ where: { id: two.leadId }, data: { email: one.email } });
    return { one, two };
  }
  const statuses = async (leads: Awaited<ReturnType<typeof knownToTwo>>) => [
    (await enrollmentRow(leads.one.enrollmentId)).status,
    (await enrollmentRow(leads.two.enrollmentId)).status,
  ];

  test('is stopped for the client whose mailbox the event came to', async () => {
    const leads = await knownToTwo();
    const { clientId } = leads.two.agency;
    const { address } = await database.sender.findFirstOrThrow({ where: { clientId, kind: 'mailbox' } });
    await happened('unsubscribe', { person: { email: leads.one.email }, resource: { mailbox: address } });
    expect(await statuses(leads)).toEqual(['active', 'stopped']);
    const owners = await database.suppression.findMany({ where: { value: leads.one.email } });
    expect(owners.map((row) => row.clientId)).toEqual([leads.two.agency.clientId]);
  });

  test('is stopped for the client whose touch it answers', async () => {
    const leads = await knownToTwo();
    await happened('reply', { touchId: leads.one.first.touchId, person: { email: leads.one.email } });
    expect(await statuses(leads)).toEqual(['stopped', 'active']);
  });

  test('is stopped for both when nothing tells them apart, also by many events at once', async () => {
    const leads = await knownToTwo();
    const kinds = ['unsubscribe', 'reply', 'complaint', 'hardBounce', 'autoReply', 'smsStop'] as const;
    await Promise.all([...kinds, ...kinds].map((kind) => happened(kind, { person: { email: leads.one.email } })));
    expect(await statuses(leads)).toEqual(['stopped', 'stopped']);
    const owners = await database.suppression.findMany({ where: { value: leads.one.email, scope: 'all' } });
    expect(owners).toHaveLength(2);
  });
});

test('SEQ-7: a seat that is disconnected is taken out, and put back when it is connected again', async () => {
  const { seatId } = await createAgency(database);
  const { address: accountId } = await database.sender.findUniqueOrThrow({ where: { id: seatId } });
  const pauses = () => database.pause.findMany({ where: { senderId: seatId } });
  await happened('seatDisconnected', { provider: 'unipile', resource: { accountId } });
  expect(await pauses()).toMatchObject([{ reason: 'provider', since: now }]);
  await happened('seatReconnected', { provider: 'unipile', resource: { accountId } });
  expect(await pauses()).toEqual([]);
});

test('LIM-6: after events of every kind at random the counters equal the holds', async () => {
  const agency = await createAgency(database, { mailboxes: 3 });
  const enrollmentIds = await createLeads(database, agency, 40);
  const touches = await Promise.all(enrollmentIds.map((id) => engineByHand(database, {}, monday).prepare(id)));
  const kinds = ['reply', 'autoReply', 'hardBounce', 'softBounce', 'unsubscribe', 'complaint'] as const;
  const events = touches.flatMap(({ touchId }, i) =>
    [0, 1, 2].map((n) => eventOf(kinds[(i * 7 + n * 5) % kinds.length] ?? 'reply', { occurredAt: now, touchId })),
  );
  await Promise.all(events.map(receive));
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  const stillBooked = await database.touch.findMany({
    where: { campaignId: agency.campaignId, slotAt: { not: null } },
  });
  expect(stillBooked.every((touch) => touch.status === 'planned')).toBe(true);
});
