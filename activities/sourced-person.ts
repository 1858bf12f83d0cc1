import type { Enrichment, Enriched, FoundPerson, PersonFact, PersonFacts } from '../providers/ports';
import type { FieldValues, LeadField } from '../store/leads/lead-fields';
import { rowChecker } from '../store/leads/lead-row';
import type { LeadDraft } from '../store/leads/lead-draft';
import type { SourcedPerson } from '../store/sourcing/sourced-people';

/** Completes somebody whom a search found, and checks them like a row of an import. @throws SourceUnavailable */
export type BuildPerson = (person: FoundPerson) => Promise<SourcedPerson>;

/**
 * @param source the provider whose search found them
 * @param clientCountry where a phone number without a country code is from, when no country is known
 */
export function personBuilder(enrichment: Enrichment | null, source: string, clientCountry: string): BuildPerson {
  const check = rowChecker(clientCountry);
  const companies = new Map<string, Promise<Enriched>>();

  /** Colleagues share their company, which is paid for once. */
  function companyAt(domain: string): Promise<Enriched> | null {
    if (enrichment === null || companies.has(domain)) return null;
    const asked = enrichment.organization(domain);
    companies.set(domain, asked);
    asked.catch(() => companies.delete(domain));
    return asked;
  }

  async function complete(person: FoundPerson): Promise<{ facts: PersonFacts | null; credits: number | null }> {
    const { facts } = person;
    if (person.needsMatch) {
      if (enrichment === null) return { facts: null, credits: null };
      const id = enrichment.name === source ? { id: person.id } : {};
      return enrichment.match({ ...id, facts });
    }
    const domain = facts.companyDomain;
    if (enrichment === null || domain === undefined || !lacksPlace(facts)) return { facts, credits: null };
    const paid = companyAt(domain);
    const company = paid === null ? await companies.get(domain) : await paid;
    const placeless = { ...facts, city: undefined, state: undefined, country: undefined };
    const told = company?.facts ?? {};
    // Never half of one place and half of another.
    const completed = told.country === undefined ? { ...told, ...facts } : { ...told, ...known(placeless) };
    return { facts: completed, credits: paid === null ? 0 : (company?.credits ?? 0) };
  }

  return async (person) => {
    const { facts, credits } = await complete(person);
    const enriched = enrichment === null || credits === null ? null : { by: enrichment.name, credits };
    const base = { id: person.id, foundCredits: person.credits, enriched };
    if (facts?.email === undefined) return { ...base, draft: null, refusal: 'no_email' };
    const draft = draftOf(facts, check);
    return { ...base, draft, refusal: draft === null ? 'refused' : null };
  };
}

/** The zone of the headquarters cannot be told (TIME-2). */
const lacksPlace = ({ city, state, country }: PersonFacts): boolean =>
  country === undefined || (city === undefined && state === undefined);

const known = (facts: Partial<Record<PersonFact, string | undefined>>): PersonFacts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

const columns: Record<PersonFact, LeadField> = {
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  title: 'title',
  linkedinUrl: 'linkedin_url',
  phone: 'phone',
  mobile: 'mobile',
  company: 'company',
  companyDomain: 'company_domain',
  companySize: 'company_size',
  industry: 'industry',
  city: 'city',
  state: 'state',
  country: 'country',
  emailStatus: 'email_status',
  roleStartedOn: 'role_started_on',
  isHiring: 'is_hiring',
  fundedOn: 'funded_on',
};

/** A field that makes no sense is left out; without a sound address the person is of no use. */
export function draftOf(facts: PersonFacts, check: ReturnType<typeof rowChecker>): LeadDraft | null {
  let values: FieldValues = Object.fromEntries(
    Object.entries(facts).map(([fact, value]) => [columns[fact as PersonFact], value]),
  );
  for (;;) {
    const checked = check({ row: 0, values });
    if (!('reason' in checked)) return checked;
    if (checked.field === 'email' || !(checked.field in values)) return null;
    values = Object.fromEntries(Object.entries(values).filter(([field]) => field !== checked.field));
  }
}
