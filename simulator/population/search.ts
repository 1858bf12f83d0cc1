import countries from 'i18n-iso-countries';
import type { Population, Resident } from './population';

/** What a directory is asked for; of one list any entry will do. */
export interface SearchedPeople {
  titles: readonly string[];
  industries: readonly string[];
  locations: readonly string[];
  /** Numbers of employees, both ends included. */
  sizes: readonly { min: number; max: number }[];
}

/** Who fits, in the directory's own order. What is not known of somebody fits nothing. */
export function searchPeople(population: Population, wanted: SearchedPeople): Resident[] {
  const fits = (entries: readonly unknown[], isOne: boolean): boolean => entries.length === 0 || isOne;
  return population.all().filter((resident) => {
    const { city, industry, employees, placeKnown } = resident.employer;
    return (
      fits(
        wanted.titles,
        wanted.titles.some((title) => isTitle(resident.title, title)),
      ) &&
      fits(
        wanted.industries,
        wanted.industries.some((one) => industry !== null && shareWords(industry, one)),
      ) &&
      fits(
        wanted.locations,
        wanted.locations.some((place) => isIn(place, placeKnown ? city : { country: city.country })),
      ) &&
      fits(
        wanted.sizes,
        wanted.sizes.some(({ min, max }) => employees !== null && employees >= min && employees <= max),
      )
    );
  });
}

const shortTitles: Record<string, string> = {
  ceo: 'chief executive officer',
  coo: 'chief operating officer',
  cfo: 'chief financial officer',
  cto: 'chief technology officer',
  cmo: 'chief marketing officer',
  md: 'managing director',
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];

/** Every word of the wanted title is in the title: "Operations Manager" finds "Senior Operations Manager" too. */
function isTitle(title: string, wanted: string): boolean {
  const words = wordsOf(title);
  const asked = wordsOf(shortTitles[wanted.trim().toLowerCase()] ?? wanted);
  return asked.length > 0 && asked.every((word) => words.includes(word));
}

const shareWords = (industry: string, wanted: string): boolean => {
  const words = wordsOf(industry);
  const asked = wordsOf(wanted);
  return asked.length > 0 && asked.every((word) => words.includes(word));
};

function isIn(wanted: string, place: { name?: string; state?: string; country: string }): boolean {
  const names = [place.name, place.state, place.country].map((name) => name?.toLowerCase());
  const asked = wanted
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  return asked.every((part) => names.includes(part) || countryCode(part) === countryCode(place.country));
}

const otherNames: Record<string, string> = { uk: 'GB', england: 'GB', usa: 'US', america: 'US' };

function countryCode(name: string): string {
  if (otherNames[name] !== undefined) return otherNames[name];
  const upper = name.toUpperCase();
  return upper.length === 2 && countries.isValid(upper) ? upper : (countries.getAlpha2Code(name, 'en') ?? `no ${name}`);
}
