import { localDate } from '../../domain/calendar/local-date';
import type { SendOutcome } from '../../providers/ports';
import type { Database } from '../../store/database';
import { tryAgainNow } from '../../store/senders/outages';
import { readSender } from '../../store/senders/senders';
import { countersAndHolds, createAgency, createLeads, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, expectDelivery, type EngineByHand, type PlannedDelivery } from './engine-by-hand';

const refused: SendOutcome = { kind: 'rejected', retry: 'later', error: 'connection_refused', down: true };
const minute = 60_000;
const zone = 'Australia/Sydney';
/** Tuesday 2026-03-03, 09:00 and 11:00 in Sydney. */
const opens = new Date('2026-03-02T22:00:00Z').getTime();
const closes = opens + 120 * minute;

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

interface Outage {
  agency: Agency;
  engine: EngineByHand;
  /** What the provider answers now; undefined: it accepts. */
  answer: SendOutcome | undefined;
  mailbox(): Promise<NonNullable<Awaited<ReturnType<typeof readSender>>>>;
}

async function agencyWithOutage(mailboxes = 1): Promise<Outage> {
  const agency = await createAgency(database, { mailboxes });
  const outage: Outage = {
    agency,
    engine: engineByHand(database, { onSend: () => outage.answer }),
    answer: refused,
    async mailbox() {
      const of = { clientId: agency.clientId, kind: 'mailbox', id: agency.mailboxIds[0] ?? '' } as const;
      const row = await readSender(database, of);
      if (row === null) throw new Error('no mailbox');
      return row;
    },
  };
  return outage;
}

/** Leads with their next delivery, which the test plays through in the order of their slots, as their workflows would. */
async function walk(
  { engine }: Outage,
  due: Map<string, PlannedDelivery>,
  until: number,
): Promise<Map<string, number>> {
  const rounds = new Map<string, number>();
  for (;;) {
    const [next] = [...due].sort(([, a], [, b]) => a.wakeAt - b.wakeAt);
    if (next === undefined || next[1].wakeAt >= until) return rounds;
    const [enrollmentId, touch] = next;
    rounds.set(enrollmentId, (rounds.get(enrollmentId) ?? 0) + 1);
    const answer = await engine.deliver(enrollmentId, touch);
    if (answer.kind === 'deliver' && answer.step === 1) due.set(enrollmentId, answer);
    else due.delete(enrollmentId);
  }
}

async function planned({ engine, agency }: Outage, count: number): Promise<Map<string, PlannedDelivery>> {
  const due = new Map<string, PlannedDelivery>();
  for (const id of await createLeads(database, agency, count)) due.set(id, await engine.prepare(id));
  return due;
}

const statuses = async (agency: Agency) => {
  const touches = await database.touch.findMany({ where: { clientId: agency.clientId, step: 1 } });
  return touches.map(({ status }) => status);
};
const alertsOf = ({ agency: { clientId } }: Outage) =>
  database.alert.findMany({ where: { clientId, kind: 'provider_down' } });

