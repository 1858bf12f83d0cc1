import { DateTime } from 'luxon';
import type { CampaignMove } from '../../domain/campaign-moves';
import { moveCampaign } from '../../store/campaigns/campaigns';
import {
  campaignStatusQuery,
  campaignWorkflowId,
  leadWorkflowId,
  type CampaignStatusView,
} from '../../workflows/contract';
import { countersAndHolds, createAgency, createLeads, type Agency } from '../store/fixtures';
import { recordHistory } from './recorded-histories';
import type { RecordedRequest } from './recording-providers';
import { startVirtualEngine, type VirtualEngine } from './virtual-engine';

// Two campaigns of two clients in one virtual run. It begins on Monday, 2 March 2026, at 07:00 in Sydney (UTC+11).
const monday7 = new Date('2026-03-01T20:00:00Z');
const tuesday13 = '2026-03-03T02:00:00Z';
const wednesday13 = '2026-03-04T02:00:00Z';
const tenDaysLater = '2026-03-14T02:00:00Z';

let engine: VirtualEngine;
/** 24 leads; paused when each has had its first touch, resumed after ten days. */
let paused: Agency;
/** 12 leads, five a day; completed on its second day. */
let completed: Agency;
let seenInPause: { status: CampaignStatusView; booked: number };
let completedAtOnce: string[];

beforeAll(async () => {
  engine = await startVirtualEngine(monday7);
  paused = await createAgency(engine.database, { warmupStartedAt: '2026-02-23' }); // 10 on Monday, 20 on Tuesday
  completed = await createAgency(engine.database, { warmupStartedAt: '2026-03-01' }); // 5 a day
  await createLeads(engine.database, paused, 24, 'waiting');
  await createLeads(engine.database, completed, 12, 'waiting');
  for (const agency of [paused, completed]) await engine.startCampaign(agency);

  engine.at(tuesday13, async (now) => {
    await move(completed, 'complete', now);
    await handleOf(completed).result();
    const admitted = await enrollmentsOf(completed, { admittedAt: { not: null } });
    await Promise.all(admitted.map(({ id }) => engine.client.getHandle(leadWorkflowId(id)).result()));
    completedAtOnce = (await enrollmentsOf(completed)).map(({ status, stopReason }) => `${status} ${stopReason ?? ''}`);
  });
  engine.at(wednesday13, (now) => move(paused, 'pause', now));
  engine.at('2026-03-09T02:00:00Z', async () => {
    const booked = await engine.database.capacityHold.count({ where: { state: 'booked' } });
    seenInPause = { status: await handleOf(paused).query(campaignStatusQuery), booked };
  });
  engine.at(tenDaysLater, (now) => move(paused, 'resume', now));
  engine.at('2026-03-31T02:00:00Z', (now) => move(paused, 'complete', now));
  await engine.runUntil('2026-03-31T02:00:01Z');
  await handleOf(paused).result();

  await recordHistory(engine.client, handleOf(paused).workflowId, 'campaign', 'paused-and-resumed-and-completed');
  const [lead] = await enrollmentsOf(paused);
  if (lead !== undefined) {
    await recordHistory(engine.client, leadWorkflowId(lead.id), 'leadSequence', 'paused-and-resumed');
  }
}, 90_000);
afterAll(() => engine.stop());

/** As the API does it: the fact is committed with what it owes, which is then delivered. */
async function move({ clientId, campaignId }: Agency, what: CampaignMove, now: Date): Promise<void> {
  expect(await moveCampaign(engine.database, { clientId, id: campaignId }, what, now)).toMatchObject({ moved: true });
  await engine.deliverOwed();
}

const handleOf = ({ campaignId }: Agency) => engine.client.getHandle(campaignWorkflowId(campaignId));

const enrollmentsOf = ({ campaignId }: Agency, where: { admittedAt?: { not: null } } = {}) =>
  engine.database.enrollment.findMany({ where: { campaignId, ...where }, orderBy: { position: 'asc' } });

