import { mailforgeMailboxes } from '../../providers/mailforge/client';
import { anywhere, localApi, type LocalApi } from '../providers/local-api';
import { ApiUnderTest, badFields } from './api-under-test';

let mailforge: LocalApi;
let api: ApiUnderTest;
let rows: unknown;

beforeAll(async () => {
  mailforge = await localApi(({ headers, query }) => {
    if (headers.authorization !== 'right') return { status: 401 };
    return query.get('with_credentials') === 'true' ? { status: 200, json: { data: rows } } : { status: 400 };
  });
  api = await ApiUnderTest.start({
    readMailforge: mailforgeMailboxes({ mailforge: { baseUrl: mailforge.url } }, anywhere()),
  });
});
afterAll(async () => {
  await api.stop();
  await mailforge.close();
});

const box = (email: string, changes: object = {}) => ({
  email,
  firstName: 'Anna',
  lastName: 'Reid',
  credentials: {
    smtpHost: 'smtp.mailhost.example',
    smtpPort: 587,
    smtpUsername: email,
    smtpPassword: 'one',
    ...changes,
  },
});

test('mailboxes on the client’s domains come with their accounts; asked again, they are brought up to date', async () => {
  const { key: mine } = await api.tenant();
  const { key: theirs } = await api.tenant();
  await api.ask(mine, 'POST', '/v1/domains', { name: 'mine.example' });
  await api.ask(theirs, 'POST', '/v1/domains', { name: 'theirs.example' });
  rows = [
    box('Anna@mine.example'),
    box('ben@theirs.example'),
    box('eve@mine.example', { smtpHost: null }),
    { email: null },
  ];
  const imports = (key: string) => api.ask(key, 'POST', '/v1/mailboxes/import', { apiKey: 'right' });
  const unknown = 'is on a domain that is not registered: POST /v1/domains first';
  const none = { address: 'eve@mine.example', reason: 'Mailforge names no SMTP account of it' };
  const first = await imports(mine);
  expect(first.statusCode).toBe(200);
  expect(first.json()).toEqual({
    imported: 1,
    updated: 0,
    refused: [{ address: 'ben@theirs.example', reason: unknown }, none],
  });
  const inbox = { imapHost: 'imap.mailhost.example', imapPort: 993, imapUsername: 'anna', imapPassword: 'two' };
  rows = [box('anna@mine.example', { smtpHost: 'new.mailhost.example', ...inbox })];
  expect((await imports(mine)).json()).toEqual({ imported: 0, updated: 1, refused: [] });
  expect((await imports(theirs)).json()).toMatchObject({
    refused: [{ address: 'anna@mine.example', reason: unknown }],
  });
  const [shown] = (await api.ask(mine, 'GET', '/v1/mailboxes')).json<{ data: { smtp: object; imap: object }[] }>().data;
  expect(shown?.smtp).toEqual({ host: 'new.mailhost.example', port: 587, username: 'anna@mine.example' });
  expect(shown?.imap).toEqual({ host: 'imap.mailhost.example', port: 993, username: 'anna', secure: true });
});

test('a wrong or missing key, and an answer that is no list, change nothing and say so', async () => {
  const { key } = await api.tenant();
  for (const body of [{ apiKey: 'wrong' }, {}]) {
    const answer = await api.ask(key, 'POST', '/v1/mailboxes/import', body);
    expect([answer.statusCode, badFields(answer)]).toEqual([400, ['apiKey']]);
  }
  rows = { not: 'a list' };
  expect((await api.ask(key, 'POST', '/v1/mailboxes/import', { apiKey: 'right' })).statusCode).toBe(409);
  expect((await api.ask(key, 'POST', '/v1/mailboxes/import', { key: 'right' })).statusCode).toBe(400);
});
