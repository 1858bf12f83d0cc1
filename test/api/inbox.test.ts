import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let nr = 0;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  nr += 1;
  await api.ask(tenant.key, 'POST', '/v1/domains', { name: `d${nr}.example` });
});

const imap = { host: 'imap.example', username: 'anna', password: 'hunter-three' };
const create = (account: unknown) =>
  api.ask(tenant.key, 'POST', '/v1/mailboxes', { address: `anna@d${nr}.example`, imap: account });
const created = async (account: unknown): Promise<string> => (await create(account)).json<{ id: string }>().id;
const change = (id: string, account: unknown, key = tenant.key) =>
  api.ask(key, 'PATCH', `/v1/mailboxes/${id}`, { imap: account });
const row = (senderId: string) => api.database.inbox.findUnique({ where: { senderId } });

test('a mailbox with an IMAP account shows the account without its password, and how its inbox is', async () => {
  const answer = await create(imap);
  expect(answer.statusCode).toBe(201);
  expect(answer.json()).toMatchObject({
    imap: { host: 'imap.example', port: 993, username: 'anna', secure: true },
    inbox: { state: 'waiting', lastSeenAt: null, error: null },
  });
  expect(answer.body).not.toContain('hunter-three');
  const { id } = answer.json<{ id: string }>();
  await api.database.inbox.update({
    where: { senderId: id },
    data: { state: 'refused', error: 'authentication_failed', lastSeenAt: api.now },
  });
  const shown = await api.ask(tenant.key, 'GET', `/v1/mailboxes/${id}`);
  expect(shown.json()).toMatchObject({
    inbox: { state: 'refused', lastSeenAt: api.now.toISOString(), error: 'authentication_failed' },
  });
  expect(shown.body).not.toContain('hunter-three');
});

test('a mailbox without one has no inbox', async () => {
  expect((await create(undefined)).json()).toMatchObject({ imap: null, inbox: null });
});

test.each([
  [143, undefined, false],
  [993, undefined, true],
  [1143, true, true],
])('port %i, secure %s: TLS from the first byte is %s', async (port, secure, is) => {
  expect((await create({ ...imap, port, secure })).json()).toMatchObject({ imap: { secure: is } });
});

test('another password keeps what was read; another account begins anew; null ends it', async () => {
  const id = await created(imap);
  await api.database.inbox.update({
    where: { senderId: id },
    data: { uidValidity: 7n, lastUid: 9n, state: 'refused', error: 'authentication_failed', failures: 3 },
  });
  await change(id, { ...imap, password: 'hunter-four' });
  expect(await row(id)).toMatchObject({ password: 'hunter-four', lastUid: 9n, state: 'waiting', failures: 0 });
  await change(id, { ...imap, username: 'bob' });
  expect(await row(id)).toMatchObject({ username: 'bob', lastUid: null });
  expect((await api.ask(tenant.key, 'PATCH', `/v1/mailboxes/${id}`, { displayName: 'Bob' })).statusCode).toBe(200);
  expect(await row(id)).not.toBeNull();
  expect((await change(id, null)).json()).toMatchObject({ imap: null, inbox: null });
  expect(await row(id)).toBeNull();
});

test('nobody changes another client’s', async () => {
  const id = await created(imap);
  const other = await api.tenant();
  expect((await change(id, { ...imap, host: 'evil.example' }, other.key)).statusCode).toBe(404);
  expect(await row(id)).toMatchObject({ host: 'imap.example' });
});

test.each<[string, object]>([
  ['imap.password', { host: 'imap.example', username: 'anna' }],
  ['imap.password', { ...imap, password: '' }],
  ['imap.password', { ...imap, password: 'a\0b' }],
  ['imap.port', { ...imap, port: 70_000 }],
  ['imap.username', { ...imap, username: '' }],
  ['imap.host', { ...imap, host: '' }],
])('a wrong %s is refused by name', async (field, account) => {
  const answer = await create(account);
  expect([answer.statusCode, badFields(answer)]).toEqual([400, [field]]);
});
