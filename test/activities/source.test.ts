import { sourceLeads } from '../../activities/source';
import { SourceUnavailable, type LeadSource, type PersonFacts } from '../../providers/ports';
import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../../store/database';
import { importLeads } from '../../store/leads/lead-import';
import { eraseLead } from '../../store/leads/lead-control';
import { addSuppression, type SuppressionKind } from '../../store/leads/suppressions';
import { createAgency, draftOf, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { manualClock } from './engine-by-hand';
import { busy, directoryOf, personNr, type FakeDirectory } from './sources';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;
const clock = manualClock(monday);

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(() => clock.set(monday));

const people = (count: number, facts: Partial<PersonFacts> = {}): PersonFacts[] =>
  Array.from({ length: count }, (_, nr) => personNr(nr, facts));

async function agencyWith(targeting: Prisma.InputJsonObject = { titles: ['COO'] }): Promise<Agency> {
  const agency = await createAgency(database);
  await target(agency, targeting);
  return agency;
}
const target = async (agency: Agency, targeting: Prisma.InputJsonObject): Promise<void> => {
  await database.campaign.update({ where: { id: agency.campaignId }, data: { targeting: targeting } });
};

function depsWith(directories: readonly (FakeDirectory | { source: LeadSource })[], enrichment: FakeDirectory | null) {
  const providers = {
    ...createRecordingProviders(database, clock, {}),
    leadSources: directories.map(({ source }) => source),
    enrichment: enrichment?.enrichment ?? null,
  };
  return { database, clock, providers, log: silentLog, secretKey };
}
const source = (agency: Agency, directory: FakeDirectory, wanted: number, requestKey = 'monday') =>
  sourceLeads(depsWith([directory], directory), { campaignId: agency.campaignId, wanted, requestKey }, () =>
    Promise.resolve(),
  );

const emailsOf = async ({ clientId }: Agency): Promise<string[]> => {
  const leads = await database.lead.findMany({ where: { clientId }, orderBy: { email: 'asc' } });
  return leads.map(({ email }) => email);
};
const outcomesOf = async ({ clientId }: Agency): Promise<Record<string, number>> => {
  const rows = await database.sourcedPerson.findMany({ where: { clientId } });
  const counts: Record<string, number> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
const matches = ({ asked }: FakeDirectory): number => asked.filter((one) => one.startsWith('match')).length;

describe('a campaign with targeting', () => {
  test('gets as many new leads as it wants, and pays for no more', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(40));
    expect(await source(agency, directory, 12)).toEqual({
      state: 'enough',
      imported: 12,
      credits: 12,
      retryAfterSeconds: null,
    });
    expect(await emailsOf(agency)).toHaveLength(12);
    expect(matches(directory)).toBe(12);
  });

  test('is given each lead whole: place, zone from its headquarters, and who told what and when', async () => {
    const agency = await agencyWith();
    await source(agency, directoryOf(people(1)), 1);
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({
      email: 'p0@acme0.example',
      title: 'COO',
      companySize: '51-200',
      industry: 'Logistics',
      mobile: '+61491570000',
      linkedinProfile: 'linkedin.com/in/p0',
      city: 'Perth',
      countryCode: 'AU',
      regionCode: 'WA',
      timezone: 'Australia/Perth',
      timezoneSource: 'hq',
      callTimezone: 'Australia/Perth',
      score: 72,
    });
    const told = { by: 'apollo', at: monday.toISOString() };
    expect(lead.fieldSources).toMatchObject({ email: told, city: told, mobile: told, timezone: told });
    expect(lead.fieldSources).not.toHaveProperty('phone');
  });

  test('its score counts what the directory knows of role, company and address (ACC-3)', async () => {
    const agency = await agencyWith();
    const facts = {
      emailStatus: 'verified',
      roleStartedOn: '2026-01-01',
      isHiring: 'yes',
      fundedOn: '2025-09-01T00:00:00Z',
    };
    await source(agency, directoryOf(people(1, facts)), 1);
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({ emailVerified: true, isHiring: true, score: 72 + 8 + 15 });
    expect(lead.roleStartedOn?.toISOString().slice(0, 10)).toBe('2026-01-01');
    expect(lead.fundedOn?.toISOString().slice(0, 10)).toBe('2025-09-01');
    expect(lead.fieldSources).toMatchObject({ emailVerified: { by: 'apollo' }, fundedOn: { by: 'apollo' } });
  });

  test('tells in the timeline who found and who enriched the lead, and what that cost (TRUTH-3)', async () => {
    const agency = await agencyWith();
    await source(agency, directoryOf(people(1)), 1);
    const entries = await database.timelineEntry.findMany({
      where: { clientId: agency.clientId },
      orderBy: { id: 'asc' },
    });
    expect(entries).toMatchObject([
      { what: 'sourced', reason: 'found by apollo', rule: 'CTL-1', numbers: { provider: 'apollo', credits: 0 } },
      {
        what: 'enriched',
        reason: 'enriched by apollo',
        rule: 'TIME-2',
        numbers: {
          provider: 'apollo',
          credits: 1,
          timezoneSource: 'hq',
          fields: expect.stringContaining('city, ') as string,
        },
      },
      { what: 'scored', rule: 'ACC-3', numbers: { score: 72, companyFit: 25 } },
    ]);
    // TRUTH-6: the story names fields, not what they hold.
    expect(JSON.stringify(entries.map(({ numbers }) => numbers))).not.toMatch(/Perth|acme|Ann/);
  });

  test('goes on where it stopped, and ends when there is nobody left', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(25));
    await source(agency, directory, 12, 'monday');
    expect(await source(agency, directory, 20, 'tuesday')).toMatchObject({ state: 'exhausted', imported: 13 });
    expect(directory.asked.filter((one) => one.startsWith('page'))).toEqual(['page 1', 'page 2', 'page 2', 'page 3']);
    expect(matches(directory)).toBe(25);
    const asked = directory.asked.length;
    expect(await source(agency, directory, 20, 'wednesday')).toMatchObject({ state: 'exhausted', imported: 0 });
    expect(directory.asked).toHaveLength(asked);
  });

  test('looks again when the targeting changes, and a month after the last page; nobody is paid for twice', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(5));
    await source(agency, directory, 20, 'monday');
    await target(agency, { titles: ['CEO'] });
    expect(await source(agency, directory, 20, 'tuesday')).toMatchObject({ state: 'exhausted', imported: 0 });
    clock.set(monday.getTime() + 31 * 24 * 3_600_000);
    expect(await source(agency, directory, 20, 'in April')).toMatchObject({ state: 'exhausted', imported: 0 });
    expect(directory.asked.filter((one) => one === 'page 1')).toHaveLength(3);
    expect(matches(directory)).toBe(5);
  });
});

