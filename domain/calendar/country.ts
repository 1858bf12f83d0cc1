import countries from 'i18n-iso-countries';
import arabic from 'i18n-iso-countries/langs/ar.json';
import catalan from 'i18n-iso-countries/langs/ca.json';
import czech from 'i18n-iso-countries/langs/cs.json';
import danish from 'i18n-iso-countries/langs/da.json';
import dutch from 'i18n-iso-countries/langs/nl.json';
import english from 'i18n-iso-countries/langs/en.json';
import finnish from 'i18n-iso-countries/langs/fi.json';
import french from 'i18n-iso-countries/langs/fr.json';
import german from 'i18n-iso-countries/langs/de.json';
import greek from 'i18n-iso-countries/langs/el.json';
import hungarian from 'i18n-iso-countries/langs/hu.json';
import indonesian from 'i18n-iso-countries/langs/id.json';
import italian from 'i18n-iso-countries/langs/it.json';
import japanese from 'i18n-iso-countries/langs/ja.json';
import korean from 'i18n-iso-countries/langs/ko.json';
import norwegian from 'i18n-iso-countries/langs/no.json';
import polish from 'i18n-iso-countries/langs/pl.json';
import portuguese from 'i18n-iso-countries/langs/pt.json';
import romanian from 'i18n-iso-countries/langs/ro.json';
import russian from 'i18n-iso-countries/langs/ru.json';
import spanish from 'i18n-iso-countries/langs/es.json';
import swedish from 'i18n-iso-countries/langs/sv.json';
import turkish from 'i18n-iso-countries/langs/tr.json';
import vietnamese from 'i18n-iso-countries/langs/vi.json';
import chinese from 'i18n-iso-countries/langs/zh.json';

/** The first languages win where one name means two countries. */
const languages = [
  [english, german, french, spanish, italian, dutch, portuguese],
  [swedish, danish, norwegian, finnish, polish, czech, hungarian, romanian, catalan, greek, turkish, russian],
  [indonesian, vietnamese, arabic, chinese, japanese, korean],
].flat();

/** What people write and no list of the library has: parts of countries, former and everyday names, abbreviations. */
const written: Readonly<Record<string, string>> = {
  AE: 'uae|u a e|emirates|the emirates|dubai|abu dhabi',
  AU: 'aus|oz|straya',
  BA: 'bosnia',
  BO: 'plurinational state of bolivia',
  BN: 'brunei',
  BR: 'brasil',
  CD: 'drc|dr congo|congo kinshasa|democratic republic of congo|congo democratic republic of the|zaire',
  CG: 'congo brazzaville|republic of congo|congo republic of the',
  CH: 'schweiz|suisse|svizzera|swiss confederation',
  CI: 'ivory coast|cote divoire',
  CN: 'prc|p r c|mainland china|peoples republic of china',
  CV: 'cape verde',
  CZ: 'czechia|czech republic|cesko',
  DE: 'deutschland|brd',
  DK: 'danmark',
  ES: 'espana',
  FI: 'suomi',
  FK: 'falkland islands|falklands|islas malvinas',
  FM: 'micronesia|federated states of micronesia',
  GB: 'uk|u k|britain|great britain|gb|england|scotland|wales|northern ireland|united kingdom of great britain and northern ireland|united kingdom of great britain|gbr|cymru|alba',
  GR: 'hellas|hellenic republic',
  HK: 'hong kong|hong kong sar|hong kong s a r|hong kong china|hongkong',
  HR: 'hrvatska',
  HU: 'magyarorszag',
  IE: 'ireland|republic of ireland|eire|roi|irish republic',
  IR: 'iran|islamic republic of iran|persia',
  IT: 'italia',
  JP: 'nippon|nihon',
  KP: 'north korea|dprk|democratic peoples republic of korea',
  KR: 'south korea|korea|republic of korea|rok|korea south',
  LA: 'laos|lao pdr|lao peoples democratic republic',
  LY: 'libya',
  MD: 'moldova|republic of moldova',
  MK: 'macedonia|north macedonia|fyrom|former yugoslav republic of macedonia',
  MM: 'burma|myanmar',
  MO: 'macau|macao|macao sar|macau sar',
  NL: 'holland|netherlands|the netherlands|nederland',
  NO: 'norge',
  NZ: 'aotearoa|n z|nz|aotearoa new zealand',
  PH: 'philippines|the philippines|pilipinas',
  PL: 'polska',
  PS: 'palestine|state of palestine|west bank',
  RU: 'russia|russian federation|rossiya',
  SA: 'ksa|k s a|saudi',
  SE: 'sverige',
  ST: 'sao tome',
  SY: 'syria',
  SZ: 'swaziland|eswatini',
  TL: 'east timor',
  TR: 'turkey|turkiye',
  TW: 'taiwan|taiwan r o c|chinese taipei|taiwan province of china|republic of china',
  TZ: 'tanzania',
  US: 'usa|u s a|us|u s|america|united states|the united states|united states of america|the united states of america|the states|estados unidos de america|etats unis|stati uniti|verenigde staten|vereinigte staaten|eua|stany zjednoczone|spojene staty|forenede stater|forenta staterna|yhdysvallat|egyesult allamok|etats unis damerique|eeuu|ee uu|vs amerika|puerto rico usa',
  VA: 'vatican|vatican city|holy see',
  VE: 'venezuela|bolivarian republic of venezuela',
  VG: 'british virgin islands|bvi',
  VI: 'us virgin islands|u s virgin islands|usvi',
  VN: 'vietnam|viet nam',
  XK: 'kosovo|kosova',
  ZA: 'south africa|rsa|suid afrika',
};

