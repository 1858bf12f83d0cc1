import { randomUUID } from 'node:crypto';
import { channels } from '../../domain/channels';
import { dateValue } from '../../store/dates';
import { recordEvent } from '../../store/events/record-event';
import type { ProviderEvent } from '../../providers/ports';
import { readRunResults } from '../../scripts/demo/report';
import { eventOf } from '../events/provider-events';
import { createTestSender, secretKey } from '../store/fixtures';
import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let campaignId: string;
let domainId: string;
let mailboxId: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  campaignId = await api.campaign(tenant.key);
  ({ domainId, mailboxId } = await domain());
});

const get = (url: string, headers: Record<string, string> = {}, key = tenant.key) =>
  api.ask(key, 'GET', url, undefined, headers);

async function domain(): Promise<{ domainId: string; mailboxId: string }> {
  const name = `${randomUUID().slice(0, 8)}.example`;
  const { id: clientId } = tenant;
  const row = await api.database.sendingDomain.create({
    data: { clientId, name, warmupStartedAt: dateValue('2026-02-27') },
  });
  const mailbox = { kind: 'mailbox', channels: ['email'], address: `anna@${name}`, domainId: row.id } as const;
  return { domainId: row.id, mailboxId: await createTestSender(api.database, clientId, mailbox) };
}

/** 09:20 in Sydney on Tuesday 2026-03-03. */
const sentAt = new Date('2026-03-02T22:20:00Z');

/** A mail to a new lead, sent from the mailbox; @returns its id */
async function mailed(at = sentAt, admittedAt = sentAt): Promise<string> {
  const { id: clientId } = tenant;
  const id = randomUUID();
  const zone = { timezone: 'Australia/Sydney', timezoneSource: 'hq' as const };
  await api.database.lead.create({
    data: { id, clientId, email: `${id}@acme.example`, ...zone, unsubscribeToken: id },
  });
  const enrolled = { clientId, campaignId, leadId: id, status: 'active' as const, admittedAt };
  const enrollment = await api.database.enrollment.create({ data: enrolled });
  const sent = { senderId: mailboxId, fence: 1, claimedAt: at, sentAt: at, sentOn: at, status: 'sent' as const };
  const ids = { clientId, campaignId, enrollmentId: enrollment.id };
  return (await api.database.touch.create({ data: { ...ids, step: 1, channel: 'email', ...sent } })).id;
}

const hear = (kind: ProviderEvent['kind'], touchId: string) =>
  recordEvent(api.database, eventOf(kind, { touchId, occurredAt: sentAt }), secretKey, sentAt);

/** Ten mails: four opened, one answered, one bounced. */
async function tenMails(): Promise<void> {
  const touches: string[] = [];
  for (let count = 0; count < 10; count += 1) touches.push(await mailed());
  for (const touch of touches.slice(0, 4)) await hear('opened', touch);
  await hear('reply', touches[0] ?? '');
  await hear('hardBounce', touches[9] ?? '');
}

test('the four tables of a campaign, with intervals, verdicts, and what is not measured apart from 0', async () => {
  await tenMails();
  const answer = await get(`/v1/campaigns/${campaignId}/metrics`);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    openRateBySendTime: [
      {
        sendTime: '09:15',
        of: 9,
        count: 4,
        rate: 0.4444,
        interval: { low: 0.1888, high: 0.7333 },
        openedAutomatically: 0,
        notMeasured: 0,
      },
    ],
    replyRateByStep: [{ step: 1, of: 10, count: 1, rate: 0.1 }],
    bounceRateByWarmUpDay: [{ day: 4, of: 10, count: 1, rate: 0.1 }],
    channelEffectiveness: channels.map((channel) =>
      channel === 'email'
        ? { channel, sent: 10, delivered: 9, replied: 1, positive: null, stopped: 0, shareOfReplies: 1 }
        : { channel, sent: 0, positive: null, shareOfReplies: 0, replyRate: { rate: null, interval: null } },
    ),
    verdicts: { openRateBySendTime: { kind: 'nothingToCompare' } },
    cohorts: [],
    pending: 0,
  });
  expect((await get('/v1/metrics')).json()).toEqual(answer.json());
  expect((await get(`/v1/metrics?campaignId=${campaignId}&domainId=${domainId}`)).json()).toEqual(answer.json());
});