describe('the same wish, made again', () => {
  test('brings no more than was wanted', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(40));
    await source(agency, directory, 12);
    expect(await source(agency, directory, 12)).toMatchObject({ state: 'enough', imported: 12, credits: 12 });
    expect(matches(directory)).toBe(12);
  });

  test.each([1, 2, 7, 14, 15])('after a failure at question %i, what was paid for is kept', async (question) => {
    const agency = await agencyWith();
    const directory = directoryOf(people(40));
    directory.failAt.set(question, busy());
    await expect(source(agency, directory, 20)).rejects.toMatchObject({ retryAfterSeconds: 7 });
    const paid = directory.asked.slice(0, question - 1).filter((one) => one.startsWith('match')).length;
    expect(await emailsOf(agency)).toHaveLength(paid);
    expect(await source(agency, directory, 20)).toMatchObject({ state: 'enough', imported: 20, credits: 20 });
    expect(await emailsOf(agency)).toHaveLength(20);
    // The match that failed is asked for again; no other is.
    const failed = directory.asked[question - 1]?.startsWith('match') ? 1 : 0;
    expect(matches(directory)).toBe(20 + failed);
  });

  test('two at a time: one works, and the other is asked to come again', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(40));
    const both = await Promise.all([source(agency, directory, 20), source(agency, directory, 20)]);
    expect(both.map(({ state }) => state).sort()).toEqual(['enough', 'unfinished']);
    expect(both.find(({ state }) => state === 'unfinished')?.retryAfterSeconds).toBe(30);
    expect(await emailsOf(agency)).toHaveLength(20);
    expect(matches(directory)).toBe(20);
  });

  test('a worker that died holds the search for two minutes', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(5));
    await source(agency, directory, 1);
    await database.leadSearch.updateMany({
      where: { campaignId: agency.campaignId },
      data: { leasedUntil: new Date(monday.getTime() + 120_000) },
    });
    expect(await source(agency, directory, 3, 'next')).toMatchObject({ state: 'unfinished' });
    clock.set(monday.getTime() + 121_000);
    expect(await source(agency, directory, 3, 'next')).toMatchObject({ state: 'enough', imported: 3 });
  });
});

