import { judgeDns } from '../domain/dns-records';
import type { DnsAnswers } from '../domain/dns/answers';
import { dkimName } from '../domain/dns/dkim';
import { dmarcDomains } from '../domain/dns/dmarc';
import { knownSelectors } from '../domain/dns/mail-hosts';
import type { DnsVerdict } from '../domain/dns/verdict';
import type { Resolver } from '../providers/ports';
import type { Database } from '../store/database';
import { domainToCheck, domainsToCheck, recordDnsCheck, type DomainToCheck } from '../store/senders/dns-checks';

/** What a check of the DNS acts on; the API and the maintenance both have it. */
export interface DnsDeps {
  database: Database;
  resolver: Resolver;
}

/** Domains that are asked about side by side: each is some thirty questions. */
const domainsAtOnce = 4;

/** Domains of one run at most; the next run takes the others, longest unasked first. */
const domainsPerRun = 2_000;

/**
 * The DNS gate: asks what the DNS says of a sending domain, stores it, and pauses the domain (reason dns) as long as
 * SPF, DKIM or DMARC is missing or wrong. When the DNS cannot be asked, only that is noted. Takes a few seconds at most;
 * safe to repeat and to do twice at once. A domain that is not there is passed over.
 */
export async function checkDomainDns(deps: DnsDeps, domainId: string, now: Date): Promise<void> {
  const domain = await domainToCheck(deps.database.sql, domainId);
  if (domain !== null) await check(deps, domain, now);
}

/**
 * Checks every domain whose last check is older than 24 hours; one that may not send, or that could not be asked about,
 * after an hour.
 * @param onProgress called after each few domains, so that whoever waits sees that it goes on
 * @returns how many were checked
 */
export async function checkAllDomainsDns(deps: DnsDeps, now: Date, onProgress: () => void): Promise<number> {
  const due = await domainsToCheck(deps.database.sql, now, domainsPerRun);
  for (let at = 0; at < due.length; at += domainsAtOnce) {
    await Promise.all(due.slice(at, at + domainsAtOnce).map((domain) => check(deps, domain, now)));
    onProgress();
  }
  return due.length;
}

async function check({ database, resolver }: DnsDeps, domain: DomainToCheck, now: Date): Promise<void> {
  const verdict: DnsVerdict = judgeDns(domain.name, await askDns(resolver, domain));
  await recordDnsCheck(database, { domain, verdict, now });
}

/** Asks everything that the judgement needs, side by side. */
export async function askDns(
  resolver: Resolver,
  { name, dkimSelector }: Pick<DomainToCheck, 'name' | 'dkimSelector'>,
): Promise<DnsAnswers> {
  const selectors = dkimSelector === null ? knownSelectors : [dkimSelector];
  const [txt, mx, dkim, dmarc] = await Promise.all([
    resolver.txt(name),
    resolver.mx(name),
    Promise.all(selectors.map((selector) => askSelector(resolver, selector, name))),
    Promise.all(dmarcDomains(name).map(async (domain) => ({ domain, txt: await resolver.txt(`_dmarc.${domain}`) }))),
  ]);
  const names = mx.kind === 'found' ? { kind: mx.kind, records: mx.records.map(({ exchange }) => exchange) } : mx;
  return { txt, mx: names, dkim, dmarc };
}

/** A CNAME is followed by the server that is asked; one that leads to no key is worth saying. */
async function askSelector(resolver: Resolver, selector: string, domain: string): Promise<DnsAnswers['dkim'][number]> {
  const name = dkimName(selector, domain);
  const txt = await resolver.txt(name);
  if (txt.kind !== 'none') return { selector, txt, alias: null };
  const alias = await resolver.cname(name);
  return { selector, txt, alias: alias.kind === 'found' ? (alias.records[0] ?? null) : null };
}