const requestsOf = ({ clientId }: Agency): RecordedRequest[] =>
  engine.requests.filter((request) => request.clientId === clientId);

const inSydney = (at: Date): DateTime => DateTime.fromJSDate(at, { zone: 'Australia/Sydney' });

/** How many of these requests fall on each date in Sydney. */
function byDate(requests: readonly RecordedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { at } of requests) {
    const date = inSydney(at).toFormat('LL-dd');
    counts[date] = (counts[date] ?? 0) + 1;
  }
  return counts;
}

test('WARM, PACE-4: admission follows what the domain may send each day', () => {
  const first = requestsOf(paused).filter((request) => request.step === 1);
  expect(byDate(first)).toEqual({ '03-02': 10, '03-03': 14 });
});

test('TRUTH-4: nothing leaves and nothing stays booked while a campaign is paused', () => {
  const inPause = requestsOf(paused).filter(({ at }) => at > new Date(wednesday13) && at < new Date(tenDaysLater));
  expect(inPause).toEqual([]);
  expect(seenInPause).toMatchObject({ status: { state: 'paused', admitted: 24, nextAdmissionAt: null }, booked: 0 });
});

test('TRUTH-4: after the resumption every lead completes, each step once', async () => {
  const enrollments = await enrollmentsOf(paused);
  expect(new Set(enrollments.map((enrollment) => enrollment.status))).toEqual(new Set(['completed']));
  const sent = requestsOf(paused);
  expect(sent).toHaveLength(24 * 5);
  expect(new Set(sent.map((request) => `${request.enrollmentId} ${request.step}`)).size).toBe(24 * 5);
});

test('TRUTH-4, TIME-1, TIME-6, LIM: the resumption brings no burst', () => {
  const after = requestsOf(paused).filter(({ at }) => at > new Date(tenDaysLater));
  for (const { at } of after) {
    const local = inSydney(at);
    expect([local.weekday <= 5, local.hour >= 9, local.hour < 11]).toEqual([true, true, true]);
  }
  // Each lead goes on where it was, one touch at a time and two days apart: twenty invitations a day at most.
  const linkedin = Object.values(byDate(after.filter((request) => request.channel === 'linkedin')));
  expect(Math.max(...linkedin)).toBe(20);
  for (const [enrollmentId, dates] of datesByLead(after)) {
    const gaps = dates.slice(1).map((date, i) => date.diff(dates[i] ?? date, 'days').days);
    expect([enrollmentId, Math.min(...gaps) >= 2]).toEqual([enrollmentId, true]);
  }
});

function datesByLead(requests: readonly RecordedRequest[]): Map<string, DateTime[]> {
  const dates = new Map<string, DateTime[]>();
  for (const { enrollmentId, at } of requests) {
    dates.set(enrollmentId, [...(dates.get(enrollmentId) ?? []), inSydney(at).startOf('day')]);
  }
  return dates;
}

test('TIME-6: two touches of one sender are at least two minutes apart', () => {
  const last = new Map<string, Date>();
  for (const { resource, at } of engine.requests) {
    const before = last.get(resource);
    if (before !== undefined) expect(at.getTime() - before.getTime()).toBeGreaterThanOrEqual(120_000);
    last.set(resource, at);
  }
});

test('CTL-3: a completed campaign ends at once and sends nothing more', async () => {
  expect(byDate(requestsOf(completed))).toEqual({ '03-02': 5, '03-03': 5 });
  expect(completedAtOnce).toEqual(Array(12).fill('stopped campaign completed'));
  expect(await handleOf(completed).result()).toEqual({ admitted: 10 });
  const again = { clientId: completed.clientId, id: completed.campaignId };
  expect(await moveCampaign(engine.database, again, 'resume', new Date(tuesday13))).toMatchObject({ moved: false });
});

test('LIM-6: counters and holds agree at the end, and nothing stays booked', async () => {
  const { counters, holds } = await countersAndHolds(engine.database);
  expect(counters).toEqual(holds);
  expect(await engine.database.capacityHold.count({ where: { state: 'booked' } })).toBe(0);
});
