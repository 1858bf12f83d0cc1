import fc from 'fast-check';
import { channels } from '../../domain/channels';
import { generateSequence } from '../../domain/sequence';
import type { Database } from '../../store/database';
import { stopLead } from '../../store/enrollments/stop-lead';
import { pause } from '../../store/senders/pauses';
import { adjustCredits, changeTier, presentCredits, refundUntouched } from '../../store/tenants/credits';
import { createAgency, createLeads, monday, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { admitByHand } from './admit-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** 00:05 in Sydney on so many days after Monday 2026-03-02. */
const morning = (days: number): Date => new Date(Date.UTC(2026, 2, 1 + days, 13, 5));

const admitAt = (campaignId: string, at: Date) => admitByHand(database, campaignId, at);

/** Leaves so many credits of the period that holds `monday`: from Monday, 2 March, to Wednesday, 1 April. */
async function leaveCredits(agency: Agency, left: number): Promise<void> {
  const { remaining } = await presentCredits(database.sql, agency.clientId, monday);
  await adjustCredits(database, agency.clientId, { amount: left - remaining, reason: 'test' }, monday);
}

async function anotherCampaign(agency: Agency, leads: number): Promise<string> {
  const { clientId } = agency;
  const steps = { create: generateSequence(new Set(channels)) };
  const data = {
    clientId,
    name: 'Another',
    targeting: {},
    status: 'active' as const,
    activatedAt: new Date('2026-03-01T00:00:00Z'),
    steps,
  };
  const { id } = await database.campaign.create({ data });
  await createLeads(database, { ...agency, campaignId: id }, leads, 'waiting');
  return id;
}

const admittedBy = (campaignId: string): Promise<number> =>
  database.enrollment.count({ where: { campaignId, admittedAt: { not: null } } });

describe('PACE-2: a month’s credits are spread over its days', () => {
  test('46 credits and 23 sending days: two a day, and none on a Saturday', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 60, 'waiting');
    await leaveCredits(agency, 46);
    const byDay: number[] = [];
    for (let day = 0; day < 7; day += 1) byDay.push((await admitAt(agency.campaignId, morning(day))).admitted);
    expect(byDay).toEqual([2, 2, 2, 2, 2, 0, 0]);
    expect((await presentCredits(database.sql, agency.clientId, morning(7))).remaining).toBe(36);
  });

  test('a day that was reached is not reached again, however often it is asked', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 10, 'waiting');
    await leaveCredits(agency, 46);
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push((await admitAt(agency.campaignId, morning(0))).admitted);
    expect(answers).toEqual([2, 0, 0]);
  });

  test('without a credit nobody is admitted; the next month begins with the quota', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 10, 'waiting');
    await leaveCredits(agency, 0);
    expect((await admitAt(agency.campaignId, morning(3))).admitted).toBe(0);
    const next = await admitAt(agency.campaignId, new Date('2026-04-01T13:05:00Z'));
    expect(next.admitted).toBe(10);
    const credits = await presentCredits(database.sql, agency.clientId, new Date('2026-04-02T00:00:00Z'));
    expect(credits).toMatchObject({ remaining: 2_240, granted: 2_250, admitted: 10 });
  });

  test('an upgrade in mid-month raises credits and the same day’s target', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 60, 'waiting');
    await leaveCredits(agency, 23);
    expect((await admitAt(agency.campaignId, morning(0))).admitted).toBe(1);
    await changeTier(database, agency.clientId, 'dominance', morning(0));
    await leaveCredits(agency, 22 + 23);
    expect((await admitAt(agency.campaignId, morning(0))).admitted).toBe(1);
  });

  test('the next look is at the reset, when that comes first', async () => {
    const agency = await createAgency(database);
    await database.creditPeriod.updateMany({
      where: { clientId: agency.clientId },
      data: { endsAt: new Date('2026-03-02T01:00:00Z') },
    });
    expect((await admitAt(agency.campaignId, monday)).nextAt).toBe(Date.parse('2026-03-02T01:00:00Z'));
  });
});