describe('who is not sourced', () => {
  test('whoever is a lead of the client, in any campaign, by address, profile or mobile', async () => {
    const agency = await agencyWith();
    const other = await database.campaign.create({ data: { clientId: agency.clientId, name: 'Other', targeting: {} } });
    const client = { id: agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
    const byHand = [
      draftOf('p0@acme0.example'),
      draftOf('else@x.example', { linkedinUrl: 'https://au.linkedin.com/in/P1/' }),
      draftOf('mobile@x.example', { mobile: '+61491570002' }),
    ];
    await importLeads(database, { campaignId: other.id, client, secretKey, now: monday }, [byHand]);
    const directory = directoryOf(people(4));
    expect(await source(agency, directory, 10)).toMatchObject({ imported: 1, state: 'exhausted' });
    expect(await outcomesOf(agency)).toEqual({ known: 3, imported: 1 });
    // A profile is seen before it is paid for.
    expect(matches(directory)).toBe(3);
    const enrolled = await database.enrollment.count({ where: { campaignId: agency.campaignId } });
    expect(enrolled).toBe(1);
  });

  test.each<[SuppressionKind, string, number]>([
    ['email', 'p0@acme0.example', 3],
    ['domain', 'acme0.example', 2],
    ['phone', '+61491570000', 3],
    ['linkedin', 'linkedin.com/in/p0', 2],
  ])('whoever is suppressed by %s', async (kind, value, paid) => {
    const agency = await agencyWith();
    const suppression = { clientId: agency.clientId, kind, value, keepValue: true, scope: 'all', reason: 'x' } as const;
    await addSuppression(database.sql, secretKey, { ...suppression, now: monday });
    const directory = directoryOf(people(3));
    expect(await source(agency, directory, 10)).toMatchObject({ imported: 2 });
    expect(await outcomesOf(agency)).toEqual({ suppressed: 1, imported: 2 });
    expect(matches(directory)).toBe(paid);
  });

  test('whoever was erased; and an erasure leaves no word of what was told', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(1));
    await source(agency, directory, 1);
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    await eraseLead(database, secretKey, { clientId: agency.clientId, leadId: lead.id }, monday);
    const erased = await database.lead.findFirstOrThrow({ where: { id: lead.id } });
    expect(erased.fieldSources).toEqual({});
    await target(agency, { titles: ['CEO'] });
    // The same person at another directory, under another id.
    const again = directoryOf([personNr(9, { companyDomain: undefined }), personNr(0)], 'other');
    expect(await source(agency, again, 10, 'again')).toMatchObject({ imported: 1 });
    expect(await outcomesOf(agency)).toEqual({ imported: 2, suppressed: 1 });
  });

  test('whoever has no address, or none that is one; a field that makes no sense is left out', async () => {
    const agency = await agencyWith();
    const found = [
      personNr(0, { email: undefined }),
      personNr(1, { email: 'nobody' }),
      personNr(2, { mobile: '12', linkedinUrl: 'https://x.example/p2', companyDomain: 'no domain' }),
    ];
    expect(await source(agency, directoryOf(found), 10)).toMatchObject({ imported: 1, credits: 3 });
    expect(await outcomesOf(agency)).toEqual({ no_email: 1, refused: 1, imported: 1 });
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({ mobile: null, linkedinUrl: null, companyDomain: null, city: 'Perth' });
  });

  test('nobody who breaks the database: words that cannot be stored, numbers beyond every column', async () => {
    const agency = await agencyWith();
    const strange: LeadSource = {
      name: 'strange',
      search() {
        const long = 'x'.repeat(10_000);
        const facts = personNr(0, {
          firstName: '<b>Ann\u0007</b>',
          title: long,
          city: long,
          country: 'Atlantis',
          companySize: '∞',
        });
        const people = [
          { id: '\0', facts, needsMatch: false, credits: 0 },
          { id: 'x', facts: { email: `${long}@acme.example` }, needsMatch: false, credits: 0 },
          { id: '__proto__', facts: {}, needsMatch: false, credits: 0 },
        ];
        return Promise.resolve({ people, total: 2 ** 40, next: null });
      },
    };
    const input = { campaignId: agency.campaignId, wanted: 5, requestKey: 'x' };
    const result = await sourceLeads(depsWith([{ source: strange }], null), input, () => Promise.resolve());
    expect(result).toMatchObject({ state: 'exhausted', imported: 1 });
    expect(await outcomesOf(agency)).toEqual({ imported: 1, refused: 1, no_email: 1 });
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({ firstName: '<b>Ann</b>', title: null, city: null, timezoneSource: 'client' });
  });

  test('the same person twice on a page', async () => {
    const agency = await agencyWith();
    expect(await source(agency, directoryOf([personNr(0), personNr(0), personNr(1)]), 10)).toMatchObject({
      imported: 2,
    });
  });

  test('another client’s people are no concern of ours', async () => {
    const [mine, theirs] = [await agencyWith(), await agencyWith()];
    expect(await source(theirs, directoryOf(people(3)), 3)).toMatchObject({ imported: 3 });
    expect(await source(mine, directoryOf(people(3)), 3)).toMatchObject({ imported: 3 });
  });
});

