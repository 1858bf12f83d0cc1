import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { tablesOf, type CountRow } from '../../domain/metrics/tables';
import { transact, type Database } from '../../store/database';
import { dateValue } from '../../store/dates';
import { recordEvent } from '../../store/events/record-event';
import { eraseLead } from '../../store/leads/lead-control';
import { readMetrics, type MetricsQuery } from '../../store/reports/read-metrics';
import { rebuildMetrics, refreshClientMetrics, refreshMetrics } from '../../store/reports/refresh-metrics';
import type { ProviderEvent, ReportedEventKind } from '../../providers/ports';
import { eventOf } from '../events/provider-events';
import { createAgency, createLeads, createTestSender, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { countByHand } from './counted-by-hand';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const channelOfStep = ['email', 'voice', 'linkedin', 'email', 'sms'] as const;
const kinds = [
  'opened',
  'reply',
  'hardBounce',
  'softBounce',
  'unsubscribe',
  'complaint',
  'smsStop',
  'autoReply',
  'delivered',
] as const satisfies readonly ReportedEventKind[];

/** A client with two campaigns of the same leads, and two domains. */
class World {
  readonly events: ProviderEvent[] = [];
  readonly touchIds: string[] = [];

  private constructor(
    readonly agency: Agency,
    readonly otherDomain: string,
    private readonly mailboxes: readonly string[],
    private readonly enrollments: { id: string; leadId: string; campaignId: string }[],
  ) {}

  static async create(leads = 4): Promise<World> {
    const agency = await createAgency(database);
    const { clientId } = agency;
    const name = `${randomUUID().slice(0, 8)}.example`;
    const domain = await database.sendingDomain.create({
      data: { clientId, name, warmupStartedAt: dateValue('2026-02-20') },
    });
    const mailbox = { kind: 'mailbox', address: `bo@${name}`, channels: ['email'], domainId: domain.id } as const;
    const mailboxId = await createTestSender(database, clientId, mailbox);
    await createLeads(database, agency, leads);
    const first = await database.enrollment.findMany({ where: { clientId } });
    const campaign = { clientId, name: 'Autumn', targeting: {}, status: 'active', activatedAt: monday } as const;
    const { id: campaignId } = await database.campaign.create({ data: campaign });
    const second = first.map(({ leadId }) => ({ id: randomUUID(), clientId, campaignId, leadId }));
    const ended = { status: 'completed', finishedAt: monday, admittedAt: new Date('2026-01-28T02:00:00Z') } as const;
    await database.enrollment.createMany({ data: second.map((row) => Object.assign({}, row, ended)) });
    return new World(agency, domain.id, [agency.mailboxIds[0] ?? '', mailboxId], [...first, ...second]);
  }

  get clientId(): string {
    return this.agency.clientId;
  }

  get campaignIds(): string[] {
    return [...new Set(this.enrollments.map(({ campaignId }) => campaignId))];
  }

  get leadIds(): string[] {
    return [...new Set(this.enrollments.map(({ leadId }) => leadId))];
  }

  query(changes: Partial<MetricsQuery> = {}): MetricsQuery {
    const all = { clientId: this.clientId, campaignId: null, domainId: null, from: null, to: null, cohort: null };
    return Object.assign(all, changes);
  }

  /** One that is planned first becomes sent by an update, as in the engine. */
  async send(at: { lead: number; step: number; minutes: number; planned: boolean }): Promise<void> {
    const enrollment = this.enrollments[at.lead % this.enrollments.length];
    const channel = channelOfStep[at.step - 1];
    if (enrollment === undefined || channel === undefined) return;
    const where = { enrollmentId_step: { enrollmentId: enrollment.id, step: at.step } };
    if ((await database.touch.count({ where: where.enrollmentId_step })) > 0) return;
    const sentAt = new Date(monday.getTime() + at.minutes * 60_000);
    const { numberId, seatId } = this.agency;
    const mailboxId = this.mailboxes[at.lead % 2] ?? '';
    const senderId = { email: mailboxId, voice: numberId, linkedin: seatId, sms: numberId }[channel];
    const sent = { senderId, fence: 1, claimedAt: sentAt, sentAt, sentOn: sentAt };
    const status = at.minutes % 7 === 0 ? 'uncertain' : 'sent';
    const ids = { enrollmentId: enrollment.id, campaignId: enrollment.campaignId, clientId: this.clientId };
    const data = { ...ids, step: at.step, channel, status: 'planned' as const };
    if (at.planned) await database.touch.create({ data });
    const { id } = await database.touch.upsert({
      where,
      create: { ...data, ...sent, status },
      update: { ...sent, status },
    });
    this.touchIds.push(id);
  }

  async hear(told: { kind: number; touch: number; lead: number; named: boolean; minutes: number; late: number }) {
    const { email } = await database.lead.findUniqueOrThrow({
      where: { id: this.leadIds[told.lead % this.leadIds.length] ?? '' },
    });
    const occurredAt = new Date(monday.getTime() + told.minutes * 60_000);
    const touchId = this.touchIds[told.touch % Math.max(1, this.touchIds.length)] ?? null;
    const about = told.named && touchId !== null ? { touchId } : { person: { email } };
    const facts: Record<string, boolean> = told.minutes % 3 === 0 ? { automatic: true } : {};
    const event = eventOf(kinds[told.kind % kinds.length] ?? 'reply', Object.assign({ occurredAt, facts }, about));
    this.events.push(event);
    await recordEvent(database, event, secretKey, new Date(occurredAt.getTime() + told.late * 60_000));
  }
}

/** What the engine counted, as the tables show it; and the same from a count by hand. */
async function expectExact(query: MetricsQuery): Promise<void> {
  const { all, pending } = await readMetrics(database, query, monday);
  expect(pending).toBe(0);
  const { verdicts, ...tables } = all;
  expect(Object.keys(verdicts)).toHaveLength(4);
  expect(tables).toEqual(tablesOf((await countByHand(database, query)) as CountRow[]));
}

/** Everything that is counted for a client, row by row. */
async function counted(clientId: string): Promise<unknown[]> {
  return [
    await database.sql`SELECT * FROM metric_count WHERE client_id = ${clientId}::uuid
      ORDER BY scope_id, breakdown, sent_on, admitted_on, key`,
    await database.sql`SELECT * FROM touch_measure WHERE client_id = ${clientId}::uuid ORDER BY touch_id`,
    await database.sql`SELECT domain_id FROM opens_source WHERE client_id = ${clientId}::uuid ORDER BY 1`,
  ];
}

const minutes = fc.integer({ min: -60 * 24, max: 60 * 24 * 20 });
const zone = fc.constantFrom('Australia/Sydney', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');
const nat = fc.nat(1000);
const send = fc.record({ lead: nat, step: fc.integer({ min: 1, max: 5 }), minutes, planned: fc.boolean() });
const hear = fc.record({ kind: nat, touch: nat, lead: nat, named: fc.boolean(), minutes, late: fc.nat(60 * 72) });

type Deed = (world: World) => Promise<unknown>;
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: send.map(
      (at): Deed =>
        (world) =>
          world.send(at),
    ),
  },
  {
    weight: 8,
    arbitrary: hear.map(
      (told): Deed =>
        (world) =>
          world.hear(told),
    ),
  },
  {
    weight: 2,
    arbitrary: nat.map((at): Deed => async ({ events }) => {
      const event = events[at % Math.max(1, events.length)];
      if (event !== undefined) await recordEvent(database, event, secretKey, monday);
    }),
  },
  {
    weight: 1,
    arbitrary: nat.map((at): Deed => ({ clientId, leadIds }) => {
      const leadId = leadIds[at % leadIds.length] ?? '';
      return eraseLead(database, secretKey, { clientId, leadId }, monday);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(nat, zone).map(([at, timezone]): Deed => ({ leadIds }) => {
      return database.lead.update({ where: { id: leadIds[at % leadIds.length] ?? '' }, data: { timezone } });
    }),
  },
  {
    weight: 1,
    arbitrary: zone.map(
      (timezone): Deed =>
        ({ clientId }) =>
          database.client.update({ where: { id: clientId }, data: { timezone } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2026-01-05', '2026-02-25').map(
      (date): Deed =>
        ({ otherDomain }) =>
          database.sendingDomain.update({ where: { id: otherDomain }, data: { warmupStartedAt: dateValue(date) } }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (limit): Deed =>
        ({ clientId }) =>
          refreshClientMetrics(database, clientId, monday, limit),
    ),
  },
);

describe('MET: the sums are what a count from scratch comes to', () => {
  test('whatever happens, late, twice, out of order, before and after an erasure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 20, maxLength: 60, size: 'max' }), async (story) => {
        const world = await World.create();
        for (const deed of story) await deed(world);
        const [spring, autumn] = world.campaignIds;
        const { domainId } = world.agency;
        await expectExact(world.query());
        await expectExact(world.query({ campaignId: spring ?? '' }));
        await expectExact(world.query({ domainId }));
        await expectExact(world.query({ campaignId: autumn ?? '', domainId: world.otherDomain }));
        await expectExact(world.query({ from: '2026-03-04', to: '2026-03-10' }));
        await expectExact(world.query({ from: '2026-03-04', domainId, campaignId: spring ?? '' }));
        const before = await counted(world.clientId);
        await rebuildMetrics(database, world.clientId, monday);
        expect(await counted(world.clientId)).toEqual(before);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('when events arrive while several refresh at a time', async () => {
    const world = await World.create(20);
    for (let at = 0; at < 60; at += 1)
      await world.send({ lead: at, step: 1 + (at % 5), minutes: at * 90, planned: true });
    const telling = Array.from({ length: 80 }, (_, at) =>
      world.hear({ kind: at % 7, touch: at * 13, lead: at, named: at % 4 !== 0, minutes: 60 + at * 50, late: at }),
    );
    const refreshing = Array.from({ length: 12 }, () => refreshMetrics(database, monday, 15));
    await Promise.all([...telling, ...refreshing]);
    await expectExact(world.query());
    const before = await counted(world.clientId);
    await rebuildMetrics(database, world.clientId, monday);
    expect(await counted(world.clientId)).toEqual(before);
  });

  test('a number that somebody changed is seen by the count by hand', async () => {
    const world = await World.create();
    await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    await expectExact(world.query());
    await database.metricCount.updateMany({ where: { clientId: world.clientId }, data: { sent: 2 } });
    await expect(expectExact(world.query())).rejects.toThrow();
  });
});

describe('what was counted moves with the facts that it was counted from', () => {
  test.each<[string, (world: World) => Promise<unknown>]>([
    [
      'the recipient’s zone',
      ({ leadIds: [id = ''] }) => database.lead.update({ where: { id }, data: { timezone: 'Asia/Kolkata' } }),
    ],
    [
      'the client’s zone',
      ({ clientId }) => database.client.update({ where: { id: clientId }, data: { timezone: 'America/New_York' } }),
    ],
    [
      'the start of a warm-up',
      ({ agency: { domainId } }) =>
        database.sendingDomain.update({ where: { id: domainId }, data: { warmupStartedAt: dateValue('2026-02-25') } }),
    ],
    [
      'the day of admission',
      ({ clientId }) =>
        database.enrollment.updateMany({ where: { clientId, status: 'active' }, data: { admittedAt: new Date(0) } }),
    ],
  ])('%s', async (_, change) => {
    const world = await World.create(1);
    await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    const read = () => readMetrics(database, world.query({ cohort: 'week' }), monday);
    const before = await read();
    await change(world);
    expect(await read()).not.toEqual(before);
    await expectExact(world.query());
    const kept = await counted(world.clientId);
    await rebuildMetrics(database, world.clientId, monday);
    expect(await counted(world.clientId)).toEqual(kept);
  });

  test('one refresh of a client at a time', async () => {
    const world = await World.create(1);
    await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    let over = false;
    const refreshing = await transact(database, async (sql) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('metrics:' || ${world.clientId}::text, 0))`;
      const waiting = refreshClientMetrics(database, world.clientId, monday, 10).finally(() => (over = true));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(over).toBe(false);
      return { waiting };
    });
    expect(await refreshing.waiting).toBe(1);
  });
});

describe('MET-2 counts leads', () => {
  test('one that two campaigns touched at a step counts once for the client, and once in each campaign', async () => {
    const world = await World.create(1);
    await world.send({ lead: 0, step: 1, minutes: 0, planned: false });
    await world.send({ lead: 1, step: 1, minutes: 3000, planned: false });
    await world.hear({ kind: 1, touch: 1, lead: 0, named: true, minutes: 3001, late: 0 });
    const stepsOf = async (changes: Partial<MetricsQuery>) =>
      (await readMetrics(database, world.query(changes), monday)).all.replyRateByStep.map(({ of, count }) => [
        of,
        count,
      ]);
    const [spring, autumn] = world.campaignIds;
    expect(await stepsOf({})).toEqual([[1, 1]]);
    expect(await stepsOf({ campaignId: spring ?? '' })).toEqual([[1, 0]]);
    expect(await stepsOf({ campaignId: autumn ?? '' })).toEqual([[1, 1]]);
    expect(await stepsOf({ to: '2026-03-02' })).toEqual([[1, 0]]);
  });
});

describe('HLTH-4: opens', () => {
  test('are not measured until somebody tells of one; then also for what was sent before', async () => {
    const world = await World.create();
    for (const lead of [0, 2]) await world.send({ lead, step: 1, minutes: 10, planned: false });
    const opens = async () => (await readMetrics(database, world.query(), monday)).all.openRateBySendTime;
    expect(await opens()).toMatchObject([{ of: 0, count: 0, rate: null, notMeasured: 2 }]);
    await world.hear({ kind: 0, touch: 0, lead: 0, named: true, minutes: 31, late: 0 });
    expect(await opens()).toMatchObject([{ of: 2, count: 1, rate: 0.5, notMeasured: 0 }]);
  });

  test('of a person who is erased stay apart when a machine made them', async () => {
    const world = await World.create();
    await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    await world.hear({ kind: 0, touch: 0, lead: 0, named: true, minutes: 30, late: 0 });
    const [leadId = ''] = world.leadIds;
    await eraseLead(database, secretKey, { clientId: world.clientId, leadId }, monday);
    await world.hear({ kind: 0, touch: 0, lead: 1, named: true, minutes: 60, late: 0 });
    await rebuildMetrics(database, world.clientId, monday);
    const { all } = await readMetrics(database, world.query(), monday);
    expect(all.openRateBySendTime).toMatchObject([{ of: 1, count: 0, openedAutomatically: 1 }]);
    const kept = await database.eventSubject.findMany({ where: { leadId }, include: { event: true } });
    expect(kept.map(({ event }) => event.payload)).toEqual([0, 1].map(() => ({ facts: { automatic: true } })));
  });
});

describe('reading', () => {
  test('by cohort of admission, on the client’s calendar; the cohorts add up', async () => {
    const world = await World.create(2);
    for (let lead = 0; lead < 4; lead += 1) await world.send({ lead, step: 4, minutes: lead, planned: false });
    const read = (cohort: 'week' | 'month') => readMetrics(database, world.query({ cohort }), monday);
    const weeks = await read('week');
    expect(weeks.cohorts.map(({ cohort }) => cohort)).toEqual(['2026-01-26', '2026-03-02']);
    expect((await read('month')).cohorts.map(({ cohort }) => cohort)).toEqual(['2026-01-01', '2026-03-01']);
    expect(weeks.cohorts.map(({ channelEffectiveness: [email] }) => email?.sent)).toEqual([2, 2]);
    expect(weeks.cohorts.map(({ replyRateByStep: [step] }) => step?.of)).toEqual([2, 2]);
    // Two leads, each in both campaigns.
    expect(weeks.all.replyRateByStep).toMatchObject([{ step: 4, of: 2 }]);
    expect((await readMetrics(database, world.query(), monday)).cohorts).toEqual([]);
  });

  test('measures a bounded number of leads, however often they were noted, and says how many are left', async () => {
    const world = await World.create();
    await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    const { clientId, leadIds } = world;
    const [noted = ''] = leadIds;
    const often = Array.from({ length: 3_000 }, () => ({ clientId, leadId: noted }));
    await database.measureDue.createMany({ data: often });
    const first = await readMetrics(database, world.query(), monday);
    expect([first.pending, first.all.replyRateByStep[0]?.of]).toEqual([0, 1]);
    const others = Array.from({ length: 1_100 }, () => ({ clientId, leadId: randomUUID() }));
    await database.measureDue.createMany({ data: others });
    expect((await readMetrics(database, world.query(), monday)).pending).toBe(100);
    expect((await readMetrics(database, world.query(), monday)).pending).toBe(0);
  });

  test('refreshing counts every client, and nothing twice', async () => {
    const worlds = [await World.create(), await World.create()];
    for (const world of worlds) await world.send({ lead: 0, step: 1, minutes: 10, planned: false });
    expect(await refreshMetrics(database, monday)).toBeGreaterThanOrEqual(2);
    expect(await refreshMetrics(database, monday)).toBe(0);
    for (const world of worlds) {
      const rows = await database.metricCount.findMany({ where: { scopeId: world.clientId, breakdown: 'channel' } });
      expect(rows).toMatchObject([{ key: 'email', sent: 1 }]);
    }
  });
});
