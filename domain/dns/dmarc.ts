import { getDomain } from 'tldts';
import { tagsOf, textsOf, type DnsAnswers } from './answers';
import { shownText, type DnsRecord } from './verdict';

const policies = ['none', 'quarantine', 'reject'];

/** The organisational domain by the public suffix list (RFC 7489 3.2): acme.example of mail.acme.example. */
export function organisationalDomain(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain;
}

/** The domains whose _dmarc record counts: its own first, then the organisational one's (RFC 7489 6.6.3). */
export const dmarcDomains = (domain: string): string[] => [...new Set([domain, organisationalDomain(domain)])];

/** Is this text a DMARC record? The version comes first, as it is spelled in the standard. */
const isDmarc = (text: string): boolean => /^v\s*=\s*DMARC1\s*(;|$)/.test(text);
const isMeantAsDmarc = (text: string): boolean => /^\s*v\s*=\s*dmarc/i.test(text);

/** DMARC of a sending domain: one record of its own or of the organisational domain, with a policy. Null: unanswered. */
export function judgeDmarc(domain: string, dmarc: DnsAnswers['dmarc']): DnsRecord | null {
  const suggestion = { type: 'TXT' as const, value: `v=DMARC1; p=none; rua=mailto:dmarc@${domain}` };
  for (const { domain: at, txt } of dmarc) {
    const texts = textsOf(txt);
    if (texts === null) return null;
    const meant = texts.filter(isMeantAsDmarc);
    if (meant.length === 0) continue;
    const name = `_dmarc.${at}`;
    const found = { name, value: shownText(meant.join(' | ')) };
    const objection = objectionTo(meant);
    if (objection !== null) {
      return { kind: 'dmarc', status: 'wrong', found, says: objection, publish: { name, ...suggestion } };
    }
    return {
      kind: 'dmarc',
      status: 'ok',
      found,
      says: describe(meant[0] ?? '', at === domain ? null : at),
      publish: null,
    };
  }
  const says =
    'There is no DMARC record. It tells receivers what to do with mail that only claims to be from the domain.';
  return { kind: 'dmarc', status: 'missing', found: null, says, publish: { name: `_dmarc.${domain}`, ...suggestion } };
}

/** @param meant what stands at one name and is meant as DMARC, at least one */
function objectionTo(meant: readonly string[]): string | null {
  if (meant.length > 1) return `There are ${meant.length} DMARC records, and receivers then heed none. Keep one.`;
  const [record = ''] = meant;
  if (!isDmarc(record)) return 'The DMARC record must begin with exactly "v=DMARC1;".';
  const tags = tagsOf(record);
  if (tags === null) return 'The DMARC record holds something that is not of the form tag=value.';
  const policy = tags.get('p')?.toLowerCase();
  if (policy === undefined || !policies.includes(policy)) {
    return `The DMARC record needs a policy: p= one of ${policies.join(', ')}.`;
  }
  return null;
}

function describe(record: string, inheritedFrom: string | null): string {
  const tags = tagsOf(record);
  const own = tags?.get('p') ?? '';
  const policy = inheritedFrom === null ? own : (tags?.get('sp') ?? own);
  const source = inheritedFrom === null ? '' : `, inherited from ${inheritedFrom}`;
  const strict = tags?.get('adkim')?.toLowerCase() === 's' ? 'strict' : 'relaxed';
  const reports = tags?.get('rua');
  return shownText(
    `The policy is ${policy}${source}, for ${tags?.get('pct') ?? '100'} % of mail; DKIM alignment is ${strict}; ` +
      `reports go to ${reports === undefined ? 'nobody' : reports.slice(0, 200)}.`,
  );
}
