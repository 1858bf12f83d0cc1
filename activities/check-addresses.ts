import { domainToASCII } from 'node:url';
import { domainOf, isCheckDue, judgeAddress, verdictAtSight, type MailExchange } from '../domain/address-check';
import type { MailExchangeLookup } from './mail-exchanges';
import { readAddresses, writeVerdicts, type CheckableAddress } from '../store/leads/address-checks';
import type { ActivityDeps } from './deps';

/** What checking addresses acts on. */
export type AddressCheckDeps = Pick<ActivityDeps, 'database' | 'clock' | 'log'> & {
  /** One that remembers: `rememberMailExchanges`. */
  mailExchanges: MailExchangeLookup;
};

/** Questions to the DNS at a time. */
const questionsAtOnce = 16;

/**
 * Checks the addresses of leads before their first mail (SEQ-7): syntax, disposable domains, mail exchange. Bad ones get no
 * mail; what nobody can tell blocks nothing. An address whose verdict still holds is not asked about again. Safe to repeat.
 * @returns how many were checked now
 */
export async function checkAddresses(deps: AddressCheckDeps, leadIds: readonly string[]): Promise<number> {
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const due = (await readAddresses(sql, leadIds)).filter(({ status, checkedAt }) => isCheckDue(status, checkedAt, now));
  const exchanges = await exchangesOf(deps, due);
  const verdicts = due.map(({ leadId, email }) => {
    const status = judgeAddress(email, exchanges.get(domainOf(email)) ?? 'unknown');
    return { leadId, email, status };
  });
  await writeVerdicts(sql, verdicts, now);
  const bad = verdicts.filter(({ status }) => status !== 'deliverable' && status !== 'unchecked').length;
  if (verdicts.length > 0) deps.log.info({ checked: verdicts.length, bad }, 'addresses');
  return verdicts.length;
}

/**
 * Each domain's mail exchange, as far as the address itself does not settle it; every domain is asked for once. When nobody
 * answers a whole round, nobody is asked any more: the admission does not wait for a name server that is away.
 */
async function exchangesOf(
  { mailExchanges }: AddressCheckDeps,
  addresses: readonly CheckableAddress[],
): Promise<ReadonlyMap<string, MailExchange>> {
  const open = addresses.filter(({ email }) => verdictAtSight(email) === null);
  const domains = [...new Set(open.map(({ email }) => domainOf(email)))];
  const found = new Map<string, MailExchange>();
  for (let from = 0; from < domains.length; from += questionsAtOnce) {
    const some = domains.slice(from, from + questionsAtOnce);
    const answers = await Promise.all(some.map((domain) => exchangeOf(mailExchanges, domain)));
    some.forEach((domain, index) => found.set(domain, answers[index] ?? 'unknown'));
    if (answers.every((answer) => answer === 'unknown')) break;
  }
  return found;
}

/** A null MX (RFC 7505) is a host without a name. */
async function exchangeOf(mailExchanges: MailExchangeLookup, domain: string): Promise<MailExchange> {
  const ascii = domainToASCII(domain);
  // A name that cannot be written for the DNS exists nowhere.
  if (ascii === '') return 'none';
  try {
    const answer = await mailExchanges.mx(ascii);
    if (typeof answer === 'string') return answer;
    return answer.some((host) => host.replace(/\.$/, '') !== '') ? 'found' : 'none';
  } catch {
    return 'unknown';
  }
}
