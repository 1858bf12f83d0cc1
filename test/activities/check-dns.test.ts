import { checkAllDomainsDns, checkDomainDns } from '../../activities/check-dns';
import type { Resolver } from '../../providers/ports';
import { createDomain } from '../../store/senders/domains';
import { createAgency, monday } from '../store/fixtures';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { dnsOf, goodDns, type TestZone } from '../support/dns';
import { engineByHand, oneLead } from './engine-by-hand';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(4);
});
afterAll(() => db.drop());

const hours = (count: number): Date => new Date(monday.getTime() + count * 3_600_000);
const check = (id: string, resolver: Resolver, now = monday) =>
  checkDomainDns({ database: db.database, resolver }, id, now);
const pausesOf = (domainId: string) =>
  db.database.pause.findMany({ where: { domainId }, select: { reason: true, detail: true, since: true } });
const alertsOf = (resourceId: string) =>
  db.database.alert.findMany({ where: { resourceId, kind: 'dns' }, orderBy: { createdAt: 'asc' } });
const domainOf = (id: string) => db.database.sendingDomain.findUniqueOrThrow({ where: { id } });
const silent = dnsOf({});
const unreachable: Resolver = {
  txt: () => Promise.resolve({ kind: 'unanswered', error: 'timed_out' }),
  mx: () => Promise.resolve({ kind: 'unanswered', error: 'timed_out' }),
  mailHosts: () => Promise.resolve({ kind: 'unanswered', error: 'timed_out' }),
  cname: () => Promise.resolve({ kind: 'unanswered', error: 'timed_out' }),
};

async function registered(): Promise<{ id: string; clientId: string; name: string }> {
  const { clientId } = await createAgency(db.database);
  const name = `${clientId.slice(0, 8)}.example`;
  const { id } = await createDomain(db.database, {
    clientId,
    name,
    warmupStartedAt: '2026-01-01',
    dkimSelector: null,
    now: monday,
  });
  return { id, clientId, name };
}

test('a registered domain waits for its first check, and for its records; nobody is alerted', async () => {
  const { id } = await registered();
  expect(await pausesOf(id)).toEqual([{ reason: 'dns', detail: 'not checked yet', since: monday }]);
  await check(id, unreachable, hours(1));
  expect(await pausesOf(id)).toMatchObject([{ detail: 'not checked yet' }]);
  expect(await domainOf(id)).toMatchObject({ dnsAskedAt: hours(1), dnsFailure: 'timed_out', dnsCheckedAt: null });
  await check(id, silent, hours(2));
  expect(await pausesOf(id)).toMatchObject([
    { detail: 'SPF is missing, DKIM is missing, DMARC is missing', since: monday },
  ]);
  await check(id, goodDns, hours(3));
  expect(await pausesOf(id)).toEqual([]);
  expect(await domainOf(id)).toMatchObject({ dnsAskedAt: hours(3), dnsFailure: null, dnsCheckedAt: hours(3) });
  expect(await alertsOf(id)).toEqual([]);
});

test('a domain that loses a record stops with one alert, which ends with the record; other pauses stay', async () => {
  const { id, clientId, name } = await registered();
  await check(id, goodDns);
  await db.database.pause.create({ data: { clientId, domainId: id, reason: 'health', detail: 'x', since: monday } });
  const without: Resolver = { ...goodDns, txt: (at) => (at === name ? silent : goodDns).txt(at) };
  await check(id, without, hours(24));
  await check(id, without, hours(25));
  expect((await pausesOf(id)).filter(({ reason }) => reason === 'dns')).toEqual([
    { reason: 'dns', detail: 'SPF is missing', since: hours(24) },
  ]);
  expect(await alertsOf(id)).toMatchObject([
    { message: `domain ${id} sends no longer: SPF is missing`, createdAt: hours(24), resolvedAt: null },
  ]);
  await check(id, unreachable, hours(26));
  expect(await alertsOf(id)).toMatchObject([{ resolvedAt: null }]);
  await check(id, goodDns, hours(27));
  expect(await pausesOf(id)).toMatchObject([{ reason: 'health' }]);
  expect(await alertsOf(id)).toMatchObject([{ resolvedAt: hours(27) }]);
});

