import countryZones from 'countries-and-timezones';
import { resolveCountry } from './calendar/country';
import type { Place } from './calendar/recipient-zone';
import { remember } from './calendar/remember';
import { subdivisionCode } from './calendar/subdivisions';
import { wordsOf } from './words';

/** CTL-1: whom a campaign is to reach. An empty list excludes nobody. */
export interface ScoredTargeting {
  industries: readonly string[];
  titles: readonly string[];
  companySizes: readonly string[];
  locations: readonly string[];
}

/** Says nothing of an industry, a title or a place by itself. */
const emptyWords: ReadonlySet<string> = new Set(['and', 'of', 'the', 'for', 'industry', 'company']);

/** Short and long forms of the same words in titles. */
const longForms: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ceo: ['chief', 'executive', 'officer'],
    cfo: ['chief', 'financial', 'officer'],
    coo: ['chief', 'operating', 'officer'],
    cto: ['chief', 'technology', 'officer'],
    cmo: ['chief', 'marketing', 'officer'],
    cio: ['chief', 'information', 'officer'],
    cro: ['chief', 'revenue', 'officer'],
    vp: ['vice', 'president'],
    md: ['managing', 'director'],
    sr: ['senior'],
    mgr: ['manager'],
    hr: ['human', 'resource'],
    cofounder: ['co', 'founder'],
  }),
);

/** Is an industry among those that are targeted: "computer software" is in "Software", and the other way round? */
export function targetsIndustry(targets: readonly string[], industry: string): boolean {
  const words = meaningOf(industry);
  return targets.some((target) => holds(words, meaningOf(target)) || holds(meaningOf(target), words));
}

/** Is a title among those that are targeted: "Senior Head of Sales, APAC" is a "Head of Sales"? */
export function targetsTitle(targets: readonly string[], title: string): boolean {
  const words = meaningOf(title);
  return targets.some((target) => holds(words, meaningOf(target)));
}

/** Is a company's size among those that are targeted: "35 employees" is in "11-50"? False when a size cannot be read. */
export function targetsSize(targets: readonly string[], companySize: string): boolean {
  const size = sizeRange(companySize);
  const overlaps = (target: SizeRange | null): boolean =>
    size !== null && target !== null && size.from <= target.to && target.from <= size.to;
  return targets.some((target) => overlaps(sizeRange(target)));
}

/** Is a place among those that are targeted: each part of "Sydney, NSW, Australia" is the place's city, state or country? */
export function targetsLocation(targets: readonly string[], place: Place): boolean {
  return targets.some((target) => {
    const parts = target.split(',').filter((part) => wordsOf(part).length > 0);
    return parts.length > 0 && parts.every((part) => isPartOf(part.trim(), place));
  });
}

/** The words that mean something, in one form each. */
function meaningOf(text: string): Set<string> {
  const words = wordsOf(text);
  const telling = words.filter((word) => !emptyWords.has(word));
  const long = (telling.length > 0 ? telling : words).flatMap((word) => longForms.get(word) ?? [word]);
  return new Set(long.map((word) => (word.length > 3 ? word.replace(/s$/, '') : word)));
}

const holds = (all: ReadonlySet<string>, some: ReadonlySet<string>): boolean =>
  some.size > 0 && [...some].every((word) => all.has(word));

interface SizeRange {
  from: number;
  to: number;
}

/** Employees: "11-50", "11 to 50", "1,001–5,000", "10001+", "under 50", "more than 1K", "35 employees". */
export function sizeRange(text: string): SizeRange | null {
  // A separator of thousands has three digits behind it.
  const plain = text.toLowerCase().replace(/(\d)[.,'’\s](?=\d{3}(?!\d))/g, '$1');
  const numbers = [...plain.matchAll(/(\d+(?:\.\d+)?)\s*(k\b)?/g)].map(
    ([, number, k]) => Number(number) * (k ? 1000 : 1),
  );
  const [first, second] = numbers;
  if (first === undefined) return null;
  if (second !== undefined) return { from: Math.min(first, second), to: Math.max(first, second) };
  if (/\+|>|≥|\b(?:over|above|more|least|from)\b/.test(plain)) return { from: first, to: Infinity };
  if (/<|≤|\b(?:under|below|less|fewer|most|up to)\b/.test(plain)) return { from: 0, to: first };
  return { from: first, to: first };
}

/** Words around the name of a place that are no part of it: "Greater Sydney Area". */
const aroundPlaces: ReadonlySet<string> = new Set(['greater', 'area', 'metropolitan', 'metro', 'region', 'the']);

const placeName = (text: string): string => {
  const words = wordsOf(text);
  const named = words.filter((word) => !aroundPlaces.has(word));
  return (named.length > 0 ? named : words).join(' ');
};

/** Leads share their countries, and a campaign its locations. */
const countryOf = remember(resolveCountry, (name) => name);

function isPartOf(part: string, { city, state, country }: Place): boolean {
  const name = placeName(part);
  if (city && placeName(city) === name) return true;
  const code = country ? countryOf(country) : null;
  if (state && sameState(part, state, code)) return true;
  if (code === null) return Boolean(country) && placeName(country ?? '') === name;
  return countryOf(part) === code || (regions.get(name)?.(code) ?? false);
}

function sameState(part: string, state: string, country: string | null): boolean {
  if (placeName(part) === placeName(state)) return true;
  if (country === null) return false;
  const code = subdivisionCode(country, state);
  return code !== null && code === subdivisionCode(country, part);
}

const oneOf =
  (...codes: string[]) =>
  (code: string): boolean =>
    codes.includes(code);
const onContinent = (continent: string) => (code: string) =>
  countryZones.getTimezonesForCountry(code)?.some(({ name }) => name.startsWith(`${continent}/`)) ?? false;

/** Regions of the world that people target, by their countries' codes. */
const regions: ReadonlyMap<string, (country: string) => boolean> = new Map(
  Object.entries({
    anz: oneOf('AU', 'NZ'),
    dach: oneOf('DE', 'AT', 'CH'),
    benelux: oneOf('BE', 'NL', 'LU'),
    nordics: oneOf('DK', 'FI', 'IS', 'NO', 'SE'),
    'north america': oneOf('US', 'CA'),
    europe: onContinent('Europe'),
    asia: onContinent('Asia'),
    africa: onContinent('Africa'),
  }),
);