/** One spelling of a name: no accents, marks, article or "republic of", one word for "and". */
function spelled(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/['’`]/g, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\bst\b(?= \p{L})/gu, 'saint')
    .replace(/\brep\b/g, 'republic')
    .replace(/\bdem\b/g, 'democratic')
    .replace(/\bfed\b/g, 'federal')
    .trim();
}

const leading = /^(?:the|la|le|les|der|die|das|el|los|il|lo|gli) /;
const title =
  /^(?:(?:the )?(?:federal |federative |islamic |peoples? |democratic |socialist |united |arab |hashemite |kyrgyz |co operative )*(?:republic|kingdom|state|commonwealth|federation|sultanate|principality|grand duchy|union|independent state|plurinational state) of (?:the )?)/;

const aliases = new Map(
  Object.entries(written).flatMap(([code, names]) => names.split('|').map((name) => [name, code] as const)),
);
const names = namesOfCountries();

function namesOfCountries(): Map<string, string> {
  const all = new Map<string, string>();
  for (const language of languages) {
    for (const [code, given] of Object.entries(language.countries as Record<string, string | string[]>)) {
      for (const key of [given].flat().map(spelled)) if (key !== '' && !all.has(key)) all.set(key, code);
    }
  }
  return all;
}

/**
 * ISO 3166-1 alpha-2 of a country given by a code or a name: official, common or native ("Viet Nam", "Deutschland", "Republic
 * of Ireland", "U.K."); null when it is not understood.
 */
export function resolveCountry(country: string): string | null {
  const code = country.trim().toUpperCase();
  const key = spelled(country);
  const alias = aliases.get(key);
  // A code comes before the names of all languages: "BI" is also short for Belgium in one of them.
  if (alias === undefined && code.length === 2 && countries.isValid(code)) return code;
  if (alias === undefined && code.length === 3 && countries.isValid(code))
    return countries.alpha3ToAlpha2(code) ?? null;
  const named = (name: string): string | undefined => aliases.get(name) ?? names.get(name);
  // "Iran, Islamic Republic of"
  const [first = '', ...behind] = country.split(/[,(]/);
  const isInverted = /\bof(?: the)?$/.test(spelled(behind.join(' ')));
  const bare = key.replace(leading, '');
  return (
    named(key) ?? named(bare) ?? named(bare.replace(title, '')) ?? (isInverted ? named(spelled(first)) : null) ?? null
  );
}
