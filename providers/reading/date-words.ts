/** Words of dates in the languages that the engine reads, lower case and without accents: English first, then others → English. */
const months: Readonly<Record<string, string>> = {
  jan: 'jan januar janvier enero ene gennaio gen januari',
  feb: 'feb februar fevrier fevr febrero febbraio febbr februari',
  mar: 'mar marz mars marzo maart mrt maerz',
  apr: 'apr avril avr abril abr aprile april',
  may: 'may mai mayo maggio mag mei',
  jun: 'jun juni juin junio giugno giu june',
  jul: 'jul juli juillet juil julio luglio lug july',
  aug: 'aug august aout agosto ago augustus',
  sep: 'sep sept september septembre septiembre settembre set',
  oct: 'oct oktober okt octobre octubre ottobre ott october',
  nov: 'nov november novembre noviembre',
  dec: 'dec dezember dez decembre diciembre dicembre dic december',
};

const weekdays: Readonly<Record<string, string>> = {
  monday: 'montag lundi lunes lunedi maandag',
  tuesday: 'dienstag mardi martes martedi dinsdag',
  wednesday: 'mittwoch mercredi miercoles mercoledi woensdag',
  thursday: 'donnerstag jeudi jueves giovedi donderdag',
  friday: 'freitag vendredi viernes venerdi vrijdag',
  saturday: 'samstag samedi sabado sabato zaterdag',
  sunday: 'sonntag dimanche domingo domenica zondag',
};

const phrases: readonly (readonly [RegExp, string])[] = [
  // "Am 16.", "le 16", "el 16 de marzo", "al 16": the little words between a trigger and its date.
  [/(\d{1,2})\. ?(?=[a-z])/g, '$1 '],
  [/\b(\d{1,2})er\b/g, '$1'],
  [/(\d{1,2}) de (?=[a-z])/g, '$1 '],
  [/([a-z]{3,10}) de(?:l)? (\d{4})/g, '$1 $2'],
  [
    /\b(?:bis einschlie(?:ss|ß)lich|bis inklusive|bis und mit|tot en met|t\/m|jusqu'au (?=[^.]*\binclus)|hasta el (?=[^.]*\binclusive)|fino al (?=[^.]*\bincluso))/g,
    'through ',
  ],
  [
    /\b(?:zuruck|wieder (?:da|im buro|erreichbar)|de retour|retour|vuelvo|regreso|estare de vuelta|torno|rientro|di ritorno|terug|weer (?:aanwezig|bereikbaar|op kantoor))\b/g,
    'back',
  ],
  [/\b(?:bis(?: zum)?|jusqu'(?:au|a)|hasta(?: el)?|fino al?|tot)\b/g, 'until'],
  [/\b(?:ab(?: dem)?|a partir (?:du|del?)|a partire dal|dal|vanaf) (?=\d|[a-z]+day|monday)/g, 'available '],
  [/\b(?:am|le|el|il|op|den|dem) (?=\d|[a-z]+day)/g, 'on '],
  [/\b(?:morgen|demain|manana|domani)\b/g, 'tomorrow'],
  [/\b(?:nachste woche|la semaine prochaine|la proxima semana|la prossima settimana|volgende week)\b/g, 'next week'],
];

const english = new Map(
  [...Object.entries(months), ...Object.entries(weekdays)].flatMap(([word, others]) =>
    others.split(' ').map((other) => [other, word] as const),
  ),
);

/** The same text on one line, in lower case, without accents, with English words for what dates are made of. */
export function englishDates(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2010-\u2015]/g, '-')
    .toLowerCase()
    .replace(/\s+/g, ' ');
  const words = plain.replace(/[a-z]+/g, (word) => english.get(word) ?? word);
  return phrases.reduce((said, [pattern, replacement]) => said.replace(pattern, replacement), words);
}
