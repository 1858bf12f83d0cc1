import type { Enrichment, FoundPerson, LeadSource, PersonFacts } from '../../providers/ports';
import { SourceUnavailable } from '../../providers/ports';

/** Somebody in Perth whom a search finds; what they do not have is undefined. */
export const personNr = (
  nr: number,
  facts: Partial<Record<keyof PersonFacts, string | undefined>> = {},
): PersonFacts => {
  const all = {
    email: `p${nr}@acme${nr}.example`,
    firstName: 'Ann',
    lastName: `Nr${nr}`,
    title: 'COO',
    linkedinUrl: `https://www.linkedin.com/in/p${nr}`,
    mobile: `+6149157${String(nr).padStart(4, '0')}`,
    company: 'Acme',
    companyDomain: `acme${nr}.example`,
    companySize: '51-200',
    industry: 'Logistics',
    city: 'Perth',
    state: 'Western Australia',
    country: 'Australia',
    ...facts,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

export interface FakeDirectory {
  source: LeadSource;
  enrichment: Enrichment;
  /** What was asked: "page 1", "match 7", "company acme.example". */
  asked: string[];
  /** Before the n-th question, counted from 1, this is thrown. */
  failAt: Map<number, Error>;
}

/** A directory whose search shows ids alone, ten on a page; a match tells everything, for a credit. */
export function directoryOf(people: readonly PersonFacts[], name = 'apollo', perPage = 10): FakeDirectory {
  const asked: string[] = [];
  const failAt = new Map<number, Error>();
  const ask = (what: string): void => {
    asked.push(what);
    const failure = failAt.get(asked.length);
    if (failure) throw failure;
  };
  return {
    asked,
    failAt,
    source: {
      name,
      search(_query, cursor) {
        const page = Number(cursor ?? 1);
        ask(`page ${page}`);
        const found = people.slice((page - 1) * perPage, page * perPage).map((facts, index): FoundPerson => {
          const { companyDomain, linkedinUrl } = facts;
          const shown = { ...(companyDomain ? { companyDomain } : {}), ...(linkedinUrl ? { linkedinUrl } : {}) };
          return { id: String((page - 1) * perPage + index), facts: shown, needsMatch: true, credits: 0 };
        });
        const next = page * perPage >= people.length ? null : String(page + 1);
        return Promise.resolve({ people: found, total: people.length, next });
      },
    },
    enrichment: {
      name,
      match({ id }) {
        ask(`match ${id}`);
        return Promise.resolve({ facts: people[Number(id)] ?? null, credits: 1 });
      },
      organization(domain) {
        ask(`company ${domain}`);
        const facts = { city: 'Berlin', state: 'Berlin', country: 'Germany', industry: 'Logistics' };
        return Promise.resolve({ facts, credits: 2 });
      },
    },
  };
}

export const busy = (seconds = 7): SourceUnavailable =>
  new SourceUnavailable('apollo', 'rate_limited', { retry: 'later', retryAfterSeconds: seconds });
