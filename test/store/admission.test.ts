import { admitWithoutBooking } from '../../store/enrollments/admission';
import type { Database } from '../../store/database';
import { dateText } from '../../store/dates';
import { createTestDatabase } from '../support/database';
import { createAgency, createLeads, monday } from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** Clients without e-mail begin on day 3, so their leads are admitted before anything is booked (SEQ-1, SEQ-6). */
describe('a lead whose first touch is not today’s', () => {
  const waiting = async () => {
    const agency = await createAgency(database);
    const [enrollmentId = ''] = await createLeads(database, agency, 1, 'waiting');
    return enrollmentId;
  };

  test.each([
    ['begins today', '2026-03-02'],
    ['has no first day yet', null],
  ])('is admitted once: it %s', async (_, day0) => {
    const enrollmentId = await waiting();
    const outboxId = await admitWithoutBooking(database.sql, enrollmentId, day0, monday);
    expect(outboxId).not.toBeNull();
    const row = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    expect(row).toMatchObject({ status: 'active', admittedAt: monday });
    expect(row.day0 === null ? null : dateText(row.day0)).toBe(day0);
    expect(await database.outbox.count({ where: { subjectId: enrollmentId, kind: 'startLead' } })).toBe(1);
    expect(await admitWithoutBooking(database.sql, enrollmentId, day0, monday)).toBeNull();
  });

  test('stays where it is while the person is in another active sequence (SEQ-8)', async () => {
    const enrollmentId = await waiting();
    const { leadId, clientId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    const campaign = await database.campaign.create({
      data: { clientId, name: 'Other', targeting: {}, status: 'active', activatedAt: monday },
    });
    await database.enrollment.create({
      data: { clientId, campaignId: campaign.id, leadId, status: 'active', admittedAt: monday },
    });
    expect(await admitWithoutBooking(database.sql, enrollmentId, '2026-03-02', monday)).toBeNull();
    const row = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    expect(row).toMatchObject({ status: 'waiting', day0: null });
  });
});
