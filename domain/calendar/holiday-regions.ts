import cityTimezones from 'city-timezones';
import Holidays from 'date-holidays';
import { remember } from './remember';

/**
 * TIME-5: the region whose holidays a place observes, as the library of holidays names it: of its state, else of its city.
 * A city counts when its namesakes in the country lie in one region, or one is ten times as large as any other. Null:
 * unknown, or the country has no regions.
 */
export function holidayRegion(
  country: string,
  place: { city?: string | null; state?: string | null; country?: string | null },
): string | null {
  return (
    regionNamed(country, place.state) ?? regionNamed(country, place.country) ?? regionOfCity(country, place.city ?? '')
  );
}

/** What the libraries spell differently, and what the gazetteer has wrong, by plain name. */
const otherNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CH: {
    'appenzell ausserrhoden': 'AR',
    'appenzell innerrhoden': 'AI',
    'sankt gallen': 'SG',
    'basel-landschaft': 'BL',
    'basel-stadt': 'BS',
    graubunden: 'GR',
    geneve: 'GE',
    genf: 'GE',
  },
  DE: {
    bavaria: 'BY',
    saxony: 'SN',
    hesse: 'HE',
    thuringia: 'TH',
    'north rhine-westphalia': 'NW',
    'lower saxony': 'NI',
  },
  ES: {
    'principado de asturias': 'AS',
    'castilla-la mancha': 'CM',
    'castilla y leon': 'CL',
    'region de murcia': 'MC',
    'comunidad valenciana': 'VC',
    'islas baleares': 'IB',
    canarias: 'CN',
  },
  FR: { alsace: '67' },
  IN: { orissa: 'OR', 'andaman and nicobar': 'AN', uttaranchal: 'UT', maharastra: 'MH' },
  IT: { piemonte: '21', lombardia: '25', toscana: '52', lazio: '62', sicilia: '82' },
  NZ: { 'west coast': 'WTC' },
  GB: {
    ...named('SCT', 'aberdeen', 'dumfries and galloway', 'dundee', 'edinburgh', 'glasgow', 'highland', 'inverclyde'),
    ...named('SCT', 'moray', 'perthshire and kinross', 'south ayrshire'),
    ...named('WLS', 'cardiff', 'swansea'),
    ...named('NIR', 'belfast', 'derry', 'dungannon', 'omagh'),
  },
};

/** Cities that the gazetteer puts into another region. */
const otherCities: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NZ: { wellington: 'WGN', 'lower hutt': 'WGN', 'upper hutt': 'WGN', porirua: 'WGN' },
};

function named(code: string, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, code]));
}

/** Names as they are compared: without accents, case and the words for "region". */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^(canton of|kanton|canton de|ciudad de|comunidad de|hansestadt)\s+/, '')
    .replace(/\s+(region|province|chartered community)$/, '')
    .trim();

const languages = [null, 'en', 'de', 'es', 'fr', 'it'] as const;

/** Codes by every name that the library knows for a country's regions. */
const regionsOf = remember(
  (country: string): ReadonlyMap<string, string> => {
    const library = new Holidays();
    const entries = languages.flatMap((language) =>
      Object.entries((language === null ? library.getStates(country) : library.getStates(country, language)) ?? {}),
    );
    const names = entries.map(([code, name]) => [plain(name), code] as const);
    const codes = entries.map(([code]) => [code.toLowerCase(), code] as const);
    return new Map([...codes, ...names, ...Object.entries(otherNames[country] ?? {})]);
  },
  (country) => country,
);

function regionNamed(country: string, name: string | null | undefined): string | null {
  if (name === null || name === undefined || name.trim() === '') return null;
  const bare = plain(name).replace(`${country.toLowerCase()}-`, '');
  return regionsOf(country).get(bare) ?? null;
}

function regionOfCity(country: string, city: string): string | null {
  const known = otherCities[country]?.[plain(city)];
  if (known !== undefined) return known;
  if (city.trim() === '' || regionsOf(country).size === 0) return null;
  const namesakes = (cityTimezones.lookupViaCity(city.trim()) ?? [])
    .filter((entry) => entry.iso2 === country)
    .map((entry) => ({ pop: entry.pop, region: regionOfProvince(country, entry.province) }))
    .sort((a, b) => b.pop - a.pop);
  const [largest, ...others] = namesakes;
  if (largest === undefined) return null;
  const rival = others.find((entry) => entry.region !== largest.region);
  return rival === undefined || largest.pop >= 10 * rival.pop ? largest.region : null;
}

/** Of Britain the gazetteer knows counties: what is not in the table above is English. */
function regionOfProvince(country: string, province: string): string | null {
  return regionNamed(country, province) ?? (country === 'GB' ? 'ENG' : null);
}
