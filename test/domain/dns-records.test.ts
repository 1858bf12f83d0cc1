import { judgeDns, passesDnsGate, whatIsMissing } from '../../domain/dns-records';
import type { AnswerOfDns, DnsAnswers, TxtRecord } from '../../domain/dns/answers';
import { dmarcDomains } from '../../domain/dns/dmarc';
import { shownText, type DnsRecord, type DnsRecordKind } from '../../domain/dns/verdict';

const domain = 'growth.example';
const none = { kind: 'none' } as const;
const lost = { kind: 'unanswered', error: 'servfail' } as const;
const texts = (...records: (string | string[])[]): AnswerOfDns<TxtRecord> => ({
  kind: 'found',
  records: records.map((record) => (typeof record === 'string' ? [record] : record)),
});
const key = 'v=DKIM1; k=rsa; p=MIIBIjANBg';

const good: DnsAnswers = {
  txt: texts('v=spf1 mx ~all'),
  dkim: [{ selector: 's1', txt: texts(key), alias: null }],
  dmarc: [{ domain, txt: texts('v=DMARC1; p=none') }],
  mx: { kind: 'found', records: ['mx.growth.example'] },
};

function recordsOf(answers: Partial<DnsAnswers>): DnsRecord[] {
  const verdict = judgeDns(domain, { ...good, ...answers });
  if (verdict.kind !== 'answered') throw new Error(verdict.error);
  return verdict.records;
}
const of = (kind: DnsRecordKind, answers: Partial<DnsAnswers>): DnsRecord =>
  recordsOf(answers).find((record) => record.kind === kind)!;

test('a domain that has all three passes, and nothing is to be published', () => {
  expect(passesDnsGate(recordsOf({}))).toBe(true);
  expect(recordsOf({}).map(({ publish }) => publish)).toEqual([null, null, null]);
});

const includes = (count: number): string =>
  Array.from({ length: count }, (_, nr) => `include:i${nr}.example`).join(' ');

describe('SPF: exactly one record, with an end, at most ten look-ups', () => {
  test.each<[string, (string | string[])[], DnsRecord['status']]>([
    ['none', [], 'missing'],
    ['ends in -all', ['v=spf1 include:_spf.google.com -all'], 'ok'],
    ['ends in ~all', ['v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx/24 ~all'], 'ok'],
    ['redirects', ['v=spf1 redirect=_spf.growth.example'], 'ok'],
    ['in capitals', ['V=SPF1 MX -ALL'], 'ok'],
    ['in several strings', [['v=sp', 'f1 mx ', '-a', 'll']], 'ok'],
    ['strings are joined without a space', [['v=spf1 mx', '-all']], 'wrong'],
    ['beside other texts', ['google-site-verification=x', 'v=spf1 mx -all', 'see v=spf1 mx -all'], 'ok'],
    ['named in another text only', ['our record was v=spf1 mx -all'], 'missing'],
    ['another version', ['v=spf10 mx -all'], 'missing'],
    ['two records', ['v=spf1 mx -all', 'v=spf1 a ~all'], 'wrong'],
    ['two records, one in capitals', ['v=spf1 mx -all', 'V=SPF1 a ~all'], 'wrong'],
    ['no end', ['v=spf1 mx'], 'wrong'],
    ['nothing but the version', ['v=spf1'], 'wrong'],
    ['lets everybody in', ['v=spf1 +all'], 'wrong'],
    ['lets everybody in, in short', ['v=spf1 mx all'], 'wrong'],
    ['says nothing of the rest', ['v=spf1 mx ?all'], 'wrong'],
    ['ten look-ups', [`v=spf1 ${includes(10)} -all`], 'ok'],
    ['eleven look-ups', [`v=spf1 ${includes(11)} -all`], 'wrong'],
    ['a slip of the pen', ['v=spf1 includes:_spf.google.com -all'], 'wrong'],
    ['redirects twice', ['v=spf1 redirect=a.example redirect=b.example'], 'wrong'],
  ])('%s', (_, records, status) => {
    const txt = records.length === 0 ? none : texts(...records);
    expect(of('spf', { txt }).status).toBe(status);
  });

  test('the record to publish: one for two, the end repaired, the mailbox provider included', () => {
    expect(of('spf', { txt: texts('v=spf1 mx -all', 'v=spf1 include:a.example ~all') }).publish).toEqual({
      name: domain,
      type: 'TXT',
      value: 'v=spf1 mx include:a.example ~all',
    });
    expect(of('spf', { txt: texts('v=spf1 a +all') }).publish?.value).toBe('v=spf1 a ~all');
    const mx = { kind: 'found', records: ['ASPMX.L.Google.com.'] } as const;
    expect(of('spf', { txt: none, mx }).publish?.value).toBe('v=spf1 include:_spf.google.com ~all');
    const lookalike = { kind: 'found', records: ['mx.notgoogle.com'] } as const;
    expect(of('spf', { txt: none, mx: lookalike }).publish?.value).toBe('v=spf1 mx ~all');
  });

  test('what is to be published is itself valid', () => {
    for (const bad of [none, texts('v=spf1 +all'), texts(`v=spf1 ${includes(11)} -all`), texts('v=spf1 x y')]) {
      const value = of('spf', { txt: bad }).publish?.value ?? '';
      expect([value, of('spf', { txt: texts(value) }).status]).toEqual([value, 'ok']);
    }
  });
});

