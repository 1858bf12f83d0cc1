import { SourceUnavailable } from '../../providers/ports';
import type { Database } from '../../store/database';
import { adjustCredits, presentCredits } from '../../store/tenants/credits';
import { createAgency, createLeads, monday, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { admitByHand } from './admit-by-hand';
import { directoryOf, personNr, type FakeDirectory } from './sources';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** 00:05 in Sydney on so many days after Monday 2026-03-02. */
const morning = (days: number): Date => new Date(Date.UTC(2026, 2, 1 + days, 13, 5));

const admitAt = ({ campaignId }: Agency, at: Date, { source, enrichment }: FakeDirectory) =>
  admitByHand(database, campaignId, at, { leadSources: [source], enrichment });

/** A campaign that is to admit so many a day, of a client whose month has 23 sending days. */
async function targeting(perDay: number): Promise<Agency> {
  const agency = await createAgency(database);
  await database.campaign.update({ where: { id: agency.campaignId }, data: { targeting: { titles: ['COO'] } } });
  const { remaining } = await presentCredits(database.sql, agency.clientId, monday);
  await adjustCredits(database, agency.clientId, { amount: 23 * perDay - remaining, reason: 'test' }, monday);
  return agency;
}

/** In Sydney: Perth keeps Labour Day on that Monday. */
const people = (count: number) =>
  directoryOf(Array.from({ length: count }, (_, nr) => personNr(nr, { city: 'Sydney', state: 'NSW' })));
const leadsOf = ({ clientId }: Agency) => database.lead.count({ where: { clientId } });

describe('PACE-2: a campaign without leads of its own', () => {
  test('finds what the next three days need, and admits the first of them at once', async () => {
    const agency = await targeting(4);
    const directory = people(60);
    expect((await admitAt(agency, morning(0), directory)).admitted).toBe(4);
    expect(await leadsOf(agency)).toBe(12);
    await admitAt(agency, morning(0), directory);
    expect(await leadsOf(agency)).toBe(12);
    await admitAt(agency, morning(1), directory);
    expect(await leadsOf(agency)).toBe(16);
  });

  test('buys no more in a day than that, whatever becomes of them', async () => {
    const agency = await targeting(4);
    await admitAt(agency, morning(0), people(60));
    for (let look = 0; look < 3; look += 1) {
      const ended = { status: 'stopped', stopReason: 'x', stopRule: 'ACC-1', finishedAt: morning(0) } as const;
      await database.enrollment.updateMany({ where: { clientId: agency.clientId, status: 'waiting' }, data: ended });
      await admitAt(agency, morning(0), people(60));
    }
    expect(await leadsOf(agency)).toBe(12);
  });

  test('takes the whole day beside campaigns that have nobody waiting', async () => {
    const agency = await targeting(4);
    const idle = { clientId: agency.clientId, name: 'Idle', targeting: {}, status: 'active' as const };
    const { id: campaignId } = await database.campaign.create({
      data: { ...idle, activatedAt: new Date('2026-03-01') },
    });
    await createLeads(database, { ...agency, campaignId }, 1);
    // Long ago.
    await database.enrollment.updateMany({ where: { campaignId }, data: { admittedAt: new Date('2026-02-02') } });
    expect((await admitAt(agency, morning(0), people(60))).admitted).toBe(4);
  });

  test('never looks for more than there are credits for', async () => {
    const agency = await targeting(1);
    await adjustCredits(database, agency.clientId, { amount: -21, reason: 'test' }, monday);
    await admitAt(agency, morning(0), people(60));
    expect(await leadsOf(agency)).toBe(2);
  });

  test('looks for nobody on a day that admits nobody', async () => {
    const agency = await targeting(4);
    await admitAt(agency, morning(5), people(60));
    expect(await leadsOf(agency)).toBe(0);
  });

  test('a campaign that was brought leads is not given others', async () => {
    const agency = await targeting(4);
    await createLeads(database, agency, 1, 'waiting');
    await admitAt(agency, morning(0), people(60));
    expect(await leadsOf(agency)).toBe(1);
  });

  test('a source that refuses keeps nobody from being admitted, and is an alert', async () => {
    const agency = await targeting(4);
    await admitAt(agency, morning(0), people(60));
    const broken = people(0);
    const refusing = {
      ...broken,
      source: {
        ...broken.source,
        search: () => Promise.reject(new SourceUnavailable('apollo', 'refused', { retry: 'never' })),
      },
    };
    expect((await admitAt(agency, morning(1), refusing)).admitted).toBe(4);
    const alerts = await database.alert.findMany({ where: { clientId: agency.clientId } });
    expect(alerts.map(({ kind }) => kind)).toContain('sourcing');
  });

  test('it completes when its search is exhausted and everybody is done, not before', async () => {
    const agency = await targeting(4);
    await admitAt(agency, morning(0), people(4));
    const { clientId } = agency;
    await database.touch.updateMany({
      where: { clientId },
      data: { status: 'cancelled', slotAt: null, reason: 'x', rule: 'SEQ-1' },
    });
    await database.enrollment.updateMany({
      where: { clientId },
      data: { status: 'completed', finishedAt: morning(0) },
    });
    await database.leadSearch.updateMany({ where: { clientId }, data: { exhaustedAt: null } });
    const refusing = people(0);
    const idle = {
      ...refusing,
      source: {
        ...refusing.source,
        search: () =>
          Promise.reject(new SourceUnavailable('apollo', 'busy', { retry: 'later', retryAfterSeconds: 60 })),
      },
    };
    expect((await admitAt(agency, morning(1), idle)).state).toBe('active');
    expect((await admitAt(agency, morning(2), people(4))).state).toBe('completed');
  });
});