describe('what ends it at once', () => {
  test.each<[string, Prisma.InputJsonObject, string]>([
    ['no targeting', {}, 'nobodyTargeted'],
    ['sizes that say no number', { companySizes: ['large'] }, 'nobodyTargeted'],
  ])('%s', async (_, targeting, state) => {
    const directory = directoryOf(people(3));
    expect(await source(await agencyWith(targeting), directory, 3)).toMatchObject({ state, imported: 0 });
    expect(directory.asked).toEqual([]);
  });

  test('no source', async () => {
    const { campaignId } = await agencyWith();
    const ended = sourceLeads(depsWith([], null), { campaignId, wanted: 3, requestKey: 'x' }, () => Promise.resolve());
    expect(await ended).toMatchObject({ state: 'notConfigured' });
  });

  test('a campaign that is completed, also meanwhile', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(30));
    const complete = async (): Promise<void> => {
      const data = { status: 'completed', completedAt: monday } as const;
      await database.campaign.update({ where: { id: agency.campaignId }, data });
    };
    const input = { campaignId: agency.campaignId, wanted: 20, requestKey: 'x' };
    const alive = (): Promise<void> => (directory.asked.length === 14 ? complete() : Promise.resolve());
    expect(await sourceLeads(depsWith([directory], directory), input, alive)).toMatchObject({
      state: 'completed',
      imported: 10,
    });
    expect(await source(agency, directory, 20)).toMatchObject({ state: 'completed' });
  });
});

describe('several sources', () => {
  test('the next one is searched when the first is exhausted', async () => {
    const agency = await agencyWith();
    const [first, second] = [directoryOf(people(2)), directoryOf([personNr(1), personNr(50), personNr(51)], 'second')];
    const input = { campaignId: agency.campaignId, wanted: 4, requestKey: 'x' };
    const result = await sourceLeads(depsWith([first, second], first), input, () => Promise.resolve());
    // Its people are matched by what is known of them: the first directory does not know their ids.
    expect(result.state).toBe('exhausted');
    expect(second.asked).toEqual(['page 1']);
  });

  test('a source that is still looking is asked again, from the same place', async () => {
    const agency = await agencyWith();
    let looks = 0;
    const slow: LeadSource = {
      name: 'slow',
      search(_query, cursor) {
        looks += 1;
        if (looks < 3) return Promise.resolve({ people: [], total: null, next: 'run-1', askAgainSeconds: 10 });
        expect(cursor).toBe('run-1');
        const facts = personNr(0, { city: undefined, state: undefined, country: undefined });
        return Promise.resolve({ people: [{ id: 'a', facts, needsMatch: false, credits: 1 }], total: 1, next: null });
      },
    };
    const companies = directoryOf([]);
    const ask = () =>
      sourceLeads(
        depsWith([{ source: slow }], companies),
        { campaignId: agency.campaignId, wanted: 5, requestKey: 'x' },
        () => Promise.resolve(),
      );
    expect(await ask()).toMatchObject({ state: 'unfinished', retryAfterSeconds: 10 });
    expect(await ask()).toMatchObject({ state: 'unfinished' });
    expect(await ask()).toMatchObject({ state: 'exhausted', imported: 1, credits: 3 });
    // The headquarters came from the enrichment, the rest from the source.
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({ city: 'Berlin', timezone: 'Europe/Berlin', timezoneSource: 'hq' });
    expect(companies.asked).toEqual(['company acme0.example']);
  });

  test('a run that was lost begins anew', async () => {
    const agency = await agencyWith();
    const cursors: (string | null)[] = [];
    const lost: LeadSource = {
      name: 'lost',
      search(_query, cursor) {
        cursors.push(cursor);
        if (cursor === null) return Promise.resolve({ people: [], total: null, next: 'run-1', askAgainSeconds: 1 });
        throw new SourceUnavailable('lost', 'run_failed', { retry: 'later', cursorLost: true });
      },
    };
    const input = { campaignId: agency.campaignId, wanted: 5, requestKey: 'x' };
    const ask = () => sourceLeads(depsWith([{ source: lost }], null), input, () => Promise.resolve());
    await ask();
    await expect(ask()).rejects.toMatchObject({ reason: 'run_failed' });
    await ask();
    expect(cursors).toEqual([null, 'run-1', null]);
  });
});

