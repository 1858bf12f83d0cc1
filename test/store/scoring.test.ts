import { createTestDatabase } from '../support/database';
import type { Database } from '../../store/database';
import type { ScorePart } from '../../domain/score';
import { recordEvent } from '../../store/events/record-event';
import { eraseLead } from '../../store/leads/lead-control';
import { importLeads } from '../../store/leads/lead-import';
import { writeScoreFacts } from '../../store/leads/score-facts';
import { rescoreComputed, rescoreLeads, rescoreOpen } from '../../store/leads/scoring';
import { addSuppression } from '../../store/leads/suppressions';
import { eventOf } from '../events/provider-events';
import { createAgency, createLeads, draftOf, monday, secretKey, type Agency } from './fixtures';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const targeting = { industries: ['Software'], titles: ['Founder'], companySizes: ['11-50'], locations: ['Australia'] };
const known = { title: 'Founder', industry: 'Software', companySize: '35', country: 'Australia', score: null };

/** A lead whose facts are known and that has no score yet. */
async function unscored(status: 'active' | 'waiting' = 'waiting', facts: object = known) {
  const agency = await createAgency(database);
  await database.campaign.update({ where: { id: agency.campaignId }, data: { targeting } });
  const [enrollmentId = ''] = await createLeads(database, agency, 1, status);
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  await database.lead.update({ where: { id: leadId }, data: facts });
  return { agency, enrollmentId, leadId };
}
const leadOf = (id: string) => database.lead.findUniqueOrThrow({ where: { id } });
const rescore = ({ agency, leadId }: { agency: Agency; leadId: string }, at = monday) =>
  rescoreLeads(database, { clientId: agency.clientId, leadIds: [leadId] }, at);
const scoredEntries = (enrollmentId: string) =>
  database.timelineEntry.findMany({ where: { enrollmentId, what: 'scored' }, orderBy: { id: 'asc' } });
const importInto = (agency: Agency, campaignId: string, draft: ReturnType<typeof draftOf>) =>
  importLeads(
    database,
    {
      campaignId,
      client: { id: agency.clientId, timezone: 'Australia/Sydney', country: 'AU' },
      secretKey,
      now: monday,
    },
    [[draft]],
  );

/** Phone 6, LinkedIn 4; founder 25; company 25; no timing; risk 15. */
const full = 10 + 25 + 25 + 0 + 15;

