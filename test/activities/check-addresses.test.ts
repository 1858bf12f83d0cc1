import { checkAddresses } from '../../activities/check-addresses';
import { rememberMailExchanges } from '../../activities/mail-exchanges';
import { emailStatuses } from '../../domain/address-check';
import type { MailExchangeLookup } from '../../activities/mail-exchanges';
import type { Database } from '../../store/database';
import { eraseLead } from '../../store/leads/lead-control';
import { createAgency, createLeads, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { admitByHand } from './admit-by-hand';
import { silentLog } from '../workflows/silent-log';
import { engineByHand, manualClock } from './engine-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

type Answers = Record<string, string[] | 'none' | 'unknown' | Error>;

/** A DNS that answers as it is told, and notes what it was asked. */
function dns(answers: Answers): MailExchangeLookup & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    mx(domain) {
      asked.push(domain);
      const answer = answers[domain] ?? ['mx.example'];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

const check = (mailExchanges: MailExchangeLookup, leadIds: readonly string[], at = monday) =>
  checkAddresses({ database, clock: manualClock(at), log: silentLog, mailExchanges }, leadIds);

async function leadsWith(emails: readonly string[], status: 'active' | 'waiting' = 'waiting') {
  const agency = await createAgency(database);
  const enrollmentIds = await createLeads(database, agency, emails.length, status);
  const enrollments = await database.enrollment.findMany({ where: { id: { in: enrollmentIds } } });
  const leadIds = enrollmentIds.map((id) => enrollments.find((row) => row.id === id)?.leadId ?? '');
  for (const [index, email] of emails.entries()) {
    await database.lead.update({ where: { id: leadIds[index] }, data: { email } });
  }
  return { agency, enrollmentIds, leadIds };
}
const statusesOf = async (leadIds: readonly string[]) => {
  const rows = await database.lead.findMany({ where: { id: { in: [...leadIds] } } });
  return leadIds.map((id) => rows.find((row) => row.id === id)?.emailStatus);
};
const hoursLater = (hours: number): Date => new Date(monday.getTime() + hours * 3_600_000);

describe('SEQ-7: addresses are checked before their first mail', () => {
  test('each gets its verdict, and each domain is asked for once', async () => {
    const server = dns({
      'gone.example': 'none',
      'null.example': ['.'],
      'slow.example': 'unknown',
      'broken.example': new Error('ESERVFAIL'),
    });
    const emails = [
      ...['a@fine.example', 'b@fine.example', 'c@gone.example', 'd@null.example', 'e@slow.example', 'f@broken.example'],
      ...['g@mailinator.com', 'not an address', 'info@fine.example', 'h@müller.example'],
    ];
    const { leadIds } = await leadsWith(emails);
    await check(server, leadIds);
    expect(await statusesOf(leadIds)).toEqual([
      ...['deliverable', 'deliverable', 'no_mail_exchange', 'no_mail_exchange', 'unchecked', 'unchecked'],
      ...['disposable', 'malformed', 'deliverable', 'deliverable'],
    ]);
    const asked = ['broken', 'fine', 'gone', 'null', 'slow', 'xn--mller-kva'].map((name) => `${name}.example`);
    expect([...server.asked].sort()).toEqual(asked);
  });

  test('a verdict holds for its time, and a time-out takes none away', async () => {
    const { leadIds } = await leadsWith(['a@fine.example', 'b@gone.example', 'c@slow.example']);
    await check(dns({ 'gone.example': 'none', 'slow.example': 'unknown' }), leadIds);
    const soon = dns({});
    await check(soon, leadIds, hoursLater(0.5));
    expect(soon.asked).toEqual([]);
    await check(soon, leadIds, hoursLater(2));
    expect(soon.asked).toEqual(['slow.example']);
    const away = dns({ 'fine.example': 'unknown', 'gone.example': 'unknown', 'slow.example': 'unknown' });
    await check(away, leadIds, hoursLater(31 * 24));
    expect(away.asked).toHaveLength(3);
    expect(await statusesOf(leadIds)).toEqual(['deliverable', 'no_mail_exchange', 'deliverable']);
    await check(dns({}), leadIds, hoursLater(33 * 24));
    expect(await statusesOf(leadIds)).toEqual(['deliverable', 'deliverable', 'deliverable']);
  });

  test('an erased lead, one that is not there, and nobody at all are no trouble', async () => {
    const { agency, leadIds } = await leadsWith(['a@gone.example']);
    const [leadId = ''] = leadIds;
    await eraseLead(database, secretKey, { clientId: agency.clientId, leadId }, monday);
    const server = dns({});
    await check(server, [leadId, '00000000-0000-4000-8000-000000000000']);
    await check(server, []);
    expect(server.asked).toEqual([]);
    expect(await statusesOf([leadId])).toEqual(['unchecked']);
  });

  test('when nobody answers, not everybody is asked', async () => {
    const { leadIds } = await leadsWith(Array.from({ length: 40 }, (_, i) => `a@d${i}.example`));
    const server = dns(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`d${i}.example`, 'unknown'])));
    await check(server, leadIds);
    expect(server.asked).toHaveLength(16);
  });

  test.each(emailStatuses)('the database knows the verdict %s', async (emailStatus) => {
    const { leadIds } = await leadsWith([`${emailStatus}@fine.example`]);
    const data = { emailStatus, emailCheckedAt: monday };
    await database.lead.update({ where: { id: leadIds[0] }, data });
    expect(await statusesOf(leadIds)).toEqual([emailStatus]);
  });
});