describe('an import’s own value', () => {
  test('wins over what a provider told, and the zone follows the place; what it does not say stays', async () => {
    const agency = await agencyWith();
    await source(agency, directoryOf(people(1)), 1);
    const other = await database.campaign.create({ data: { clientId: agency.clientId, name: 'Other', targeting: {} } });
    const client = { id: agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
    const own = draftOf('p0@acme0.example', {
      company: null,
      title: 'Owner',
      city: 'Hobart',
      state: 'TAS',
      country: 'AU',
    });
    await importLeads(database, { campaignId: other.id, client, secretKey, now: monday }, [[own]]);
    const lead = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    expect(lead).toMatchObject({
      title: 'Owner',
      company: 'Acme',
      city: 'Hobart',
      timezone: 'Australia/Hobart',
      industry: 'Logistics',
    });
    expect(Object.keys(lead.fieldSources as object)).toEqual(expect.arrayContaining(['company', 'industry', 'mobile']));
    for (const field of ['title', 'city', 'state', 'country', 'timezone']) {
      expect(lead.fieldSources).not.toHaveProperty(field);
    }
    // A city of the import's is in no state that somebody else told.
    const halves = await agencyWith();
    await source(halves, directoryOf(people(1)), 1);
    const half = await database.campaign.create({ data: { clientId: halves.clientId, name: 'Half', targeting: {} } });
    const hobart = draftOf('p0@acme0.example', { city: 'Hobart', country: null });
    const here = { campaignId: half.id, client: { ...client, id: halves.clientId }, secretKey, now: monday };
    await importLeads(database, here, [[hobart]]);
    expect(await database.lead.findFirstOrThrow({ where: { clientId: halves.clientId } })).toMatchObject({
      city: 'Hobart',
      state: null,
      country: 'Australia',
      timezone: 'Australia/Hobart',
    });
    // And it stays: nothing that is told later changes it back.
    const again = draftOf('p0@acme0.example', { title: 'Director', company: null });
    const third = await database.campaign.create({ data: { clientId: agency.clientId, name: 'Third', targeting: {} } });
    await importLeads(database, { campaignId: third.id, client, secretKey, now: monday }, [[again]]);
    expect(await database.lead.findFirstOrThrow({ where: { id: lead.id } })).toMatchObject({ title: 'Owner' });
  });
});

describe('a source that fails', () => {
  test('says when to come back, or that it refuses; whoever asks again goes on where it was', async () => {
    const agency = await agencyWith();
    const directory = directoryOf(people(3));
    directory.failAt.set(1, busy(42));
    const run = () => source(agency, directory, 3, 'x');
    await expect(run()).rejects.toMatchObject({ name: 'SourceUnavailable', retry: 'later', retryAfterSeconds: 42 });
    directory.failAt.set(2, new SourceUnavailable('apollo', 'authentication_failed', { retry: 'never' }));
    await expect(run()).rejects.toMatchObject({ name: 'SourceUnavailable', retry: 'never' });
    expect(await run()).toMatchObject({ state: 'enough', imported: 3 });
  });
});
