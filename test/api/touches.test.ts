import { createApiKey } from '../../store/tenants/api-keys';
import { createAgency, createLeads, type Agency } from '../store/fixtures';
import { ApiUnderTest, badFields, operatorApiKey } from './api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());

const claimedAt = new Date('2026-03-02T22:14:09Z');

interface Shown {
  touchId: string;
  nextLookAt: string | null;
}

/** A client with its key, and leads whose first touch is uncertain. */
async function agencyWith(leads: number): Promise<{ key: string; agency: Agency; touchIds: string[] }> {
  const agency = await createAgency(api.database);
  const { clientId } = agency;
  const name = { name: 'test', scopes: ['read'], expiresAt: null };
  const { secret: key } = await createApiKey(api.database, { clientId, ...name, now: claimedAt });
  const touchIds = [];
  for (const enrollmentId of await createLeads(api.database, agency, leads))
    touchIds.push(await touch(agency, enrollmentId));
  return { key, agency, touchIds: touchIds.sort() };
}

async function touch({ clientId, campaignId, mailboxIds }: Agency, enrollmentId: string, status = 'uncertain') {
  const ids = { clientId, campaignId, enrollmentId, senderId: mailboxIds[0] ?? '' };
  const sent = status === 'failed' ? {} : { sentAt: claimedAt, sentOn: claimedAt };
  const because = { reason: 'outcome unknown: timed_out', rule: 'TRUTH-1' };
  const facts = { step: status === 'uncertain' ? 1 : 2, channel: 'email', status: status as 'uncertain', fence: 1 };
  const { id } = await api.database.touch.create({ data: { ...ids, ...facts, ...sent, ...because, claimedAt } });
  return id;
}

const list = (key: string, query = '') => api.ask(key, 'GET', `/v1/touches?status=uncertain${query}`);

test('each with what is known and what follows, and nothing else', async () => {
  const { key, agency, touchIds } = await agencyWith(1);
  const [touchId = ''] = touchIds;
  const { enrollmentId } = await api.database.touch.findUniqueOrThrow({ where: { id: touchId } });
  await touch(agency, enrollmentId, 'failed');
  const { leadId } = await api.database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  const expected = {
    touchId,
    leadId,
    campaignId: agency.campaignId,
    step: 1,
    channel: 'email',
    form: null,
    status: 'uncertain',
    reason: 'outcome unknown: timed_out',
    rule: 'TRUTH-1',
    senderId: agency.mailboxIds[0],
    reference: null,
    since: claimedAt.toISOString(),
    looks: 0,
    lastLookAt: null,
    lastAnswer: null,
    nextLookAt: claimedAt.toISOString(),
  };
  expect((await list(key)).json()).toEqual({ data: [expected], nextCursor: null });

  const looked = { looks: 2, lastAnswer: 'absent', lastLookAt: claimedAt, nextLookAt: null };
  await api.database.reconciliation.create({ data: { touchId, clientId: agency.clientId, ...looked } });
  const after = { ...expected, looks: 2, lastAnswer: 'absent', lastLookAt: expected.since, nextLookAt: null };
  expect((await list(key)).json()).toEqual({ data: [after], nextCursor: null });
});

test('page by page, by campaign and channel, and never another client’s', async () => {
  const [mine, theirs] = [await agencyWith(5), await agencyWith(2)];
  const seen: string[] = [];
  let cursor = '';
  do {
    const answer = await list(mine.key, `&limit=2${cursor && `&cursor=${cursor}`}`);
    const page = answer.json<{ data: Shown[]; nextCursor: string | null }>();
    expect(page.data.length).toBeLessThanOrEqual(2);
    seen.push(...page.data.map(({ touchId }) => touchId));
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  expect(seen).toEqual(mine.touchIds);

  const count = async (query: string) => (await list(mine.key, query)).json<{ data: Shown[] }>().data.length;
  expect(await count(`&campaignId=${mine.agency.campaignId}`)).toBe(5);
  expect(await count(`&campaignId=${theirs.agency.campaignId}`)).toBe(0);
  expect(await count('&channel=email')).toBe(5);
  expect(await count('&channel=sms')).toBe(0);
  // Another client's touch as a cursor leads nowhere but to one's own.
  const foreign = Buffer.from(theirs.touchIds[0] ?? '').toString('base64url');
  const page = (await list(mine.key, `&cursor=${foreign}`)).json<{ data: Shown[] }>();
  expect(page.data.every(({ touchId }) => mine.touchIds.includes(touchId))).toBe(true);
});

test.each([
  ['', ['status']],
  ['status=sent', ['status']],
  ['status=uncertain&channel=fax', ['channel']],
  ['status=uncertain&campaignId=1', ['campaignId']],
  ['status=uncertain&limit=0', ['limit']],
  ['status=uncertain&cursor=zzz', ['cursor']],
  ['status=uncertain&leadId=1', ['leadId']],
])('refused: %s', async (query, fields) => {
  const { key } = await api.tenant();
  const answer = await api.ask(key, 'GET', `/v1/touches?${query}`);
  expect(answer.statusCode).toBe(400);
  expect(badFields(answer)).toEqual(fields);
});

test('not without a key, nor with an operator’s', async () => {
  expect((await api.ask(null, 'GET', '/v1/touches?status=uncertain')).statusCode).toBe(401);
  expect((await api.ask(operatorApiKey, 'GET', '/v1/touches?status=uncertain')).statusCode).toBe(403);
});
