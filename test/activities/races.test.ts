import type { ReportedEventKind } from '../../providers/ports';
import { moveCampaign } from '../../store/campaigns/campaigns';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, createAgency, createLeads, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, type EngineByHand, type PlannedDelivery } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase(24));
  // Both happen under the enrollment's lock, so the order of these rows is the order of the commits.
  await database.$executeRawUnsafe('CREATE TABLE order_of_commits (nr bigserial, enrollment_id uuid, what text)');
  await database.$executeRawUnsafe(`
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF TG_TABLE_NAME = 'touch' THEN
        INSERT INTO order_of_commits (enrollment_id, what) VALUES (NEW.enrollment_id, 'handed over');
      ELSE
        INSERT INTO order_of_commits (enrollment_id, what) VALUES (NEW.id, 'stopped');
      END IF;
      RETURN NULL;
    END $$`);
  await database.$executeRawUnsafe(`
    CREATE TRIGGER note_mark AFTER UPDATE ON touch FOR EACH ROW
    WHEN (OLD.handed_over_at IS NULL AND NEW.handed_over_at IS NOT NULL) EXECUTE FUNCTION note()`);
  await database.$executeRawUnsafe(`
    CREATE TRIGGER note_stop AFTER UPDATE ON enrollment FOR EACH ROW
    WHEN (OLD.status = 'active' AND NEW.status = 'stopped') EXECUTE FUNCTION note()`);
});
afterAll(() => drop());

interface Lead {
  engine: EngineByHand;
  enrollmentId: string;
  touch: PlannedDelivery;
  email: string;
}

/** Leads whose first touch is due; each with a clock of its own that stands at its slot. */
async function dueLeads(agency: Agency, count: number): Promise<Lead[]> {
  const enrollmentIds = await createLeads(database, agency, count);
  const prepareOne = async (enrollmentId: string): Promise<Lead> => {
    const engine = engineByHand(database);
    const touch = await engine.prepare(enrollmentId);
    engine.clock.set(touch.wakeAt);
    const include = { lead: { select: { email: true } } };
    const { lead } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId }, include });
    return { engine, enrollmentId, touch, email: lead.email };
  };
  const leads: Lead[] = [];
  for (let i = 0; i < count; i += 8) {
    leads.push(...(await Promise.all(enrollmentIds.slice(i, i + 8).map(prepareOne))));
  }
  return leads;
}

let races = 0;

/** Lets two things begin within milliseconds of each other; three of four times with a longer start for the first. */
async function atOnce(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<void> {
  const [waits, waitsToo] =
    [
      [0, 0],
      [0, 60],
      [0, 150],
      [0, 400],
    ][races++ % 4] ?? [];
  const after = (headStart = 0): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, headStart + Math.random() * 12));
  await Promise.all([after(waits).then(one), after(waitsToo).then(other)]);
}

async function expectSoundCapacity(): Promise<void> {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
  const unheld = await database.$queryRaw`
    SELECT t.id, t.status::text FROM touch t
    WHERE t.status IN ('sending', 'sent', 'uncertain')
      AND NOT EXISTS (SELECT 1 FROM capacity_hold h WHERE h.touch_id = t.id AND h.state = 'consumed')`;
  expect(unheld).toEqual([]);
}

test.each(['reply', 'unsubscribe'] as const)(
  'TRUTH-2: of the mark before the first byte and a stop by %s whichever commits first wins',
  async (kind: ReportedEventKind) => {
    const agency = await createAgency(database, { mailboxes: 4 });
    const leads = await dueLeads(agency, 80);
    const race = async ({ engine, enrollmentId, touch, email }: Lead): Promise<void> => {
      const now = await engine.clock.now();
      const event = eventOf(kind, { occurredAt: now, person: { email } });
      await atOnce(
        () => engine.deliverNow(enrollmentId, touch),
        () => recordEvent(database, event, secretKey, now),
      );
    };
    for (let i = 0; i < leads.length; i += 8) await Promise.all(leads.slice(i, i + 8).map(race));

    const notes = await database.$queryRaw<{ enrollment_id: string; what: string }[]>`
      SELECT enrollment_id, what FROM order_of_commits ORDER BY nr`;
    const outcomes = { sentFirst: 0, stoppedFirst: 0 };
    for (const { engine, enrollmentId, touch } of leads) {
      const order = notes.filter((note) => note.enrollment_id === enrollmentId).map((note) => note.what);
      const { status } = await database.touch.findUniqueOrThrow({ where: { id: touch.touchId } });
      const story = [order, engine.requests.length, status];
      if (order[0] === 'handed over') {
        expect(story).toEqual([['handed over', 'stopped'], 1, 'sent']);
        outcomes.sentFirst += 1;
      } else {
        expect(story).toEqual([['stopped'], 0, 'cancelled']);
        outcomes.stoppedFirst += 1;
      }
    }
    // Both orders were met, or this test would prove nothing.
    expect(outcomes.sentFirst).toBeGreaterThan(5);
    expect(outcomes.stoppedFirst).toBeGreaterThan(5);
    await expectSoundCapacity();
  },
  120_000,
);

test('TRUTH-4, LIM-6: a pause takes bookings back, and nothing from a touch that is just being sent', async () => {
  let sent = 0;
  let unbooked = 0;
  for (let round = 0; round < 12; round += 1) {
    const agency = await createAgency(database, { mailboxes: 2 });
    const leads = await dueLeads(agency, 8);
    const now = new Date(leads[0]?.touch.wakeAt ?? 0);
    await atOnce(
      () => Promise.all(leads.map(({ engine, enrollmentId, touch }) => engine.deliverNow(enrollmentId, touch))),
      () => moveCampaign(database, { clientId: agency.clientId, id: agency.campaignId }, 'pause', now),
    );
    await expectSoundCapacity();
    for (const { engine, enrollmentId, touch } of leads) {
      const { status, slotAt } = await database.touch.findUniqueOrThrow({ where: { id: touch.touchId } });
      expect([status, engine.requests.length]).toEqual(status === 'sent' ? ['sent', 1] : ['planned', 0]);
      if (status === 'sent') sent += 1;
      else unbooked += 1;
      // A plan that was under way when the pause came may have booked once more; its slot comes to nothing.
      if (slotAt === null || status === 'sent') continue;
      engine.clock.set(slotAt);
      expect(await engine.deliverNow(enrollmentId, touch)).toMatchObject({ do: 'wait', wakeAt: null });
      expect(engine.requests).toEqual([]);
    }
    await expectSoundCapacity();
  }
  expect(sent).toBeGreaterThan(5);
  expect(unbooked).toBeGreaterThan(5);
}, 120_000);