test('three failures in a row, and nothing is sent until its time; one touch tries; success lets all others through', async () => {
  const outage = await agencyWithOutage();
  const { engine, agency } = outage;
  const due = await planned(outage, 8);
  const start = Math.min(...[...due.values()].map(({ wakeAt }) => wakeAt));
  await walk(outage, due, start + 60 * minute);
  const { outages } = await outage.mailbox();
  const tried = engine.requests.length;
  expect(tried).toBeGreaterThanOrEqual(3);
  expect(outages).toMatchObject([{ channel: 'email', provider: 'smtp', error: 'connection_refused', failures: tried }]);
  expect(await alertsOf(outage)).toMatchObject([{ resourceId: agency.mailboxIds[0], resolvedAt: null }]);

  // Whoever comes before its time is not sent, and comes back in its next window, with the reason in its timeline.
  const [{ since, retryAt } = { since: start, retryAt: new Date() }] = outages;
  const [waits] = await planned(outage, 1);
  if (waits === undefined) throw new Error('nobody waits');
  const [enrollmentId, touch] = waits;
  expect(touch.wakeAt).toBeGreaterThanOrEqual(retryAt.getTime());
  expect(localDate(new Date(touch.wakeAt), zone)).not.toBe('2026-03-03');
  const told = await database.timelineEntry.findFirstOrThrow({ where: { enrollmentId, what: 'planned' } });
  expect(told.numbers).toMatchObject({ sendersBackAt: expect.any(String) });
  expect(new Date(since).getTime()).toBeLessThan(retryAt.getTime());

  // The next day it is back: the first touch closes the outage, and all leave.
  outage.answer = undefined;
  due.set(enrollmentId, touch);
  await walk(outage, due, opens + 10 * 1_440 * minute);
  expect((await outage.mailbox()).outages).toEqual([]);
  expect(await statuses(agency)).toEqual(Array(9).fill('sent'));
  expect(engine.requests.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(9);
  expect((await alertsOf(outage)).every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
});

test('whoever meets an outage is not sent, keeps nothing booked, and comes back in its next window, with the reason', async () => {
  const outage = await agencyWithOutage();
  const [[enrollmentId, touch] = ['', expectDelivery({ kind: 'wait', wakeAt: null, label: '' })]] = [
    ...(await planned(outage, 1)),
  ];
  const since = new Date(touch.wakeAt - 5 * minute);
  const retryAt = new Date(touch.wakeAt + 1);
  await database.senderChannel.updateMany({
    where: { clientId: outage.agency.clientId, channel: 'email' },
    data: { failures: 3, failure: 'timed_out', downSince: since, retryAt },
  });
  const next = expectDelivery(await outage.engine.deliver(enrollmentId, touch));
  expect(outage.engine.requests).toEqual([]);
  expect([next.touchId, next.step]).toEqual([touch.touchId, 1]);
  expect(next.wakeAt).toBeGreaterThanOrEqual(closes);
  const told = await database.timelineEntry.findFirstOrThrow({ where: { enrollmentId, what: 'delayed' } });
  expect(told).toMatchObject({ reason: 'smtp does not answer: timed_out', rule: 'SEQ-7' });
  const numbers = { error: 'timed_out', failures: 3, since: since.toISOString(), retryAt: retryAt.toISOString() };
  expect(told.numbers).toEqual(numbers);
});

test('a morning without the provider loses no step, and wakes no lead more than a few times', async () => {
  const outage = await agencyWithOutage(3);
  const due = await planned(outage, 40);
  const first = new Map(due);
  const rounds = await walk(outage, due, closes);
  outage.answer = undefined;
  const tried = outage.engine.requests.length;
  // Without the outage each of these would have been tried again and again, all morning.
  expect(tried).toBeLessThan(40);
  expect(Math.max(...rounds.values())).toBeLessThanOrEqual(5);
  expect([...rounds.values()].reduce((sum, n) => sum + n, 0) / first.size).toBeLessThanOrEqual(2);
  await walk(outage, due, opens + 20 * 1_440 * minute);
  expect(await statuses(outage.agency)).toEqual(Array(40).fill('sent'));
  // At most once each, whatever was tried before.
  const accepted = outage.engine.requests.filter(({ outcome }) => outcome === 'accepted');
  expect(new Set(accepted.map(({ touchId }) => touchId)).size).toBe(40);
  expect(accepted).toHaveLength(40);
}, 120_000);

test('a provider that is down for weeks: leads wait, nothing is skipped, and each is woken about once a day', async () => {
  const outage = await agencyWithOutage();
  const due = await planned(outage, 4);
  const days = 14;
  const rounds = await walk(outage, due, opens + days * 1_440 * minute);
  expect(due.size).toBe(4);
  expect(await statuses(outage.agency)).toEqual(Array(4).fill('planned'));
  for (const count of rounds.values()) expect(count).toBeLessThanOrEqual(days + 3);
  expect(await alertsOf(outage)).toHaveLength(1);
}, 60_000);

test('no answer counts like a refused connection, so an outage leaves few touches uncertain', async () => {
  const outage = await agencyWithOutage();
  outage.answer = { kind: 'unknown', error: 'http_503' };
  const due = await planned(outage, 12);
  await walk(outage, due, closes);
  const uncertain = (await statuses(outage.agency)).filter((status) => status === 'uncertain').length;
  expect(uncertain).toBeGreaterThanOrEqual(3);
  expect(uncertain).toBeLessThan(9);
});

test.each<[string, SendOutcome]>([
  ['a recipient that is refused', { kind: 'rejected', retry: 'never', error: 'recipient_refused' }],
  ['a throttle', { kind: 'rejected', retry: 'later', error: 'rate_limited' }],
  ['one that is put off', { kind: 'rejected', retry: 'later', error: 'deferred', aboutTouch: true }],
])('%s is an answer: the count begins anew', async (_name, answer) => {
  const outage = await agencyWithOutage();
  const due = [...(await planned(outage, 5))].sort(([, a], [, b]) => a.wakeAt - b.wakeAt);
  const failures = async (): Promise<number> => {
    const where = { senderId: outage.agency.mailboxIds[0] ?? '', channel: 'email' };
    return (await database.senderChannel.findFirstOrThrow({ where })).failures;
  };
  const counted: number[] = [];
  for (const [index, said] of [refused, refused, answer, refused, refused].entries()) {
    const [enrollmentId, touch] = due[index] ?? ['', expectDelivery({ kind: 'wait', wakeAt: null, label: '' })];
    outage.answer = said;
    await outage.engine.deliver(enrollmentId, touch);
    counted.push(await failures());
  }
  expect(counted).toEqual([1, 2, 0, 1, 2]);
  expect((await outage.mailbox()).outages).toEqual([]);
});

test('another mailbox that is answered takes over; who says that it is back has it tried at once', async () => {
  const outage = await agencyWithOutage(2);
  const { agency } = outage;
  const [down = '', fine = ''] = agency.mailboxIds;
  const since = new Date(opens - 30 * minute);
  await database.senderChannel.updateMany({
    where: { senderId: down },
    data: { failures: 3, failure: 'timed_out', downSince: since, retryAt: new Date(opens + 600 * minute) },
  });
  for (const [enrollmentId] of await planned(outage, 3)) {
    const touch = await database.touch.findFirstOrThrow({ where: { enrollmentId } });
    expect(touch.senderId).toBe(fine);
  }
  await tryAgainNow(database.sql, { clientId: (await createAgency(database)).clientId, senderId: down }, since);
  expect((await outage.mailbox()).outages[0]?.retryAt.getTime()).toBe(opens + 600 * minute);
  await tryAgainNow(database.sql, { clientId: agency.clientId, senderId: down }, since);
  expect((await outage.mailbox()).outages[0]?.retryAt.getTime()).toBeLessThan(opens);
});
