import { checkDomainDns } from '../../activities/check-dns';
import type { Resolver } from '../../providers/ports';
import { dnsOf, goodDns } from '../support/dns';
import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

interface DomainAnswer {
  id: string;
  name: string;
  health: { status: string };
  pauses: { reason: string; detail: string }[];
  dns: {
    askedAt: string | null;
    couldNotBeAsked: string | null;
    checkedAt: string | null;
    records: { kind: string; status: string; publish: { name: string; type: string; value: string } | null }[];
    bulkSenderRules: { rule: string; status: string }[];
  };
}

let resolver: Resolver = goodDns;
let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await ApiUnderTest.start({
    checkDomainDns: (id, now) => checkDomainDns({ database: api.database, resolver }, id, now),
  });
  tenant = await api.tenant();
});
afterAll(() => api.stop());
beforeEach(() => {
  resolver = goodDns;
});

let counter = 0;
const register = async (fields: Record<string, unknown> = {}) => {
  counter += 1;
  return api.ask(tenant.key, 'POST', '/v1/domains', { name: `d${counter}.example`, ...fields });
};
const checkAgain = async (id: string) =>
  (await api.ask(tenant.key, 'POST', `/v1/domains/${id}/check`)).json<DomainAnswer>();

test('a registration shows at once that everything is there', async () => {
  const answer = await register();
  expect(answer.statusCode).toBe(201);
  const { dns, health, pauses } = answer.json<DomainAnswer>();
  expect(dns).toMatchObject({ checkedAt: api.now.toISOString(), couldNotBeAsked: null });
  expect(dns.records.map(({ kind, status, publish }) => [kind, status, publish])).toEqual([
    ['spf', 'ok', null],
    ['dkim', 'ok', null],
    ['dmarc', 'ok', null],
  ]);
  expect([health.status, pauses]).toEqual(['sending', []]);
  expect(Object.fromEntries(dns.bulkSenderRules.map(({ rule, status }) => [rule, status]))).toEqual({
    spf: 'green',
    dkim: 'green',
    dmarc: 'green',
    alignment: 'green',
    oneClickUnsubscribe: 'green',
    complaints: 'not measured',
    tls: 'not measured',
    forwardRecords: 'not measured',
  });
});

test('what is missing is shown with the record to publish; it sends when it is there, not when someone resumes', async () => {
  resolver = dnsOf({});
  const { id, dns, pauses } = (await register()).json<DomainAnswer>();
  expect(pauses).toMatchObject([{ reason: 'dns', detail: 'SPF is missing, DKIM is missing, DMARC is missing' }]);
  expect(dns.records.map(({ publish }) => publish?.name)).toEqual([
    `d${counter}.example`,
    `<selector>._domainkey.d${counter}.example`,
    `_dmarc.d${counter}.example`,
  ]);
  const resumed = await api.ask(tenant.key, 'POST', `/v1/domains/${id}/resume`);
  expect(resumed.json<DomainAnswer>().health.status).toBe('paused');
  resolver = goodDns;
  expect((await checkAgain(id)).health.status).toBe('sending');
});

test('when the DNS cannot be asked, the domain is registered and waits; later failures change nothing', async () => {
  const lost = { kind: 'unanswered', error: 'timed_out' } as const;
  const away: Resolver = {
    txt: () => Promise.resolve(lost),
    mx: () => Promise.resolve(lost),
    mailHosts: () => Promise.resolve(lost),
    cname: () => Promise.resolve(lost),
  };
  resolver = away;
  const { id, dns, pauses } = (await register()).json<DomainAnswer>();
  expect(pauses).toMatchObject([{ reason: 'dns', detail: 'not checked yet' }]);
  expect(dns).toMatchObject({ checkedAt: null, couldNotBeAsked: 'timed_out', records: [] });
  expect(dns.bulkSenderRules[0]).toMatchObject({ status: 'not measured' });
  resolver = goodDns;
  await checkAgain(id);
  resolver = away;
  expect(await checkAgain(id)).toMatchObject({ health: { status: 'sending' }, dns: { couldNotBeAsked: 'timed_out' } });
});

test('a selector that is named is asked at once', async () => {
  const { id } = (await register()).json<DomainAnswer>();
  const patch = (body: object) => api.ask(tenant.key, 'PATCH', `/v1/domains/${id}`, body);
  expect((await patch({ dkimSelector: 'Own' })).json()).toMatchObject({
    dkimSelector: 'own',
    pauses: [{ reason: 'dns', detail: 'DKIM is missing' }],
  });
  expect((await patch({ dkimSelector: null })).json()).toMatchObject({ dkimSelector: null, pauses: [] });
  for (const dkimSelector of ['', 'a b', '-a', 'a_', `${'a'.repeat(64)}`, 'x;y']) {
    expect([dkimSelector, badFields(await patch({ dkimSelector }))]).toEqual([dkimSelector, ['dkimSelector']]);
  }
});

test('another tenant’s domain cannot be checked, nor can a mailbox', async () => {
  const { id } = (await register()).json<DomainAnswer>();
  const other = await api.tenant();
  expect((await api.ask(other.key, 'POST', `/v1/domains/${id}/check`)).statusCode).toBe(404);
  expect((await api.ask(tenant.key, 'POST', `/v1/mailboxes/${id}/check`)).statusCode).toBe(404);
});

test('OWN-4: a name in its own script is the domain of its ASCII form', async () => {
  const answer = await register({ name: 'Bücher.example' });
  expect(answer.json()).toMatchObject({ name: 'xn--bcher-kva.example' });
  expect((await register({ name: 'xn--bcher-kva.example' })).statusCode).toBe(409);
  expect(badFields(await register({ name: 'a\u0000b.example' }))).toEqual(['name']);
});