describe('DKIM: one key under a selector', () => {
  const under = (txt: AnswerOfDns<TxtRecord>, alias: string | null = null): Partial<DnsAnswers> => ({
    dkim: [{ selector: 's1', txt, alias }],
  });
  test.each<[string, Partial<DnsAnswers>, DnsRecord['status']]>([
    ['none', under(none), 'missing'],
    ['without its version', under(texts('p=MIIB')), 'ok'],
    ['in two strings', under(texts(['v=DKIM1; p=MIIBIj', 'ANBg=='])), 'ok'],
    ['with spaces and a semicolon at the end', under(texts('v=DKIM1 ; k = rsa; p = MII BIj ;')), 'ok'],
    ['of Ed25519', under(texts('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')), 'ok'],
    ['revoked', under(texts('v=DKIM1; p=')), 'wrong'],
    ['of another version', under(texts('v=DKIM2; p=MIIB')), 'wrong'],
    ['the words of a manual', under(texts('v=DKIM1; p=<your key>')), 'wrong'],
    ['two keys', under(texts(key, 'v=DKIM1; p=AAAA')), 'wrong'],
    ['no key but a text', under(texts('hello')), 'wrong'],
    ['a CNAME that ends nowhere', under(none, 'dkim.mailhost.example'), 'wrong'],
  ])('%s', (_, answers, status) => {
    expect(of('dkim', answers).status).toBe(status);
  });

  test('of several selectors one good key is enough, whatever the others are', () => {
    const dkim = [
      { selector: 'a', txt: lost, alias: null },
      { selector: 'b', txt: texts('v=DKIM1; p='), alias: null },
      { selector: 'c', txt: texts(key), alias: null },
    ];
    expect(of('dkim', { dkim })).toMatchObject({ status: 'ok', found: { name: 'c._domainkey.growth.example' } });
    expect(judgeDns(domain, { ...good, dkim: dkim.slice(0, 2) })).toEqual({ kind: 'unanswered', error: 'servfail' });
  });

  test('the record to publish has the place; only the mailbox provider has the key', () => {
    expect(of('dkim', under(none)).publish).toEqual({
      name: 's1._domainkey.growth.example',
      type: 'TXT',
      value: expect.stringMatching(/^v=DKIM1; k=rsa; p=</) as string,
    });
  });
});