test('the demo’s report and the API say the same of one data set', async () => {
  await tenMails();
  await mailed(new Date('2026-03-12T23:40:00Z'));
  const run = { campaignId, clientId: tenant.id, timezone: 'Australia/Sydney', start: sentAt };
  const { report } = await readRunResults(api.database, run, { end: sentAt, days: 1, unfinished: 0 });
  const answer = (await get(`/v1/campaigns/${campaignId}/metrics?cohort=week`)).json<Record<string, unknown>>();
  expect(answer).toEqual({ ...report.metrics, pending: 0 });
  expect(report.metrics.replyRateByStep).toMatchObject([{ step: 1, of: 11, count: 1 }]);
});

test('from and to are client-local dates of sending, both included', async () => {
  await mailed();
  await mailed(new Date('2026-03-04T23:00:00Z')); // Thursday 10:00
  const sentIn = async (range: string): Promise<number> => {
    const answer = await get(`/v1/metrics?${range}`);
    const { replyRateByStep } = answer.json<{ replyRateByStep: { of: number }[] }>();
    return replyRateByStep[0]?.of ?? 0;
  };
  expect(await sentIn('from=2026-03-03&to=2026-03-05')).toBe(2);
  expect(await sentIn('from=2026-03-04')).toBe(1);
  expect(await sentIn('to=2026-03-04')).toBe(1);
  expect(await sentIn('from=2026-03-06')).toBe(0);
});

test('domainId keeps the mails of one domain', async () => {
  await mailed();
  const other = await domain();
  const answer = await get(`/v1/campaigns/${campaignId}/metrics?domainId=${other.domainId}`);
  expect(answer.json()).toMatchObject({ replyRateByStep: [], verdicts: { replyRateByStep: { kind: 'notMeasured' } } });
  expect((await get(`/v1/metrics?domainId=${domainId}`)).json()).toMatchObject({ replyRateByStep: [{ of: 1 }] });
});

test('cohorts by week and by month of admission', async () => {
  await mailed();
  await mailed(sentAt, new Date('2026-02-26T22:00:00Z'));
  const cohortsOf = async (unit: string) =>
    (await get(`/v1/metrics?cohort=${unit}`)).json<{ cohorts: { cohort: string; replyRateByStep: object[] }[] }>()
      .cohorts;
  expect(await cohortsOf('week')).toMatchObject([
    { cohort: '2026-02-23', replyRateByStep: [{ of: 1 }] },
    { cohort: '2026-03-02', replyRateByStep: [{ of: 1 }] },
  ]);
  expect((await cohortsOf('month')).map(({ cohort }) => cohort)).toEqual(['2026-02-01', '2026-03-01']);
});

