import { bulkSenderRules, type BulkSenderFacts } from '../../domain/bulk-sender-rules';
import type { DnsRecord } from '../../domain/dns/verdict';

const record = (kind: DnsRecord['kind'], status: DnsRecord['status'] = 'ok'): DnsRecord => ({
  kind,
  status,
  found: null,
  says: kind,
  publish: null,
});
const known: BulkSenderFacts = {
  records: [record('spf'), record('dkim'), record('dmarc')],
  complaintRate: 0.0005,
  oneClickUnsubscribe: true,
  tls: true,
  forwardRecords: true,
};
const statuses = (facts: Partial<BulkSenderFacts>): Record<string, string> =>
  Object.fromEntries(bulkSenderRules({ ...known, ...facts }).map(({ rule, status }) => [rule, status]));

test('a sender that keeps every rule is green throughout', () => {
  expect(new Set(Object.values(statuses({})))).toEqual(new Set(['green']));
});

test.each<[string, Partial<BulkSenderFacts>, string, string]>([
  ['the DNS was never asked', { records: null }, 'spf', 'not measured'],
  ['the DNS was never asked', { records: null }, 'alignment', 'not measured'],
  ['no SPF', { records: [record('spf', 'missing'), record('dkim'), record('dmarc')] }, 'spf', 'red'],
  ['a wrong key', { records: [record('spf'), record('dkim', 'wrong'), record('dmarc')] }, 'alignment', 'red'],
  ['nobody reports complaints (HLTH-4)', { complaintRate: null }, 'complaints', 'not measured'],
  ['no complaints', { complaintRate: 0 }, 'complaints', 'green'],
  ['0.1 % is not under 0.1 %', { complaintRate: 0.001 }, 'complaints', 'red'],
  ['no headers', { oneClickUnsubscribe: false }, 'oneClickUnsubscribe', 'red'],
  ['TLS is not known', { tls: null }, 'tls', 'not measured'],
  ['no TLS', { tls: false }, 'tls', 'red'],
  ['servers are not known', { forwardRecords: null }, 'forwardRecords', 'not measured'],
])('%s: %j', (_, facts, rule, status) => {
  expect(statuses(facts)[rule]).toBe(status);
});
