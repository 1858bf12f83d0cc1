import { chance, pick, stableId } from '../chance';
import type { Person } from '../people';
import { cities, type City, type FictionalRange } from './places';
import { companyFirstWords, companySecondWords, firstNames, industries, lastNames, titles } from './words';

export interface Company {
  name: string;
  domain: string;
  city: City;
  /** null: nobody knows. */
  industry: string | null;
  employees: number | null;
  /** E.164; null: nobody knows. */
  phone: string | null;
  /** Months since the last round of funding; null: nobody knows, or there was none. */
  fundedMonthsAgo: number | null;
  /** Jobs that it advertises; null: nobody knows. */
  openJobs: number | null;
  /** Is the place known, or only the country? */
  placeKnown: boolean;
}

/** Somebody whom a search can find; everybody exists, but not of everybody is everything known. */
export interface Resident extends Person {
  id: string;
  employer: Company;
  mobile: string | null;
  /** Months in the present role; null: nobody knows. */
  monthsInRole: number | null;
  /** Does the directory know their address? */
  emailKnown: boolean;
}

/** Everybody whom directories of people know. */
export interface Population {
  /** In the order in which a search shows them. */
  all(): readonly Resident[];
  byId(id: string): Resident | null;
  byEmail(address: string): Resident | null;
  companyByDomain(domain: string): Company | null;
}

/** How many people work for a company that the directory knows, on average. */
const peopleOfCompany = 3;

/** Shares of what is known. */
const known = {
  email: 0.88,
  linkedin: 0.8,
  mobile: 0.6,
  office: 0.75,
  industry: 0.92,
  employees: 0.9,
  place: 0.93,
  jobs: 0.7,
  role: 0.8,
};

/** Share of companies that were ever funded. */
const funded = 0.3;

/** The same people for the same seed and size. They are made when somebody asks for them first. */
export function createPopulation(seed: number, size: number): Population {
  let made: ReturnType<typeof populate> | null = null;
  const world = (): ReturnType<typeof populate> => (made ??= populate(seed, size));
  return {
    all: () => world().residents,
    byId: (id) => world().byId.get(id) ?? null,
    byEmail: (address) => world().byEmail.get(address.toLowerCase()) ?? null,
    companyByDomain: (domain) => world().byDomain.get(domain.toLowerCase()) ?? null,
  };
}

function populate(seed: number, size: number) {
  const numbers = createNumbers();
  const companies = Array.from({ length: Math.ceil(size / peopleOfCompany) }, (_, nr) => companyOf(seed, nr, numbers));
  const residents = Array.from({ length: size }, (_, nr) => residentOf(seed, nr, { companies, numbers }));
  return {
    residents: [...residents].sort((a, b) => (a.id < b.id ? -1 : 1)),
    byId: new Map(residents.map((resident) => [resident.id, resident])),
    byEmail: new Map(residents.map((resident) => [resident.email, resident])),
    byDomain: new Map(companies.map((company) => [company.domain, company])),
  };
}

type Numbers = (range: FictionalRange | null) => string | null;

/** Every number once: of a range that is used up there is none left. */
function createNumbers(): Numbers {
  const given = new Map<string, number>();
  return (range) => {
    if (range === null) return null;
    const { prefix, from, to } = range;
    const key = `${prefix} ${from}`;
    const next = given.get(key) ?? from;
    given.set(key, next + 1);
    return next > to ? null : `${prefix}${String(next).padStart(String(to).length, '0')}`;
  };
}

function companyOf(seed: number, nr: number, numbers: Numbers): Company {
  const luck = (what: string): number => chance(seed, 'company', nr, what);
  const [industry, word] = pick(industries, luck('industry'));
  const name = `${pick(companyFirstWords, luck('first'))}${pick(companySecondWords, luck('second'))} ${word}`;
  const city = pick(citiesByWeight, luck('city'));
  return {
    name,
    // Names may come twice; domains do not.
    domain: `${name.toLowerCase().replaceAll(' ', '-')}-${nr}.example`,
    city,
    industry: luck('industry known') < known.industry ? industry : null,
    employees: luck('employees known') < known.employees ? Math.round(2 + 8_000 * luck('employees') ** 5) : null,
    phone: luck('phone') < known.office ? numbers(city.office) : null,
    fundedMonthsAgo: luck('funded') < funded ? Math.floor(60 * luck('funded when')) : null,
    openJobs: luck('jobs known') < known.jobs ? Math.max(0, Math.round(12 * luck('jobs') - 6)) : null,
    placeKnown: luck('place') < known.place,
  };
}

const citiesByWeight = cities.flatMap((city) => Array.from({ length: city.weight }, () => city));

function residentOf(
  seed: number,
  nr: number,
  { companies, numbers }: { companies: readonly Company[]; numbers: Numbers },
): Resident {
  const luck = (what: string): number => chance(seed, 'resident', nr, what);
  const employer = pick(companies, luck('employer'));
  const [firstName, lastName] = [pick(firstNames, luck('first')), pick(lastNames, luck('last'))];
  const plain = `${firstName}.${lastName}`.toLowerCase();
  const mobile = luck('mobile') < known.mobile ? numbers(employer.city.mobile) : null;
  const hasProfile = luck('linkedin') < known.linkedin;
  return {
    id: stableId(24, seed, 'resident', nr),
    email: `${plain}.${nr}@${employer.domain}`,
    firstName,
    lastName,
    title: pick(titles, luck('title')),
    company: employer.name,
    numbers: [mobile, employer.phone].filter((number) => number !== null),
    linkedinUrl: hasProfile ? `https://www.linkedin.com/in/${plain.replace('.', '-')}-example-s${nr}` : null,
    employer,
    mobile,
    monthsInRole: luck('role known') < known.role ? Math.floor(72 * luck('role')) : null,
    emailKnown: luck('email') < known.email,
  };
}