describe('PACE-4: campaigns of a client share its day', () => {
  test('ten leads beside a hundred and four hundred begin on the first day, and shares are equal', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 400, 'waiting');
    const [small, middle] = [await anotherCampaign(agency, 10), await anotherCampaign(agency, 100)];
    await leaveCredits(agency, 23 * 12);
    await admitAt(agency.campaignId, morning(0));
    expect([await admittedBy(agency.campaignId), await admittedBy(middle), await admittedBy(small)]).toEqual([4, 4, 4]);
    for (let day = 1; day < 4; day += 1) await admitAt(middle, morning(day));
    expect([await admittedBy(agency.campaignId), await admittedBy(middle), await admittedBy(small)]).toEqual([
      19, 19, 10,
    ]);
  });

  test('all of a client’s campaigns may ask at the same moment', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 40, 'waiting');
    const others = [await anotherCampaign(agency, 40), await anotherCampaign(agency, 40)];
    await leaveCredits(agency, 23 * 9);
    const answers = await Promise.all([agency.campaignId, ...others].map((id) => admitAt(id, morning(0))));
    expect(answers.map((answer) => answer.admittedInAll)).toEqual([3, 3, 3]);
  });

  test('campaigns that are activated together share their first day too', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 40, 'waiting');
    const other = await anotherCampaign(agency, 40);
    await leaveCredits(agency, 23 * 4);
    await database.campaign.update({ where: { id: other }, data: { activatedAt: morning(0) } });
    const early = await admitAt(agency.campaignId, morning(0));
    expect(early).toMatchObject({ admitted: 0, nextAt: morning(0).getTime() + 60_000 });
    await admitAt(agency.campaignId, new Date(early.nextAt));
    expect([await admittedBy(agency.campaignId), await admittedBy(other)]).toEqual([2, 2]);
  });

  test('a lead whose own channel is out keeps nobody who begins on another one', async () => {
    const agency = await createAgency(database);
    const leads = await createLeads(database, agency, 6, 'waiting');
    // The first stands behind its first two steps; LinkedIn comes next, and the seat is out.
    await database.enrollment.update({ where: { id: leads[0] ?? '' }, data: { fromStep: 3, rank: -100 } });
    const seat = { kind: 'sender', senderId: agency.seatId, clientId: agency.clientId } as const;
    await pause(database.sql, seat, { reason: 'operator', detail: 'x' }, monday);
    await admitAt(agency.campaignId, morning(0));
    expect(await admittedBy(agency.campaignId)).toBe(5);
  });

  test('a campaign that is not active takes no share', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 40, 'waiting');
    const paused = await anotherCampaign(agency, 40);
    await database.campaign.update({ where: { id: paused }, data: { status: 'paused' } });
    await leaveCredits(agency, 23 * 4);
    await admitAt(agency.campaignId, morning(0));
    expect([await admittedBy(agency.campaignId), await admittedBy(paused)]).toEqual([4, 0]);
  });
});

describe('PACE-5: one credit for a lead and month', () => {
  test('a lead that ends before its first touch gives it back, once', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 5, 'waiting');
    await leaveCredits(agency, 115);
    await admitAt(agency.campaignId, morning(0));
    const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    await stopLead(database.sql, leadId, { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' }, morning(0));
    expect(await refundUntouched(database.sql, agency.clientId, morning(0))).toBe(1);
    expect(await refundUntouched(database.sql, agency.clientId, morning(1))).toBe(0);
    expect(await presentCredits(database.sql, agency.clientId, morning(1))).toMatchObject({
      remaining: 111,
      admitted: 4,
    });
  });

  test('whoever gave it back and is admitted again pays again', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1, 'waiting');
    await leaveCredits(agency, 23);
    await admitAt(agency.campaignId, morning(0));
    const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    await stopLead(database.sql, leadId, { reason: 'operator', rule: 'CTL-3', signal: 'leadWoken' }, morning(0));
    const other = await anotherCampaign(agency, 0);
    await database.enrollment.create({ data: { clientId: agency.clientId, campaignId: other, leadId } });
    await admitAt(other, morning(1));
    expect(await admittedBy(other)).toBe(1);
    expect(await presentCredits(database.sql, agency.clientId, morning(1))).toMatchObject({
      remaining: 22,
      admitted: 1,
    });
  });

  test('what comes back today does not raise today’s target', async () => {
    const agency = await createAgency(database);
    const leads = await createLeads(database, agency, 40, 'waiting');
    await leaveCredits(agency, 46);
    await admitAt(agency.campaignId, morning(0));
    for (const id of leads) {
      const row = await database.enrollment.findUniqueOrThrow({ where: { id } });
      if (row.status !== 'active') continue;
      await stopLead(database.sql, row.leadId, { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' }, morning(0));
    }
    await admitAt(agency.campaignId, morning(0));
    expect(await admittedBy(agency.campaignId)).toBe(2);
  });

  test.each(['sent', 'uncertain', 'sending'] as const)('a touch that is %s keeps it', async (status) => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1, 'waiting');
    await admitAt(agency.campaignId, morning(0));
    const sent = status === 'sending' ? {} : { sentAt: morning(0), sentOn: new Date('2026-03-02') };
    await database.touch.updateMany({
      where: { enrollmentId },
      data: { status, fence: 1, claimedAt: morning(0), ...sent },
    });
    const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    await stopLead(database.sql, leadId, { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' }, morning(0));
    expect(await refundUntouched(database.sql, agency.clientId, morning(1))).toBe(0);
  });

  test('a second campaign of the same month costs nothing, also with no credit left', async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1, 'waiting');
    await leaveCredits(agency, 1);
    expect((await admitAt(agency.campaignId, morning(0))).admitted).toBe(1);
    const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    await stopLead(database.sql, leadId, { reason: 'operator', rule: 'CTL-3', signal: 'leadWoken' }, morning(0));
    // Otherwise the refund would pay for it.
    await database.touch.updateMany({
      where: { enrollmentId },
      data: {
        status: 'sent',
        reason: null,
        rule: null,
        fence: 1,
        claimedAt: morning(0),
        sentAt: morning(0),
        sentOn: new Date('2026-03-02'),
      },
    });
    const other = await anotherCampaign(agency, 0);
    await database.enrollment.create({ data: { clientId: agency.clientId, campaignId: other, leadId } });
    await leaveCredits(agency, 1);
    await admitAt(other, morning(1));
    expect(await admittedBy(other)).toBe(1);
    expect((await presentCredits(database.sql, agency.clientId, morning(1))).remaining).toBe(1);
  });
});

