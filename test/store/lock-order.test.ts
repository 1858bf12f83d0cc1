import { randomUUID } from 'node:crypto';
import { bookTouch } from '../../store/capacity/book';
import { moveCampaign } from '../../store/campaigns/campaigns';
import { CampaignCompleted } from '../../store/campaigns/moves-lock';
import { transact, type Database } from '../../store/database';
import { admitWithoutBooking } from '../../store/enrollments/admission';
import { eraseLead } from '../../store/leads/lead-control';
import { importLeads } from '../../store/leads/lead-import';
import { createTestDatabase } from '../support/database';
import { somebodyWaits } from '../support/locks';
import {
  type Agency,
  bookingOf,
  campaignOf,
  countersAndHolds,
  createAgency,
  createLeads,
  draftOf,
  monday,
  secretKey,
  anyNumber,
} from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase(20));
});
afterAll(() => drop());
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

const otherCampaign = async ({ clientId }: Agency): Promise<string> => {
  const data = { clientId, name: 'Other', targeting: {}, status: 'active', activatedAt: monday } as const;
  return (await database.campaign.create({ data })).id;
};
const leadOf = async (enrollmentId: string) =>
  (await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId }, include: { lead: true } })).lead;

describe('TRUTH-4: a move goes before the bookings that come after it', () => {
  test('a pause does not wait until everything is booked', async () => {
    const agency = await createAgency(database, { mailboxes: 10 });
    const waiting = await createLeads(database, agency, 500);
    const kinds: string[] = [];
    const book = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        kinds.push((await bookTouch(database.sql, bookingOf(agency, id, 'email'))).kind);
      }
    };
    const bookings = Promise.all(Array.from({ length: 16 }, book));
    while (kinds.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    await moveCampaign(database, campaignOf(agency), 'pause', monday);
    const booked = kinds.filter((kind) => kind === 'booked').length;
    await bookings;
    // Those that were under way were waited for; the others came too late.
    expect(booked).toBeLessThan(400);
    expect(kinds.filter((kind) => kind === 'closed').length).toBeGreaterThan(100);
    expect(await database.touch.count({ where: { campaignId: agency.campaignId, slotAt: { not: null } } })).toBe(0);
  });
});

const targetOf = ({ clientId }: Agency, campaignId: string) => ({
  campaignId,
  client: { id: clientId, timezone: 'Australia/Sydney', country: 'AU' },
  secretKey,
  now: monday,
});

describe('an import', () => {
  test('into a campaign that is completed by now enrolls nobody, who would wait for ever', async () => {
    const agency = await createAgency(database);
    await moveCampaign(database, campaignOf(agency), 'complete', monday);
    const drafts = [[draftOf('late@acme.example')]];
    await expect(importLeads(database, targetOf(agency, agency.campaignId), drafts)).rejects.toThrow(CampaignCompleted);
    expect(await database.enrollment.count({ where: { campaignId: agency.campaignId } })).toBe(0);
  });

  test('takes known leads in the order in which an event about both does: neither waits for the other', async () => {
    const agency = await createAgency(database);
    const ids = await createLeads(database, agency, 2);
    const leads = (await Promise.all(ids.map(leadOf))).sort((a, b) => (a.id < b.id ? -1 : 1));
    const target = targetOf(agency, await otherCampaign(agency));
    const drafts = [[...leads].reverse().map(({ email }) => draftOf(email))];
    let importing: Promise<unknown> = Promise.resolve();
    await transact(database, async (sql) => {
      await sql`SELECT 1 FROM lead WHERE id = ${leads[0]?.id}::uuid FOR NO KEY UPDATE`;
      importing = importLeads(database, target, drafts);
      await somebodyWaits(database);
      await sql`SELECT 1 FROM lead WHERE id = ${leads[1]?.id}::uuid FOR NO KEY UPDATE`;
    });
    expect(await importing).toMatchObject({ imported: 2 });
  });
});

test('SEQ-8: of two campaigns that admit one lead, the second finds it taken', async () => {
  const agency = await createAgency(database);
  const [id = ''] = await createLeads(database, agency, 1, 'waiting');
  const { clientId, id: leadId } = await leadOf(id);
  const campaignId = await otherCampaign(agency);
  const other = await database.enrollment.create({ data: { clientId, campaignId, leadId } });
  let second: ReturnType<typeof admitWithoutBooking> | undefined;
  await transact(database, async (sql) => {
    expect((await bookTouch(sql, bookingOf(agency, id, 'email', { admit: anyNumber }))).kind).toBe('booked');
    second = admitWithoutBooking(database.sql, other.id, { day0: null, allowance: anyNumber }, monday);
    await somebodyWaits(database);
  });
  expect(await second).toEqual({ kind: 'not now' });
  expect((await database.enrollment.findUniqueOrThrow({ where: { id: other.id } })).status).toBe('waiting');
});

test('an event that names a lead while it is erased keeps nothing of it, and neither waits for the other', async () => {
  const agency = await createAgency(database);
  const [id = ''] = await createLeads(database, agency, 1);
  const { clientId, id: leadId } = await leadOf(id);
  const eventId = randomUUID();
  let erasing: Promise<unknown> = Promise.resolve();
  await transact(database, async (sql) => {
    // As an event is stored: whom it is about first, then the lead's lock.
    await sql`
      INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, payload)
      VALUES (${eventId}::uuid, 'mail', ${eventId}, 'reply', ${monday}, ${monday}, '{"text": "personal"}')`;
    await sql`INSERT INTO event_subject (event_id, client_id, lead_id) VALUES (${eventId}::uuid, ${clientId}::uuid, ${leadId}::uuid)`;
    erasing = eraseLead(database, secretKey, { clientId, leadId }, monday);
    await somebodyWaits(database);
    await sql`SELECT 1 FROM lead WHERE id = ${leadId}::uuid FOR NO KEY UPDATE`;
  });
  await erasing;
  expect((await database.inboundEvent.findUniqueOrThrow({ where: { id: eventId } })).payload).toEqual({});
});

test('LIM-2: the last second of a window holds no slot', async () => {
  const agency = await createAgency(database);
  const [id = ''] = await createLeads(database, agency, 1);
  const [from, to] = [new Date('2026-03-03T05:59:59.400Z'), new Date('2026-03-03T06:00:00Z')];
  const segments = [{ day: '2026-03-03', from, to }];
  expect(await bookTouch(database.sql, bookingOf(agency, id, 'email', { segments }))).toEqual({ kind: 'full' });
});