describe('DMARC: one record with a policy, its own or inherited', () => {
  const at = (own: AnswerOfDns<TxtRecord>, parent?: AnswerOfDns<TxtRecord>): Partial<DnsAnswers> => ({
    dmarc: [{ domain, txt: own }, ...(parent === undefined ? [] : [{ domain: 'parent.example', txt: parent }])],
  });
  test.each<[string, Partial<DnsAnswers>, DnsRecord['status']]>([
    ['none', at(none), 'missing'],
    ['none anywhere', at(none, none), 'missing'],
    ['reject', at(texts('v=DMARC1;p=reject;pct=50;rua=mailto:d@growth.example')), 'ok'],
    ['inherited', at(none, texts('v=DMARC1; p=none; sp=quarantine')), 'ok'],
    ['inherited past another text', at(texts('hello'), texts('v=DMARC1; p=none')), 'ok'],
    ['its own counts before the inherited one', at(texts('v=DMARC1'), texts('v=DMARC1; p=none')), 'wrong'],
    ['without a policy', at(texts('v=DMARC1; rua=mailto:d@growth.example')), 'wrong'],
    ['a policy that is none', at(texts('v=DMARC1; p=maybe')), 'wrong'],
    ['a policy in capitals', at(texts('v=DMARC1; p=NONE')), 'ok'],
    ['the version in small letters', at(texts('v=dmarc1; p=none')), 'wrong'],
    ['two records', at(texts('v=DMARC1; p=none', 'v=DMARC1; p=reject')), 'wrong'],
    ['no list of tags', at(texts('v=DMARC1; reject')), 'wrong'],
  ])('%s', (_, answers, status) => {
    expect(of('dmarc', answers).status).toBe(status);
  });

  test('pct, rua and where the policy comes from are said', () => {
    expect(of('dmarc', at(texts('v=DMARC1;p=reject;pct=50;rua=mailto:d@growth.example'))).says).toBe(
      'The policy is reject, for 50 % of mail; DKIM alignment is relaxed; reports go to mailto:d@growth.example.',
    );
    expect(of('dmarc', at(none, texts('v=DMARC1; p=none; sp=quarantine'))).says).toContain(
      'quarantine, inherited from parent.example',
    );
  });

  test.each([
    ['growth.example', ['growth.example']],
    ['mail.growth.example', ['mail.growth.example', 'growth.example']],
    ['a.b.growth.com.au', ['a.b.growth.com.au', 'growth.com.au']],
    ['com.au', ['com.au']],
    ['xn--bcher-kva.example', ['xn--bcher-kva.example']],
  ])('%s is asked about at %j', (name, domains) => {
    expect(dmarcDomains(name)).toEqual(domains);
  });
});

describe('what is not answered', () => {
  test.each<[string, Partial<DnsAnswers>]>([
    ['SPF', { txt: lost }],
    ['DKIM', { dkim: [{ selector: 's1', txt: lost, alias: null }] }],
    ['DMARC', { dmarc: [{ domain, txt: lost }] }],
    [
      'the inherited DMARC',
      {
        dmarc: [
          { domain, txt: none },
          { domain: 'parent.example', txt: lost },
        ],
      },
    ],
    ['SPF while DKIM is missing', { txt: lost, dkim: [{ selector: 's1', txt: none, alias: null }] }],
  ])('%s: nothing is known', (_, answers) => {
    expect(judgeDns(domain, { ...good, ...answers })).toEqual({ kind: 'unanswered', error: 'servfail' });
  });

  test('but mail servers are only for the words', () => {
    expect(passesDnsGate(recordsOf({ mx: lost }))).toBe(true);
  });
});

test('what keeps a domain from sending, in short', () => {
  expect(whatIsMissing(recordsOf({ txt: none, dmarc: [{ domain, txt: texts('v=DMARC1') }] }))).toBe(
    'SPF is missing, DMARC is wrong',
  );
});

test('a record is nobody’s friend: it is cut, and what cannot be stored is gone', () => {
  expect(shownText('a\0b\u202ec\ud800')).toBe('a?b?c?');
  expect(shownText('x'.repeat(65_000))).toHaveLength(2_001);
  const began = performance.now();
  for (const filler of ['a=', ' ', ';', 'include:', '+']) {
    const text = filler.repeat(65_000 / filler.length);
    recordsOf({
      txt: texts(`v=spf1 ${text}`),
      dkim: [{ selector: 's1', txt: texts(`p=${text}`), alias: null }],
      dmarc: [{ domain, txt: texts(`v=DMARC1;${text}`) }],
    });
  }
  expect(performance.now() - began).toBeLessThan(3_000);
});
