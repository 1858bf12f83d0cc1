import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import parsePhoneNumber, { type CountryCode } from 'libphonenumber-js/max';
import countries from 'i18n-iso-countries';
import { stableId } from './chance';
import type { Population } from './population/population';

/** Somebody who exists in the simulated world. */
export interface Person {
  /** Lower case. */
  email: string;
  firstName: string;
  lastName: string;
  title: string;
  company: string;
  /** E.164, mobile first. */
  numbers: string[];
  /** As the CSV has it. */
  linkedinUrl: string | null;
}

export interface People {
  /** Anybody with an address exists, even when the CSV does not have them. */
  byEmail(address: string): Person;
  byNumber(number: string): Person | null;
  /** By public identifier (slug), profile URL or provider id. */
  byLinkedIn(identifier: string): Person | null;
}

/** The columns by our names and by those of Apollo's export, compared without case, spaces and punctuation. */
const columnNames: Record<keyof Row, readonly string[]> = {
  email: ['email', 'emailaddress'],
  firstName: ['firstname'],
  lastName: ['lastname'],
  title: ['title'],
  company: ['company', 'companyname'],
  phone: ['phone', 'corporatephone', 'companyphone', 'workdirectphone'],
  mobile: ['mobile', 'mobilephone'],
  linkedinUrl: ['linkedinurl', 'personlinkedinurl'],
  country: ['country', 'companycountry'],
};

interface Row {
  email: string;
  firstName: string;
  lastName: string;
  title: string;
  company: string;
  phone: string;
  mobile: string;
  linkedinUrl: string;
  country: string;
}

/** Those of the CSV, and behind them everybody whom a search can find. */
export function readPeople(file: string | null, population: Population): People {
  const [listed, others] = [
    indexPeople(file === null ? [] : parsePeople(readFileSync(file, 'utf8'))),
    once(() => indexPeople(population.all())),
  ];
  return {
    byEmail: (address) => listed.byEmail(address) ?? others().byEmail(address) ?? stranger(address),
    byNumber: (number) => listed.byNumber(number) ?? others().byNumber(number),
    byLinkedIn: (identifier) => listed.byLinkedIn(identifier) ?? others().byLinkedIn(identifier),
  };
}

/** Made when it is needed first: most runs search for nobody. */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

/** Rows without an address are left out: nobody can be written to there. */
export function parsePeople(csv: string): Person[] {
  const [header, ...lines] = readRows(csv);
  if (!header) return [];
  const keys = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const rows = lines.map((line) => rowOf(keys, line));
  return rows.filter((row) => row.email.includes('@')).map(personOf);
}

function readRows(csv: string): string[][] {
  const firstLine = csv.slice(0, csv.search(/[\r\n]|$/));
  const delimiter = firstLine.split(';').length > firstLine.split(',').length ? ';' : ',';
  return parse(csv, {
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
  });
}

function rowOf(keys: string[], line: string[]): Row {
  const value = (field: keyof Row): string => {
    for (const name of columnNames[field]) {
      const cell = line[keys.indexOf(name)];
      if (cell) return cell;
    }
    return '';
  };
  return Object.fromEntries(
    Object.keys(columnNames).map((field) => [field, value(field as keyof Row)]),
  ) as unknown as Row;
}

function personOf(row: Row): Person {
  const numbers = [row.mobile, row.phone].map((number) => internationalNumber(number, row.country));
  return {
    email: row.email.toLowerCase(),
    firstName: row.firstName,
    lastName: row.lastName,
    title: row.title,
    company: row.company,
    numbers: numbers.filter((number) => number !== null),
    linkedinUrl: row.linkedinUrl || null,
  };
}

/** E.164, or null when it is no number. */
export function internationalNumber(number: string, country = ''): string | null {
  const code = country.length === 2 ? country.toUpperCase() : countries.getAlpha2Code(country, 'en');
  return parsePhoneNumber(number.replace(/^'/, ''), code as CountryCode | undefined)?.number ?? null;
}

/** The public identifier in a profile's URL, in lower case; the text itself when it is no URL. */
export function slugOf(urlOrSlug: string): string {
  const match = /\/in\/([^/?#]+)/i.exec(urlOrSlug);
  return decodeURIComponent(match?.[1] ?? urlOrSlug)
    .trim()
    .toLowerCase();
}

/** LinkedIn's own id of a member, as Unipile shows it. */
export function providerId(urlOrSlug: string): string {
  return `ACoAA${stableId(34, 'linkedin', slugOf(urlOrSlug))}`;
}

type Index = Omit<People, 'byEmail'> & { byEmail(address: string): Person | null };

function indexPeople(people: readonly Person[]): Index {
  const byEmail = new Map<string, Person>();
  const byNumber = new Map<string, Person>();
  const byLinkedIn = new Map<string, Person>();
  // Later rows first, so that of several people on one number the first row answers.
  for (const person of [...people].reverse()) {
    byEmail.set(person.email, person);
    for (const number of person.numbers) byNumber.set(number, person);
    if (!person.linkedinUrl) continue;
    byLinkedIn.set(slugOf(person.linkedinUrl), person);
    byLinkedIn.set(providerId(person.linkedinUrl).toLowerCase(), person);
  }
  return {
    byEmail: (address) => byEmail.get(address.toLowerCase()) ?? null,
    byNumber: (number) => byNumber.get(number) ?? null,
    byLinkedIn: (identifier) => byLinkedIn.get(slugOf(identifier)) ?? null,
  };
}

function stranger(address: string): Person {
  const [name = 'somebody'] = address.split('@');
  const email = address.toLowerCase();
  return { email, firstName: name, lastName: '', title: '', company: '', numbers: [], linkedinUrl: null };
}
