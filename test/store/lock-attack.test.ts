import { recordEvent } from '../../store/events/record-event';
import { bookTouch } from '../../store/capacity/book';
import type { Database } from '../../store/database';
import { eraseLead, stopSuppressed } from '../../store/leads/lead-control';
import { claimForSending } from '../../store/touches/claims';
import { finishSending, planAgain } from '../../store/touches/outcomes';
import { eventOf } from '../events/provider-events';
import { createTestDatabase } from '../support/database';
import { bookingOf, countersAndHolds, createAgency, createLeads, monday, secretKey } from './fixtures';

// Two clients that know the same people, by their numbers, and everything that locks, at once.
const leadsOfEach = 300;
const peopleOfEach = 100;
const callersAtOnce = 16;

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase(callersAtOnce));
});
afterAll(() => drop());

/** The server's own count: also of those that were done again and came right. */
async function deadlocks(): Promise<number> {
  await database.sql`SELECT pg_stat_force_next_flush()`;
  const [row] = await database.sql<{ count: number }>`
    SELECT deadlocks AS count FROM pg_stat_database WHERE datname = current_database()`;
  return row?.count ?? -1;
}

const because = { reason: 'x', rule: 'TRUTH-1', numbers: {} };

/** Everything that may happen to one lead. The order is drawn anew for each. */
function happenings(of: { clientId: string; leadId: string; enrollmentId: string; touchId: string; mobile: string }) {
  const { touchId, enrollmentId, mobile } = of;
  const event = (kind: 'unsubscribe' | 'delivered' | 'hardBounce' | 'reply', about: object) => () =>
    recordEvent(database, eventOf(kind, { occurredAt: monday, ...about }), secretKey, monday);
  const claim = async (): Promise<void> => {
    const { slotAt } = await database.touch.findUniqueOrThrow({ where: { id: touchId } });
    const now = slotAt ?? monday;
    const claimed = await claimForSending(database, { enrollmentId, touchId }, secretKey, {
      clock: { now: () => Promise.resolve(now) },
    });
    if (claimed.kind !== 'claimed') return;
    if (Math.random() < 0.3) return planAgain(database, claimed.touch, because, now);
    await finishSending(database, claimed.touch, { status: 'uncertain', reference: null, because }, now);
  };
  return [
    claim,
    () => eraseLead(database, secretKey, of, monday),
    () => stopSuppressed(database, { clientId: of.clientId, kind: 'phone', value: mobile }, monday),
    event('unsubscribe', { touchId }),
    event('unsubscribe', { person: { phone: mobile } }),
    event('reply', { person: { phone: mobile } }),
    event('hardBounce', { touchId }),
    event('delivered', { touchId }),
  ];
}

test('erasures, opt-outs, late confirmations, bounces and claims at once: nobody waits for each other', async () => {
  const work: (() => Promise<unknown>)[] = [];
  for (const agency of [
    await createAgency(database, { mailboxes: 3 }),
    await createAgency(database, { mailboxes: 3 }),
  ]) {
    for (const enrollmentId of await createLeads(database, agency, leadsOfEach)) {
      const booked = await bookTouch(database.sql, bookingOf(agency, enrollmentId, 'email'));
      if (booked.kind !== 'booked') throw new Error(booked.kind);
      const { lead } = await database.enrollment.findUniqueOrThrow({
        where: { id: enrollmentId },
        include: { lead: true },
      });
      const { clientId, id: leadId, mobile } = lead;
      work.push(...happenings({ clientId, leadId, enrollmentId, touchId: booked.touchId, mobile: mobile ?? '' }));
    }
  }
  expect(new Set((await database.lead.findMany()).map(({ mobile }) => mobile)).size).toBe(peopleOfEach);
  const shuffled = work
    .map((one) => ({ one, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
  const before = await deadlocks();
  const call = async (): Promise<void> => {
    for (let next = shuffled.pop(); next !== undefined; next = shuffled.pop()) await next();
  };
  await Promise.all(Array.from({ length: callersAtOnce }, call));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await deadlocks()) - before).toBe(0);
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
}, 240_000);
