import type { Resolver } from '../providers/ports';
import type { Clock } from '../runtime/clock';

/** Where domains take their mail. */
export interface MailExchangeLookup {
  /**
   * The domain's mail hosts. none: it certainly takes no mail (no such domain, neither an MX record nor an address, or the
   * null MX of RFC 7505).
   * unknown: nobody answered in time.
   * @param domain in ASCII (IDNA)
   */
  mx(domain: string): Promise<string[] | 'none' | 'unknown'>;
}

type Answer = Awaited<ReturnType<MailExchangeLookup['mx']>>;

/** Minutes for which an answer is remembered. Leads of one company come together, so even a short memory spares questions. */
const minutes = { found: 24 * 60, none: 60, unknown: 5 } as const;

/** Domains that are remembered; then all are forgotten. */
const domainsAtMost = 20_000;

/** The longest that one question may take, in milliseconds. */
export const mailExchangeWithinMs = 5_000;

const remembered = new WeakMap<Resolver, MailExchangeLookup>();

/** What a resolver tells, remembered for as long as the process has it. */
export function rememberedMailExchanges(resolver: Resolver, clock: Pick<Clock, 'now'>): MailExchangeLookup {
  const known = remembered.get(resolver) ?? rememberMailExchanges({ mx: (domain) => askFor(resolver, domain) }, clock);
  remembered.set(resolver, known);
  return known;
}

async function askFor(resolver: Resolver, domain: string): Promise<Answer> {
  const answer = await resolver.mailHosts(domain);
  if (answer.kind === 'unanswered') return 'unknown';
  return answer.kind === 'none' ? 'none' : [...answer.records];
}

/**
 * Asks for each domain once in a while, whoever asks and however many at a time. A question that fails or takes too long is
 * answered "unknown": a name server that is away never blocks anybody.
 */
export function rememberMailExchanges(
  lookup: MailExchangeLookup,
  clock: Pick<Clock, 'now'>,
  withinMs = mailExchangeWithinMs,
): MailExchangeLookup {
  const known = new Map<string, { answer: Answer; until: number }>();
  const asked = new Map<string, Promise<Answer>>();

  async function ask(domain: string): Promise<Answer> {
    try {
      const answer = await inTime(() => lookup.mx(domain), withinMs);
      const kind = typeof answer === 'string' ? answer : 'found';
      const until = (await clock.now()).getTime() + minutes[kind] * 60_000;
      if (known.size >= domainsAtMost) known.clear();
      known.set(domain, { answer, until });
      return answer;
    } finally {
      asked.delete(domain);
    }
  }

  return {
    async mx(domain) {
      const now = (await clock.now()).getTime();
      const before = known.get(domain);
      if (before !== undefined && before.until > now) return before.answer;
      const asking = asked.get(domain) ?? ask(domain);
      asked.set(domain, asking);
      return asking;
    },
  };
}

async function inTime(question: () => Promise<Answer>, withinMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), withinMs);
  });
  try {
    return await Promise.race([question(), late]);
  } catch {
    return 'unknown';
  } finally {
    clearTimeout(timer);
  }
}
