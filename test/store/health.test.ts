import type { ReportedEventKind } from '../../providers/ports';
import type { Database } from '../../store/database';
import { transact } from '../../store/database';
import { markContentReviewed } from '../../store/campaigns/campaigns';
import { recordEvent } from '../../store/events/record-event';
import { checkDomainHealth, noteResumed, noteReviewed, readDomainWeek } from '../../store/senders/health';
import { eventOf } from '../events/provider-events';
import { createTestDatabase } from '../support/database';
import { createAgency, secretKey, type Agency } from './fixtures';
import { sendMails } from './sent-mails';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

/** Friday 2026-03-13, 14:00 in Sydney. */
const now = new Date('2026-03-13T03:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

const happens = (kind: ReportedEventKind, of: { touchId: string } | { token: string }, at = now) =>
  recordEvent(
    database,
    eventOf(kind, {
      occurredAt: at,
      ...('touchId' in of ? { touchId: of.touchId } : { provider: 'unsubscribe-link', reference: of.token }),
    }),
    secretKey,
    at,
  );
const domainOf = (agency: Agency) =>
  database.sendingDomain.findUniqueOrThrow({ where: { id: agency.domainId }, include: { pauses: true } });
const changesOf = async (agency: Agency) =>
  (await database.healthChange.findMany({ where: { domainId: agency.domainId }, orderBy: { id: 'asc' } })).map(
    (row) => row.kind,
  );
const week = (agency: Agency, at = now) => readDomainWeek(database.sql, agency.domainId, 'Australia/Sydney', at);
const look = (agency: Agency, at = now) => transact(database, (sql) => checkDomainHealth(sql, agency.domainId, at));
const alertsOf = (agency: Agency) =>
  database.alert.findMany({ where: { clientId: agency.clientId, resolvedAt: null }, select: { kind: true } });

describe('HLTH-1: what is counted', () => {
  test('mails of the client’s last seven days, each once in each', async () => {
    const agency = await createAgency(database);
    // Sydney's 7 March begins on 6 March, 13:00 UTC.
    await sendMails(database, agency, 1, new Date('2026-03-06T12:59:59Z'));
    const [mail, other] = await sendMails(database, agency, 5, new Date('2026-03-06T13:00:00Z'));
    if (mail === undefined || other === undefined) throw new Error('no mail');
    await happens('softBounce', mail);
    await happens('hardBounce', mail);
    await happens('complaint', other);
    expect(await week(agency)).toMatchObject({ sends: 5, bounces: 1, complaints: 1, unsubscribes: 0 });
  });

  test('an unsubscribe by link counts for the last mail before it, and only there', async () => {
    const agency = await createAgency(database, { mailboxes: 1 });
    const [mail] = await sendMails(database, agency, 1, daysAgo(3));
    if (mail === undefined) throw new Error('no mail');
    await happens('unsubscribe', { token: mail.token });
    expect(await week(agency)).toMatchObject({ sends: 1, unsubscribes: 1, unsubscribedFrom: [agency.campaignId] });
  });

  test('another domain’s mails are another domain’s', async () => {
    const [agency, other] = [await createAgency(database), await createAgency(database)];
    const [mail] = await sendMails(database, other, 1, daysAgo(1));
    if (mail === undefined) throw new Error('no mail');
    await happens('hardBounce', mail);
    expect(await week(agency)).toMatchObject({ sends: 0, bounces: 0 });
  });
});

describe('HLTH-3: what an event does at once', () => {
  test('the bounce that makes it more than 5 % halves the limit, and no second one halves it again', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 20, daysAgo(1));
    await happens('hardBounce', mails[0] ?? { touchId: '' });
    expect((await domainOf(agency)).halvedSince).toBeNull();
    const { outboxIds } = await happens('softBounce', mails[1] ?? { touchId: '' });
    expect((await domainOf(agency)).halvedSince).toEqual(now);
    await happens('softBounce', mails[2] ?? { touchId: '' });
    expect(await changesOf(agency)).toEqual(['halved']);
    expect(await alertsOf(agency)).toEqual([{ kind: 'bounces' }]);
    const owed = await database.outbox.findMany({ where: { id: { in: outboxIds }, kind: 'maintenance' } });
    expect(owed).toMatchObject([{ subjectId: agency.clientId }]);
  });

  test('two bounces at the same moment are both seen', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 30, daysAgo(1));
    await Promise.all(mails.slice(0, 2).map((mail) => happens('hardBounce', mail)));
    expect(await changesOf(agency)).toEqual(['halved']);
  });

  test('it ends by itself, when the mails of that week are over', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 20, daysAgo(1));
    for (const mail of mails.slice(0, 2)) await happens('hardBounce', mail);
    expect(await look(agency)).toEqual([]);
    await sendMails(database, agency, 25, now);
    expect(await look(agency)).toEqual(['restored']);
    expect((await domainOf(agency)).halvedSince).toBeNull();
    expect(await alertsOf(agency)).toEqual([]);
  });

  test('complaints pause the domain until a person resumes it, and the same ones do not pause it again', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 30, daysAgo(1));
    await happens('complaint', mails[0] ?? { touchId: '' });
    expect((await domainOf(agency)).pauses).toEqual([]);
    await happens('complaint', mails[1] ?? { touchId: '' });
    expect((await domainOf(agency)).pauses).toMatchObject([{ reason: 'health' }]);
    const later = new Date(now.getTime() + 3_600_000);
    await noteResumed(database, agency, later);
    expect(await look(agency, later)).toEqual([]);
    expect((await domainOf(agency)).pauses).toEqual([]);
    const evenLater = new Date(later.getTime() + 60_000);
    await happens('complaint', mails[2] ?? { touchId: '' }, evenLater);
    expect(await changesOf(agency)).toEqual(['paused', 'resumed', 'paused']);
  });

  test('unsubscribes flag the domain and the campaigns that they came from, until they are reviewed', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 30, daysAgo(1));
    await happens('unsubscribe', { token: mails[0]?.token ?? '' });
    const campaign = () => database.campaign.findUniqueOrThrow({ where: { id: agency.campaignId } });
    expect((await campaign()).contentFlaggedAt).toEqual(now);
    expect(await alertsOf(agency)).toEqual([{ kind: 'unsubscribes' }]);
    const later = new Date(now.getTime() + 3_600_000);
    await noteReviewed(database, agency, later);
    expect(await look(agency, later)).toEqual([]);
    expect((await domainOf(agency)).flaggedAt).toBeNull();
    expect(await changesOf(agency)).toEqual(['flagged', 'reviewed']);
  });

  test('a campaign that was reviewed is flagged again by what comes after', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 30, daysAgo(1));
    await happens('unsubscribe', { token: mails[0]?.token ?? '' });
    const reviewed = new Date(now.getTime() + 3_600_000);
    await markContentReviewed(database, { clientId: agency.clientId, id: agency.campaignId }, reviewed);
    const campaign = () => database.campaign.findUniqueOrThrow({ where: { id: agency.campaignId } });
    await look(agency, reviewed);
    expect((await campaign()).contentFlaggedAt).toBeNull();
    const later = new Date(reviewed.getTime() + 60_000);
    await happens('unsubscribe', { token: mails[1]?.token ?? '' }, later);
    expect((await campaign()).contentFlaggedAt).toEqual(later);
  });

  test('a mail that opened, or that was delivered, is no case', async () => {
    const agency = await createAgency(database);
    const mails = await sendMails(database, agency, 20, daysAgo(1));
    for (const mail of mails) await happens('opened', mail);
    expect(await changesOf(agency)).toEqual([]);
  });
});

test('another client resumes and reviews nothing here', async () => {
  const [agency, other] = [await createAgency(database), await createAgency(database)];
  const mails = await sendMails(database, agency, 30, daysAgo(1));
  for (const mail of mails.slice(0, 2)) await happens('complaint', mail);
  await noteResumed(database, { clientId: other.clientId, domainId: agency.domainId }, now);
  expect((await domainOf(agency)).pauses).toHaveLength(1);
});