describe('SEQ-7: a bad address gets no mail', () => {
  test('its steps by e-mail are skipped with the reason, the others go on', async () => {
    const { enrollmentIds, leadIds } = await leadsWith(['a@gone.example'], 'active');
    await check(dns({ 'gone.example': 'none' }), leadIds);
    const [enrollmentId = ''] = enrollmentIds;
    const engine = engineByHand(database);
    expect(await engine.prepare(enrollmentId)).toMatchObject({ step: 2, channel: 'voice' });
    const touch = await database.touch.findFirstOrThrow({ where: { enrollmentId, step: 1 } });
    expect(touch).toMatchObject({
      status: 'skipped',
      rule: 'SEQ-7',
      reason: "the address's domain takes no mail",
      numbers: { emailStatus: 'no_mail_exchange' },
    });
  });

  test('the gate refuses a mail whose address was found bad since it was planned', async () => {
    const { enrollmentIds, leadIds } = await leadsWith(['a@gone.example'], 'active');
    const [enrollmentId = ''] = enrollmentIds;
    const engine = engineByHand(database);
    const mail = await engine.prepare(enrollmentId);
    await check(dns({ 'gone.example': 'none' }), leadIds);
    expect(await engine.deliver(enrollmentId, mail)).toMatchObject({ step: 2, channel: 'voice' });
    expect(engine.requests).toEqual([]);
  });

  /** At nine, when the window opens. */
  const admitInto = ({ campaignId }: Agency) => admitByHand(database, campaignId, hoursLater(-2));

  test('a lead that nothing else reaches is not admitted, and says why', async () => {
    const { agency, enrollmentIds, leadIds } = await leadsWith(['a@gone.example', 'b@fine.example']);
    const nothingElse = { mobile: null, linkedinUrl: null, linkedinProfile: null };
    await database.lead.updateMany({ where: { id: { in: leadIds } }, data: nothingElse });
    await check(dns({ 'gone.example': 'none' }), leadIds);
    expect((await admitInto(agency)).admitted).toBe(1);
    expect(await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentIds[0] } })).toMatchObject({
      status: 'stopped',
      admittedAt: null,
      stopRule: 'SEQ-7',
      stopReason: "the address's domain takes no mail, and no other channel reaches the lead",
    });
  });

  test('a lead whom another channel reaches is admitted', async () => {
    const { agency, leadIds } = await leadsWith(['a@gone.example']);
    await check(dns({ 'gone.example': 'none' }), leadIds);
    expect((await admitInto(agency)).admitted).toBe(1);
  });

  test('a lead whose score leaves e-mail alone is not', async () => {
    const { agency, leadIds } = await leadsWith(['a@gone.example']);
    await database.lead.updateMany({ where: { id: { in: leadIds } }, data: { score: 25 } });
    await check(dns({ 'gone.example': 'none' }), leadIds);
    expect((await admitInto(agency)).admitted).toBe(0);
  });
});

describe('answers about domains are remembered', () => {
  const clock = manualClock(monday);
  beforeEach(() => clock.set(monday));

  test('for their time, and one question is enough for many at once', async () => {
    const server = dns({ 'gone.example': 'none', 'slow.example': 'unknown' });
    const remembered = rememberMailExchanges(server, clock);
    const ask = () => Promise.all(['fine', 'fine', 'gone', 'slow'].map((name) => remembered.mx(`${name}.example`)));
    expect(await ask()).toEqual([['mx.example'], ['mx.example'], 'none', 'unknown']);
    await ask();
    expect(server.asked).toEqual(['fine.example', 'gone.example', 'slow.example']);
    clock.set(hoursLater(0.2));
    await ask();
    expect(server.asked.slice(3)).toEqual(['slow.example']);
    clock.set(hoursLater(2));
    await ask();
    expect(server.asked.slice(4)).toEqual(['gone.example', 'slow.example']);
    clock.set(hoursLater(25));
    await ask();
    expect(server.asked.slice(6)).toEqual(['fine.example', 'gone.example', 'slow.example']);
  });

  test('a server that fails, or never answers, is unknown, and asked again later', async () => {
    let answers = 0;
    const never = new Promise<string[]>(() => undefined);
    const lookup: MailExchangeLookup = {
      mx: (domain) => {
        answers += 1;
        if (domain === 'throws.example') throw new Error('no server');
        return never;
      },
    };
    const remembered = rememberMailExchanges(lookup, clock, 20);
    expect(await remembered.mx('late.example')).toBe('unknown');
    expect(await remembered.mx('throws.example')).toBe('unknown');
    clock.set(hoursLater(1));
    await remembered.mx('late.example');
    expect(answers).toBe(3);
  });
});