describe('CSV', () => {
  test.each<[string, string]>([
    ['openRateBySendTime', 'sendTime,of,count,rate,low,high,openedAutomatically,notMeasured\r\n09:15,0,0,,,,0,1\r\n'],
    ['replyRateByStep', 'step,of,count,rate,low,high\r\n1,1,0,0,0,0.7935\r\n'],
    ['bounceRateByWarmUpDay', 'day,of,count,rate,low,high\r\n4,1,0,0,0,0.7935\r\n'],
    [
      'channelEffectiveness',
      'channel,sent,delivered,replied,positive,stopped,shareOfReplies,replyRate,low,high\r\n' +
        'email,1,1,0,,0,,0,0,0.7935\r\nvoice,0,0,0,,0,,,,\r\nlinkedin,0,0,0,,0,,,,\r\nsms,0,0,0,,0,,,,\r\n',
    ],
  ])('%s, asked for by Accept and by format', async (table, expected) => {
    await mailed();
    const url = `/v1/campaigns/${campaignId}/metrics?table=${table}`;
    const byAccept = await get(url, { accept: 'text/csv' });
    expect(byAccept.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(byAccept.body).toBe(expected);
    expect((await get(`${url}&format=csv`)).body).toBe(expected);
  });

  test('with cohorts, each row names its own', async () => {
    await mailed();
    await mailed(sentAt, new Date('2026-02-26T22:00:00Z'));
    const answer = await get('/v1/metrics?format=csv&table=replyRateByStep&cohort=month');
    expect(answer.body).toBe(
      'cohort,step,of,count,rate,low,high\r\n2026-02-01,1,1,0,0,0,0.7935\r\n2026-03-01,1,1,0,0,0,0.7935\r\n',
    );
  });

  test('an empty table has its header', async () => {
    expect((await get('/v1/metrics?format=csv&table=replyRateByStep')).body).toBe('step,of,count,rate,low,high\r\n');
  });

  test('browsers, which take everything, get JSON; so does format=json', async () => {
    expect((await get('/v1/metrics', { accept: 'text/html,*/*' })).json()).toHaveProperty('verdicts');
    expect((await get('/v1/metrics?format=json', { accept: 'text/csv' })).json()).toHaveProperty('verdicts');
    expect((await get('/v1/metrics', { accept: 'application/json, text/csv' })).json()).toHaveProperty('verdicts');
  });
});

describe('what is refused', () => {
  test.each<[string, string[]]>([
    ['from=yesterday', ['from']],
    ['from=2026-02-30', ['from']],
    ['to=1999-12-31', ['to']],
    ['from=2026-03-03&to=2026-03-02', ['to']],
    ['from=x&to=y&cohort=day', ['from', 'to', 'cohort']],
    ['domainId=growth.example', ['domainId']],
    ['domainId=', ['domainId']],
    ['format=xml', ['format']],
    ['format=csv', ['table']],
    ['format=csv&table=all', ['table']],
    ['table=replyRateByStep', ['table']],
    ['since=2026-03-03', ['since']],
    ['from=2026-03-03&from=2026-03-04', ['from']],
  ])('%s names %j', async (query, fields) => {
    for (const url of [`/v1/metrics?${query}`, `/v1/campaigns/${campaignId}/metrics?${query}`]) {
      const answer = await get(url);
      expect([answer.statusCode, badFields(answer)]).toEqual([400, fields]);
    }
  });

  test('a campaign’s own route takes no other campaign', async () => {
    const answer = await get(`/v1/campaigns/${campaignId}/metrics?campaignId=${campaignId}`);
    expect([answer.statusCode, badFields(answer)]).toEqual([400, ['campaignId']]);
  });

  test('what another client has is not there, and shows nothing', async () => {
    await mailed();
    const { key } = await api.tenant();
    for (const url of [
      `/v1/campaigns/${campaignId}/metrics`,
      `/v1/metrics?campaignId=${campaignId}`,
      `/v1/metrics?domainId=${domainId}`,
      `/v1/campaigns/${randomUUID()}/metrics`,
      '/v1/campaigns/spring/metrics',
    ]) {
      expect([url, (await get(url, {}, key)).statusCode]).toEqual([url, 404]);
    }
    expect((await get('/v1/metrics', {}, key)).json()).toMatchObject({ replyRateByStep: [] });
  });

  test('no key, and a key that may not read', async () => {
    expect((await api.ask(null, 'GET', '/v1/metrics')).statusCode).toBe(401);
    const made = await api.ask(tenant.key, 'POST', '/v1/api-keys', { name: 'writer', scopes: ['write'] });
    const { secret } = made.json<{ secret: string }>();
    expect((await get('/v1/metrics', {}, secret)).statusCode).toBe(403);
  });
});
