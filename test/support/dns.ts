import { askDns } from '../../activities/check-dns';
import { judgeDns } from '../../domain/dns-records';
import type { DnsAnswer, Resolver } from '../../providers/ports';

/** What a test's DNS holds: the TXT records of each name, a CNAME, or why it cannot be asked. */
export type TestZone = Record<string, string[] | { cname: string } | { error: string }>;

/** A resolver that answers from a table; what is not in it does not exist. */
export function dnsOf(zone: TestZone, mx: string[] = []): Resolver {
  const txt = (name: string): DnsAnswer<readonly string[]> => {
    const held = zone[name];
    if (held === undefined || 'cname' in held) return { kind: 'none' };
    if ('error' in held) return { kind: 'unanswered', error: held.error };
    return { kind: 'found', records: held.map((text) => [text]) };
  };
  return {
    txt: (name) => Promise.resolve(txt(name)),
    cname: (name) => {
      const held = zone[name];
      const isAlias = held !== undefined && 'cname' in held;
      return Promise.resolve(isAlias ? { kind: 'found', records: [held.cname] } : { kind: 'none' });
    },
    mx: () => Promise.resolve({ kind: 'found', records: mx.map((exchange, priority) => ({ exchange, priority })) }),
    mailHosts: () => Promise.resolve({ kind: 'found', records: mx }),
  };
}

/** A resolver in whose world every domain has all that it needs. */
export const goodDns: Resolver = {
  txt: (name) => {
    const text = name.startsWith('_dmarc.') ? 'v=DMARC1; p=none' : undefined;
    const key = name.startsWith('google._domainkey.') ? 'v=DKIM1; p=MIIB' : undefined;
    if (name.includes('._domainkey.') && key === undefined) return Promise.resolve({ kind: 'none' });
    return Promise.resolve({ kind: 'found', records: [[text ?? key ?? 'v=spf1 mx ~all']] });
  },
  cname: () => Promise.resolve({ kind: 'none' }),
  mx: (domain) => Promise.resolve({ kind: 'found', records: [{ exchange: `mx.${domain}`, priority: 10 }] }),
  mailHosts: (domain) => Promise.resolve({ kind: 'found', records: [`mx.${domain}`] }),
};

/** The three verdicts on a domain as the engine makes them, or why there are none. */
export async function checkDnsOf(resolver: Resolver, name: string): Promise<Record<string, string>> {
  const verdict = judgeDns(name, await askDns(resolver, { name, dkimSelector: null }));
  if (verdict.kind === 'unanswered') return { unanswered: verdict.error };
  return Object.fromEntries(verdict.records.map(({ kind, status }) => [kind, status]));
}