describe('ACC-3: a computed score', () => {
  test('stands on the lead with its parts, moves it in the order of admission, and is told', async () => {
    const lead = await unscored();
    expect(await rescore(lead)).toEqual({ leadIds: [lead.leadId], outboxIds: [] });
    const { score, scoreSource, scoreParts } = await leadOf(lead.leadId);
    expect([score, scoreSource]).toEqual([full, 'computed']);
    const parts = scoreParts as unknown as ScorePart[];
    expect(parts.map(({ part, points }) => [part, points])).toEqual([
      ['dataQuality', 10],
      ['authority', 25],
      ['companyFit', 25],
      ['timing', 0],
      ['risk', 15],
    ]);
    expect((await database.enrollment.findUniqueOrThrow({ where: { id: lead.enrollmentId } })).rank).toBe(-full);
    expect(await scoredEntries(lead.enrollmentId)).toMatchObject([
      { rule: 'ACC-3', reason: `the score is ${full} (warm)`, numbers: { score: full, before: null, authority: 25 } },
    ]);
  });

  test('stays, and nothing is told, when it is computed again from the same facts', async () => {
    const lead = await unscored('active');
    expect((await rescore(lead)).outboxIds).toHaveLength(1);
    expect(await rescore(lead)).toEqual({ leadIds: [], outboxIds: [] });
    expect(await scoredEntries(lead.enrollmentId)).toHaveLength(1);
  });

  test('rises with what a source tells, and wakes the lead', async () => {
    const lead = await unscored('active');
    await rescore(lead);
    const told = { emailVerified: true, hasPersonalEmail: true, isHiring: true };
    const dates = { roleStartedOn: '2026-01-15', fundedOn: '2025-09-01' };
    const all = { leadId: lead.leadId, ...told, ...dates };
    await writeScoreFacts(database.sql, lead.agency.clientId, [all]);
    const { outboxIds } = await rescore(lead);
    expect((await leadOf(lead.leadId)).score).toBe(100);
    expect(await database.outbox.findMany({ where: { id: { in: outboxIds } } })).toMatchObject([
      { kind: 'leadSignal', subjectId: lead.enrollmentId, payload: { signal: 'leadWoken' } },
    ]);
    // Half a year later the role is no longer new, and nothing else has changed.
    await rescore(lead, new Date('2026-08-15T00:00:00Z'));
    expect((await leadOf(lead.leadId)).score).toBe(94);
    // What a source does not know leaves what was known.
    await writeScoreFacts(database.sql, lead.agency.clientId, [{ leadId: lead.leadId, isHiring: null }]);
    expect(await leadOf(lead.leadId)).toMatchObject({ isHiring: true, emailVerified: true });
  });

  test('is never made of an import’s own, nor of another client’s lead, nor of nobody', async () => {
    const imported = await unscored('waiting', { ...known, score: 12 });
    expect(await rescore(imported)).toEqual({ leadIds: [], outboxIds: [] });
    expect(await leadOf(imported.leadId)).toMatchObject({ score: 12, scoreSource: 'import', scoreParts: null });
    const other = await unscored();
    await rescore({ agency: imported.agency, leadId: other.leadId });
    await writeScoreFacts(database.sql, imported.agency.clientId, [{ leadId: other.leadId, isHiring: true }]);
    expect(await leadOf(other.leadId)).toMatchObject({ score: null, isHiring: null });
    expect(await rescoreLeads(database, { clientId: other.agency.clientId, leadIds: [] }, monday)).toEqual({
      leadIds: [],
      outboxIds: [],
    });
  });

  test('of leads that nobody scored is made only when it is asked for', async () => {
    const lead = await unscored();
    await rescoreComputed(database, { clientId: lead.agency.clientId, leadIds: [lead.leadId] }, monday);
    expect((await leadOf(lead.leadId)).score).toBeNull();
  });

  test('is that of many leads at once, each told once', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 230, 'waiting');
    const leads = await database.lead.findMany({ where: { clientId: agency.clientId } });
    await database.lead.updateMany({ where: { clientId: agency.clientId }, data: { score: null } });
    const leadIds = [...leads, ...leads].map(({ id }) => id);
    const done = await rescoreLeads(database, { clientId: agency.clientId, leadIds }, monday);
    expect(done.leadIds).toHaveLength(230);
    expect(await database.timelineEntry.count({ where: { clientId: agency.clientId, what: 'scored' } })).toBe(230);
  });
});

test('many who score the same leads at once, in any order, while mails bounce, end with one score each', async () => {
  const agency = await createAgency(database);
  await database.campaign.update({ where: { id: agency.campaignId }, data: { targeting } });
  await createLeads(database, agency, 60, 'active');
  const { clientId } = agency;
  await database.lead.updateMany({ where: { clientId }, data: { ...known, title: null } });
  const leads = await database.lead.findMany({ where: { clientId } });
  const leadIds = leads.map(({ id }) => id);
  await rescoreLeads(database, { clientId, leadIds }, monday);
  const shuffled = () => [...leadIds].sort(() => Math.random() - 0.5);
  const tell = async (title: string) => {
    for (const id of shuffled()) await database.lead.update({ where: { id }, data: { title } });
  };
  await Promise.all([
    ...['Founder', 'CFO', 'Manager'].map(tell),
    ...Array.from({ length: 6 }, () => rescoreLeads(database, { clientId, leadIds: shuffled() }, monday)),
    ...leads.slice(0, 30).map(({ email }) => {
      const bounce = eventOf('hardBounce', { occurredAt: monday, person: { email } });
      return recordEvent(database, bounce, secretKey, monday);
    }),
  ]);
  await rescoreLeads(database, { clientId, leadIds }, monday);
  const enrollments = await database.enrollment.findMany({ where: { clientId }, include: { lead: true } });
  for (const { id, lead } of enrollments) {
    const bounced = leadIds.indexOf(lead.id) < 30;
    const by = { Founder: full, CFO: full - 3 - 5, Manager: full - 18 - 5 }[lead.title ?? ''] ?? 0;
    expect([lead.title, lead.score]).toEqual([lead.title, by - (bounced ? 8 : 0)]);
    // Each entry begins where the one before it ended: no change was told twice, or lost.
    const numbers = (await scoredEntries(id)).map((entry) => entry.numbers as { before: number | null; score: number });
    expect(numbers.map(({ before }) => before)).toEqual([null, ...numbers.slice(0, -1).map(({ score }) => score)]);
    expect(numbers.at(-1)?.score).toBe(lead.score);
  }
});