test('history is written when something changes, and is not written over', async () => {
  const { id } = await registered();
  for (const [at, resolver] of [goodDns, goodDns, silent, silent, goodDns].entries())
    await check(id, resolver, hours(at));
  const rows = await db.database.domainDnsCheck.findMany({ where: { domainId: id }, orderBy: { id: 'asc' } });
  expect(rows.map(({ checkedAt }) => checkedAt)).toEqual([hours(0), hours(2), hours(4)]);
});

test('a check that comes late, or of a selector that is not the domain’s any more, changes nothing', async () => {
  const { id } = await registered();
  await check(id, goodDns, hours(2));
  await check(id, silent, hours(1));
  expect(await pausesOf(id)).toEqual([]);
  const changing: Resolver = {
    ...silent,
    mx: async (name) => {
      await db.database.sendingDomain.update({ where: { id }, data: { dkimSelector: 'other' } });
      return silent.mx(name);
    },
  };
  await check(id, changing, hours(3));
  expect(await pausesOf(id)).toEqual([]);
  await Promise.all([1, 2, 3, 4].map(() => check(id, silent, hours(4))));
  expect(await pausesOf(id)).toHaveLength(1);
  expect(await alertsOf(id)).toHaveLength(1);
});

test('a selector that is named is the only one that counts; a CNAME that ends nowhere is shown', async () => {
  const { id, name } = await registered();
  await db.database.sendingDomain.update({ where: { id }, data: { dkimSelector: 'own' } });
  await check(id, goodDns);
  expect(await pausesOf(id)).toMatchObject([{ detail: 'DKIM is missing' }]);
  const zone: TestZone = {
    [name]: ['v=spf1 mx -all'],
    [`_dmarc.${name}`]: ['v=DMARC1; p=none'],
    [`own._domainkey.${name}`]: { cname: 'dkim.mailhost.example' },
  };
  await check(id, dnsOf(zone), hours(1));
  const [row] = await db.database.domainDnsCheck.findMany({ where: { domainId: id }, orderBy: { id: 'desc' } });
  expect(JSON.stringify(row?.records)).toContain('CNAME dkim.mailhost.example');
});

test('what a hostile zone says can be stored', async () => {
  const { id, name } = await registered();
  await check(id, dnsOf({ [name]: [`v=spf1 \0\ud800${'x'.repeat(64_000)} -all`] }));
  expect(await pausesOf(id)).toMatchObject([{ detail: 'SPF is wrong, DKIM is missing, DMARC is missing' }]);
});

test('a domain that is not there is passed over', async () => {
  await expect(check('00000000-0000-4000-8000-000000000000', goodDns)).resolves.toBeUndefined();
});

test('daily: those whose check is a day old; hourly those that may not send or were not answered', async () => {
  await db.database.pause.deleteMany();
  const five = await Promise.all([1, 2, 3, 4, 5].map(registered));
  const [fresh, old, paused, unanswered, never] = five;
  const others = { id: { notIn: five.map(({ id }) => id) } };
  await db.database.sendingDomain.updateMany({ where: others, data: { dnsAskedAt: hours(1_000), dnsFailure: null } });
  await check(fresh!.id, goodDns, hours(90));
  await check(old!.id, goodDns, hours(75));
  await check(paused!.id, silent, hours(98));
  await check(unanswered!.id, goodDns, hours(90));
  await check(unanswered!.id, unreachable, hours(98));
  const asked = new Set<string>();
  const noting: Resolver = { ...goodDns, mx: (name) => (asked.add(name), goodDns.mx(name)) };
  let progress = 0;
  const deps = { database: db.database, resolver: noting };
  const count = await checkAllDomainsDns(deps, hours(99.5), () => void (progress += 1));
  expect([...asked].sort()).toEqual([old, paused, unanswered, never].map((one) => one!.name).sort());
  expect([count, progress]).toEqual([4, 1]);
  expect(await checkAllDomainsDns(deps, hours(99.6), () => undefined)).toBe(0);
});

test('a touch of a domain that fails the gate is not sent; one in the database without a check is', async () => {
  const { agency, enrollmentId } = await oneLead(db.database);
  const engine = engineByHand(db.database);
  const touch = await engine.prepare(enrollmentId);
  await check(agency.domainId, silent);
  await engine.deliver(enrollmentId, touch);
  expect(engine.requests).toEqual([]);
  const other = await oneLead(db.database);
  const free = engineByHand(db.database);
  await free.deliver(other.enrollmentId, await free.prepare(other.enrollmentId));
  expect(free.requests).toHaveLength(1);
});
