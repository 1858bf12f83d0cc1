import { admissionCandidates, admitWithoutBooking } from '../../store/enrollments/admission';
import type { Database } from '../../store/database';
import { dateText } from '../../store/dates';
import { importLeads } from '../../store/leads/lead-import';
import type { LeadDraft } from '../../store/leads/lead-draft';
import { createTestDatabase } from '../support/database';
import { anyNumber, createAgency, createLeads, draftOf, monday, secretKey } from './fixtures';

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
    const admission = await admitWithoutBooking(database.sql, enrollmentId, { day0, allowance: anyNumber }, monday);
    expect(admission.kind).toBe('admitted');
    const row = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    expect(row).toMatchObject({ status: 'active', admittedAt: monday });
    expect(row.day0 === null ? null : dateText(row.day0)).toBe(day0);
    expect(await database.outbox.count({ where: { subjectId: enrollmentId, kind: 'startLead' } })).toBe(1);
    expect(await admitWithoutBooking(database.sql, enrollmentId, { day0, allowance: anyNumber }, monday)).toEqual({
      kind: 'not now',
    });
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
    expect(
      await admitWithoutBooking(database.sql, enrollmentId, { day0: '2026-03-02', allowance: anyNumber }, monday),
    ).toEqual({ kind: 'not now' });
    const row = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
    expect(row).toMatchObject({ status: 'waiting', day0: null });
  });
});

describe('ACC-2: the order of admission', () => {
  const draft = (row: number, name: string, score: number | null): LeadDraft =>
    draftOf(`${name}@acme.example`, { row, score });

  async function agencyWith(drafts: LeadDraft[]) {
    const agency = await createAgency(database);
    const client = { id: agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
    const bring = async (campaignId: string, rows: LeadDraft[], now: Date) =>
      importLeads(database, { campaignId, client, secretKey, now }, [rows]);
    await bring(agency.campaignId, drafts, monday);
    return { agency, bring };
  }
  const names = async (campaignId: string, atOnce = 25) => {
    const found: string[] = [];
    let last = null;
    for (;;) {
      const passed = { calendars: [], reaches: [], last };
      const candidates = await admissionCandidates(database.sql, campaignId, passed, atOnce);
      if (candidates.length === 0) return found;
      for (const candidate of candidates) {
        const row = await database.enrollment.findUniqueOrThrow({
          where: { id: candidate.enrollmentId },
          include: { lead: true },
        });
        found.push(row.lead.email.split('@')[0] ?? '');
        last = candidate;
      }
    }
  };
  const leads = [draft(2, 'a', null), draft(3, 'b', 40), draft(4, 'c', 0), draft(5, 'd', 100), draft(6, 'e', 40)];

  test.each([1, 2, 25])('higher scores first, then the order of import, %i at a time', async (atOnce) => {
    const { agency } = await agencyWith(leads);
    expect(await names(agency.campaignId, atOnce)).toEqual(['d', 'b', 'e', 'c', 'a']);
  });

  test('a score that was missing moves the lead, wherever it waits', async () => {
    const { agency, bring } = await agencyWith(leads);
    const other = await database.campaign.create({
      data: { clientId: agency.clientId, name: 'Other', targeting: {}, status: 'active', activatedAt: monday },
    });
    const report = await bring(other.id, [draft(2, 'a', 70)], new Date(monday.getTime() + 1000));
    expect(report).toMatchObject({ imported: 1 });
    expect(await names(agency.campaignId)).toEqual(['d', 'a', 'b', 'e', 'c']);
    expect(await names(other.id)).toEqual(['a']);
  });
});
