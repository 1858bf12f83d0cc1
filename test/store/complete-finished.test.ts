import { completeIfFinished } from '../../store/campaigns/complete-finished';
import { moveCampaign, readCampaign } from '../../store/campaigns/campaigns';
import { bookTouch } from '../../store/capacity/book';
import type { Database } from '../../store/database';
import { finishEnrollment } from '../../store/enrollments/finish';
import { importLeads } from '../../store/leads/lead-import';
import { createTestDatabase } from '../support/database';
import { bookingOf, campaignOf, createAgency, createLeads, draftOf, monday, secretKey, type Agency } from './fixtures';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const hours = (count: number, after = monday): Date => new Date(after.getTime() + count * 3_600_000);
/** Five past midnight of Tuesday in Sydney: the next admission. */
const tuesday = new Date('2026-03-02T13:05:00Z');

const end = (agency: Agency, enrollmentId: string, status: 'completed' | 'stopped', at = monday) => {
  const because = { reason: status === 'stopped' ? 'reply' : 'every step is done', rule: 'SEQ-1', numbers: {} };
  return finishEnrollment(database, { enrollmentId, clientId: agency.clientId }, { status, because }, at);
};
/** An active campaign whose leads are all done: two completed, one stopped, all on Monday. */
async function finished(): Promise<Agency> {
  const agency = await createAgency(database);
  const ids = await createLeads(database, agency, 3);
  await database.enrollment.updateMany({ where: { id: { in: ids } }, data: { createdAt: monday } });
  for (const [index, id] of ids.entries()) await end(agency, id, index === 2 ? 'stopped' : 'completed');
  return agency;
}
const complete = (agency: Agency, at = tuesday) => completeIfFinished(database, agency.campaignId, at);
const statusOf = async (agency: Agency) =>
  (await database.campaign.findUniqueOrThrow({ where: { id: agency.campaignId } })).status;

describe('SEQ-1: a campaign whose leads are all done completes by itself', () => {
  test('on the next day, once, with a summary', async () => {
    const agency = await finished();
    const { clientId, campaignId } = agency;
    const [enrollment] = await database.enrollment.findMany({ where: { campaignId } });
    const touch = { clientId, campaignId, enrollmentId: enrollment?.id ?? '' };
    await database.touch.create({
      data: {
        ...touch,
        step: 1,
        channel: 'email',
        status: 'sent',
        senderId: agency.mailboxIds[0] ?? '',
        claimedAt: monday,
        sentAt: monday,
        sentOn: monday,
        fence: 1,
      },
    });
    await database.touch.create({
      data: { ...touch, step: 2, channel: 'voice', status: 'skipped', reason: 'x', rule: 'x' },
    });
    expect([await complete(agency), await complete(agency)]).toEqual([true, false]);
    expect(await readCampaign(database, clientId, campaignId)).toMatchObject({
      status: 'completed',
      completedAt: tuesday,
      summary: {
        leads: { completed: 2, stopped: 1 },
        stops: { reply: 1 },
        sent: [{ step: 1, channel: 'email', count: 1 }],
        skipped: 1,
      },
    });
  });

  test('eight at once complete it once', async () => {
    const agency = await finished();
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(agency)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test('not on the day of the last lead', async () => {
    const agency = await finished();
    expect(await complete(agency, hours(1))).toBe(false);
    expect(await complete(agency, new Date('2026-03-02T12:59:59Z'))).toBe(false);
    expect(await complete(agency, new Date('2026-03-02T13:00:00Z'))).toBe(true);
  });

  test.each<[string, (agency: Agency) => Promise<unknown>]>([
    ['while a lead waits', (agency) => createLeads(database, agency, 1, 'waiting')],
    ['while a lead is under way', (agency) => createLeads(database, agency, 1, 'active')],
    ['when it is paused', (agency) => moveCampaign(database, campaignOf(agency), 'pause', monday)],
    [
      'when it was activated a moment ago',
      ({ campaignId: id }) => database.campaign.update({ where: { id }, data: { activatedAt: tuesday } }),
    ],
    [
      'when leads came a moment ago, though they have ended already',
      async (agency) => {
        const [id = ''] = await createLeads(database, agency, 1, 'waiting');
        await database.enrollment.update({ where: { id }, data: { createdAt: tuesday } });
        await end(agency, id, 'stopped', monday);
      },
    ],
  ])('not %s', async (_, change) => {
    const agency = await finished();
    await change(agency);
    const before = await statusOf(agency);
    expect(await complete(agency)).toBe(false);
    expect(await statusOf(agency)).toBe(before);
  });

  test('not before a first lead has come', async () => {
    const agency = await createAgency(database);
    expect(await complete(agency, hours(24 * 365))).toBe(false);
  });

  test('a campaign that is not there is not completed', async () => {
    const agency = await createAgency(database);
    expect(await completeIfFinished(database, agency.clientId, tuesday)).toBe(false);
  });

  test('beside an import: either the lead is in and the campaign goes on, or it is refused', async () => {
    for (let round = 0; round < 8; round += 1) {
      const agency = await finished();
      const client = { id: agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
      const target = { campaignId: agency.campaignId, client, secretKey, now: tuesday };
      const [did, imported] = await Promise.all([
        complete(agency),
        importLeads(database, target, [[draftOf('late@acme.example')]]).then(
          (counts) => counts.imported,
          (error: Error) => error.name,
        ),
      ]);
      expect([true, false].map((each) => [each, each ? 'CampaignCompleted' : 1])).toContainEqual([did, imported]);
      const waiting = await database.enrollment.count({ where: { campaignId: agency.campaignId, status: 'waiting' } });
      expect(waiting).toBe(did ? 0 : 1);
    }
  });

  test('nothing is booked in it afterwards', async () => {
    const agency = await finished();
    await complete(agency);
    const [id = ''] = await createLeads(database, agency, 1, 'active');
    expect((await bookTouch(database.sql, bookingOf(agency, id, 'email'))).kind).toBe('closed');
  });
});
