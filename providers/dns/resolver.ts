import { Resolver as DnsClient } from 'node:dns/promises';
import type { Outside } from '../outside';
import type { DnsAnswer, Resolver } from '../ports';

/** The longest that one question may take, in milliseconds: a person waits for the answers when a domain is registered. */
export const questionWithinMs = 4_000;

/** Milliseconds for one attempt, and how many there are for each server. */
const attempts = { timeout: 1_200, tries: 2 };

/** What servers answer for certain: no such name, no such record, or a name that cannot exist. */
const certain = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/**
 * Asks the DNS by its own protocol, past the system's files.
 * @param servers ip:port each; null: the system's, which are not asked when nothing may leave this machine
 */
export function openResolver(servers: readonly string[] | null, outside: Pick<Outside, 'onlyThisMachine'>): Resolver {
  const client = new DnsClient(attempts);
  if (servers !== null) client.setServers(servers);
  const mayAsk = servers !== null || !outside.onlyThisMachine;
  const ask = <T>(question: () => Promise<T[]>): Promise<DnsAnswer<T>> =>
    mayAsk ? answerOf(question) : Promise.resolve({ kind: 'unanswered', error: 'not_this_machine' });
  return {
    txt: (name) => ask(() => client.resolveTxt(name)),
    cname: (name) => ask(() => client.resolveCname(name)),
    mailHosts: (domain) => ask(() => mailHostsOf(client, domain)),
    mx: (domain) => ask(async () => (await client.resolveMx(domain)).filter(({ exchange }) => exchange !== '')),
  };
}

/** @throws what the servers said, or that nobody did */
async function mailHostsOf(client: DnsClient, domain: string): Promise<string[]> {
  try {
    return (await client.resolveMx(domain)).map(({ exchange }) => exchange).filter((exchange) => exchange !== '');
  } catch (error) {
    // There is the name, and no such record of it.
    if ((error as NodeJS.ErrnoException).code !== 'ENODATA') throw error;
  }
  const asked = await Promise.allSettled([client.resolve4(domain), client.resolve6(domain)]);
  if (asked.some((answer) => answer.status === 'fulfilled' && answer.value.length > 0)) return [domain];
  const doubtful = asked.find((answer) => answer.status === 'rejected' && failed(answer.reason).kind !== 'none');
  if (doubtful?.status === 'rejected') throw doubtful.reason;
  return [];
}

async function answerOf<T>(question: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DnsAnswer<T>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'unanswered', error: 'timed_out' }), questionWithinMs);
  });
  try {
    return await Promise.race([question().then(found, failed), late]);
  } finally {
    clearTimeout(timer);
  }
}

const found = <T>(records: T[]): DnsAnswer<T> => (records.length === 0 ? { kind: 'none' } : { kind: 'found', records });

function failed(error: unknown): { kind: 'none' } | { kind: 'unanswered'; error: string } {
  const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  if (certain.includes(code)) return { kind: 'none' };
  return { kind: 'unanswered', error: code === 'ETIMEOUT' ? 'timed_out' : code.replace(/^E/, '').toLowerCase() };
}
