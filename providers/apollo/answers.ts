import { asRecord, textField } from '../http-exchange';
import type { FoundPerson, PersonFacts } from '../ports';
import { factsFrom, employeeRange } from '../person-facts';

type Fields = Record<string, unknown>;

/** Somebody of a search's page; null when they have no id, or nobody can write to them. */
export function foundPerson(value: unknown): FoundPerson | null {
  const person = asRecord(value);
  const id = textField(person, 'id');
  if (id === null || person['has_email'] === false) return null;
  const organization = asRecord(person['organization']);
  const facts = factsFrom({
    firstName: textField(person, 'first_name'),
    // "Ng***n": a name for people to look at, not to write to.
    lastName: textField(person, 'last_name', 'last_name_obfuscated'),
    title: textField(person, 'title'),
    linkedinUrl: textField(person, 'linkedin_url'),
    company: textField(organization, 'name'),
    companyDomain: textField(organization, 'primary_domain'),
  });
  return { id, facts, needsMatch: true, credits: 0 };
}

/** A matched person with their company. An address that Apollo does not show is written as a word with no @ in it. */
export function personFacts(person: Fields): PersonFacts {
  const email = textField(person, 'email');
  return {
    ...organizationFacts(asRecord(person['organization'])),
    ...factsFrom({
      email: email !== null && isShown(email) ? email : null,
      firstName: textField(person, 'first_name'),
      lastName: textField(person, 'last_name'),
      title: textField(person, 'title'),
      linkedinUrl: textField(person, 'linkedin_url'),
      mobile: mobileOf(person) ?? mobileOf(asRecord(person['contact'])),
      emailStatus: textField(person, 'email_status'),
      roleStartedOn: roleStart(person),
    }),
  };
}

/** City, state and country are the headquarters', not the person's (TIME-2). */
export function organizationFacts(organization: Fields): PersonFacts {
  return factsFrom({
    company: textField(organization, 'name'),
    companyDomain: textField(organization, 'primary_domain', 'website_url'),
    companySize: employeeRange(organization['estimated_num_employees']),
    industry: textField(organization, 'industry'),
    phone:
      textField(asRecord(organization['primary_phone']), 'sanitized_number', 'number') ??
      textField(organization, 'phone'),
    city: textField(organization, 'city'),
    state: textField(organization, 'state'),
    country: textField(organization, 'country'),
    isHiring: hiring(organization),
    fundedOn: textField(organization, 'latest_funding_round_date'),
  });
}

/** When the present job began; of several, the last one. */
function roleStart(person: Fields): string | null {
  const jobs = Array.isArray(person['employment_history']) ? person['employment_history'].map(asRecord) : [];
  const starts = jobs.filter((job) => job['current'] === true).flatMap((job) => textField(job, 'start_date') ?? []);
  return starts.sort().at(-1) ?? null;
}

/** Has it open jobs? They stand as a list or as a number; neither says nothing. */
function hiring(organization: Fields): string | null {
  const jobs = organization['job_postings'];
  const open = Array.isArray(jobs) ? jobs.length : organization['num_jobs'];
  if (typeof open !== 'number') return null;
  return open > 0 ? 'yes' : 'no';
}

/** "email_not_unlocked@domain.com" stands where no address is shown. */
const isShown = (email: string): boolean => email.includes('@') && !/^email_not_unlocked@/i.test(email);

function mobileOf(record: Fields): string | null {
  const numbers = Array.isArray(record['phone_numbers']) ? record['phone_numbers'].map(asRecord) : [];
  const mobile = numbers.find((number) => number['type'] === 'mobile');
  return mobile === undefined ? null : textField(mobile, 'sanitized_number', 'raw_number');
}

/** Answers of different age say it in different places. */
export function totalOf(body: unknown): number | null {
  const record = asRecord(body);
  const total = record['total_entries'] ?? asRecord(record['pagination'])['total_entries'];
  return typeof total === 'number' && total >= 0 ? total : null;
}

export function reportedCredits(body: Fields): number | null {
  const credits = body['credits_consumed'];
  return typeof credits === 'number' && Number.isInteger(credits) && credits >= 0 && credits <= 1_000 ? credits : null;
}