/** What may happen to a client's month, in any order. */
type Step =
  | { kind: 'admit'; campaign: number }
  | { kind: 'stop'; nth: number }
  | { kind: 'tier'; tier: 'ignition' | 'velocity' | 'dominance' }
  | { kind: 'adjust'; amount: number }
  | { kind: 'day' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('admit' as const), campaign: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('stop' as const), nth: fc.nat(60) }) },
  fc.record({ kind: fc.constant('tier' as const), tier: fc.constantFrom('ignition', 'velocity', 'dominance') }),
  fc.record({ kind: fc.constant('adjust' as const), amount: fc.integer({ min: -2_000, max: 60 }) }),
  { weight: 3, arbitrary: fc.constant({ kind: 'day' as const }) },
);

test('PACE-3: an alert ends with its cause, and comes again with it', async () => {
  const agency = await createAgency(database);
  await createLeads(database, agency, 1, 'waiting');
  const open = () => database.alert.count({ where: { clientId: agency.clientId, kind: 'pacing', resolvedAt: null } });
  await admitAt(agency.campaignId, morning(20));
  expect(await open()).toBe(1);
  await admitAt(agency.campaignId, morning(34));
  expect(await open()).toBe(0);
  await admitAt(agency.campaignId, morning(55));
  expect(await open()).toBe(1);
});

test('PACE-1: a month that ends on the 31st comes back to it, and months neither overlap nor leave gaps', async () => {
  const agency = await createAgency(database);
  const { clientId } = agency;
  await database.creditPeriod.updateMany({ where: { clientId }, data: { endsAt: new Date('2026-03-30T13:00:00Z') } });
  for (const month of [4, 5, 6]) await presentCredits(database.sql, clientId, new Date(Date.UTC(2026, month - 1, 15)));
  const periods = await database.creditPeriod.findMany({ where: { clientId }, orderBy: { startsAt: 'asc' } });
  expect(periods.map(({ endsAt }) => endsAt.toISOString().slice(0, 10))).toEqual([
    '2026-03-30',
    '2026-04-29',
    '2026-05-30',
    '2026-06-29',
  ]);
  periods.slice(1).forEach(({ startsAt }, index) => expect(startsAt).toEqual(periods[index]?.endsAt));
});

test('whatever happens in a month: no credit below zero, one per lead, every balance the sum of what is before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (todo) => {
      const agency = await createAgency(database, { mailboxes: 2 });
      const leads = await createLeads(database, agency, 20, 'waiting');
      const campaigns = [agency.campaignId, await anotherCampaign(agency, 20), await anotherCampaign(agency, 20)];
      await leaveCredits(agency, 60);
      let day = 0;
      for (const step of todo) {
        if (step.kind === 'day') day += 1;
        if (step.kind === 'admit') await admitAt(campaigns[step.campaign] ?? '', morning(day));
        if (step.kind === 'tier') await changeTier(database, agency.clientId, step.tier, morning(day));
        if (step.kind === 'adjust') {
          await adjustCredits(database, agency.clientId, { amount: step.amount || 1, reason: 'test' }, morning(day));
        }
        if (step.kind === 'stop') {
          const row = await database.enrollment.findUniqueOrThrow({
            where: { id: leads[step.nth % leads.length] ?? '' },
          });
          await stopLead(
            database.sql,
            row.leadId,
            { reason: 'reply', rule: 'SEQ-3', signal: 'leadReplied' },
            morning(day),
          );
        }
      }
      const entries = await database.creditEntry.findMany({
        where: { clientId: agency.clientId },
        orderBy: { id: 'asc' },
      });
      const sums = new Map<string, number>();
      for (const entry of entries) {
        const sum = (sums.get(entry.periodId) ?? 0) + entry.amount;
        sums.set(entry.periodId, sum);
        expect(entry.balance).toBe(sum);
        expect(sum).toBeGreaterThanOrEqual(0);
      }
      const paid = entries.filter(({ kind }) => kind === 'admit');
      expect(new Set(paid.map(({ enrollmentId }) => enrollmentId)).size).toBe(paid.length);
      const admitted = await database.enrollment.count({
        where: { clientId: agency.clientId, admittedAt: { not: null } },
      });
      expect(paid.length).toBe(admitted);
    }),
    { numRuns: 12 },
  );
}, 60_000);