describe('ACC-3: a score is computed again when its facts change', () => {
  test('a hard bounce lowers it, in the transaction of the event', async () => {
    const lead = await unscored('active');
    await rescore(lead);
    const { email } = await leadOf(lead.leadId);
    await recordEvent(database, eventOf('hardBounce', { occurredAt: monday, person: { email } }), secretKey, monday);
    expect((await leadOf(lead.leadId)).score).toBe(full - 8);
  });

  test('a hard bounce of a lead with an import’s score leaves it', async () => {
    const lead = await unscored('active', { score: 70 });
    const { email } = await leadOf(lead.leadId);
    await recordEvent(database, eventOf('hardBounce', { occurredAt: monday, person: { email } }), secretKey, monday);
    expect(await leadOf(lead.leadId)).toMatchObject({ score: 70, scoreSource: 'import' });
  });

  test('whoever opted out is excluded', async () => {
    const lead = await unscored();
    const { email } = await leadOf(lead.leadId);
    const optOut = { clientId: lead.agency.clientId, kind: 'email', value: email, scope: 'all' } as const;
    await addSuppression(database.sql, secretKey, { ...optOut, keepValue: true, reason: 'unsubscribe', now: monday });
    await rescore(lead);
    expect((await leadOf(lead.leadId)).score).toBe(0);
  });

  test('another targeting, or a competitor, counts for everyone who is in an open sequence', async () => {
    const lead = await unscored();
    await rescore(lead);
    const { clientId, campaignId } = lead.agency;
    const narrower = { targeting: { ...targeting, titles: ['CFO'] } };
    await database.campaign.update({ where: { id: campaignId }, data: narrower });
    expect((await rescoreOpen(database, { clientId, campaignId }, monday)).leadIds).toEqual([lead.leadId]);
    expect((await leadOf(lead.leadId)).score).toBe(full - 5);
    await database.client.update({ where: { id: clientId }, data: { competitors: ['acme.example'] } });
    await rescoreOpen(database, { clientId }, monday);
    expect((await leadOf(lead.leadId)).score).toBe(full - 15);
    await database.enrollment.update({
      where: { id: lead.enrollmentId },
      data: { status: 'completed', finishedAt: monday },
    });
    await database.client.update({ where: { id: clientId }, data: { competitors: [] } });
    expect((await rescoreOpen(database, { clientId }, monday)).leadIds).toEqual([]);
  });

  test('an import that adds to a known lead has it scored anew; an import’s own score takes its place', async () => {
    const lead = await unscored('waiting', { ...known, mobile: null, title: null });
    await rescore(lead);
    const { email, score } = await leadOf(lead.leadId);
    expect(score).toBe(full - 6 - 25);
    const { agency } = lead;
    const campaigns = await Promise.all(
      ['B', 'C'].map((name) => database.campaign.create({ data: { clientId: agency.clientId, name, targeting: {} } })),
    );
    const [b = '', c = ''] = campaigns.map(({ id }) => id);
    const ranks = async () => {
      const where = { leadId: lead.leadId };
      return (await database.enrollment.findMany({ where, orderBy: { position: 'asc' } })).map(({ rank }) => rank);
    };
    await importInto(agency, b, draftOf(email, { score: null, title: 'Founder', mobile: '+61491570006' }));
    expect(await leadOf(lead.leadId)).toMatchObject({ score: full, scoreSource: 'computed', title: 'Founder' });
    expect(await ranks()).toEqual([-full, -full]);
    await importInto(agency, c, draftOf(email, { score: 33 }));
    expect(await leadOf(lead.leadId)).toMatchObject({ score: 33, scoreSource: 'import', scoreParts: null });
    expect(await ranks()).toEqual([-33, -33, -33]);
    await rescore(lead);
    expect((await leadOf(lead.leadId)).score).toBe(33);
  });

  test('an erased lead keeps no part of it, and gets none any more', async () => {
    const lead = await unscored();
    await writeScoreFacts(database.sql, lead.agency.clientId, [{ leadId: lead.leadId, fundedOn: '2025-09-01' }]);
    await rescore(lead);
    await eraseLead(database, secretKey, { clientId: lead.agency.clientId, leadId: lead.leadId }, monday);
    await writeScoreFacts(database.sql, lead.agency.clientId, [{ leadId: lead.leadId, fundedOn: '2025-09-01' }]);
    await rescore(lead);
    expect(await leadOf(lead.leadId)).toMatchObject({ score: null, scoreParts: null, fundedOn: null });
  });
});
