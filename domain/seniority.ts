import { wordsOf } from './words';

/** ACC-3, authority: the levels of the table with their points, highest first. */
export const authority = {
  owner: 25,
  cLevel: 22,
  vicePresident: 18,
  director: 15,
  seniorManager: 10,
  manager: 7,
  other: 3,
} as const satisfies Record<string, number>;

export type Seniority = keyof typeof authority;

/** `beside`: someone at another's side, or no longer there, such as "Assistant to the CEO". The title is not theirs. */
type Said = Exclude<Seniority, 'seniorManager'> | 'beside';

/**
 * How titles say their level. The longest phrase at a place wins, so a vice president is no president and a product owner
 * owns nothing.
 */
const phrases: Readonly<Record<Said, readonly string[]>> = {
  owner: [
    ...['owner', 'co owner', 'coowner', 'proprietor', 'founder', 'co founder', 'cofounder', 'ceo'],
    ...['chief executive', 'chief executive officer', 'managing director', 'managing partner', 'founding partner'],
    // German, Dutch
    ...['Geschäftsführer', 'Geschäftsführerin', 'Geschaeftsfuehrer', 'Geschaeftsfuehrerin', 'Inhaber', 'Inhaberin'],
    ...[
      'Gründer',
      'Gründerin',
      'Gruender',
      'Mitgründer',
      'Mitgründerin',
      'Vorstandsvorsitzender',
      'Vorstandsvorsitzende',
    ],
    ...['eigenaar', 'oprichter', 'algemeen directeur', 'zaakvoerder'],
    // French
    ...['PDG', 'président directeur général', 'directeur général', 'directrice générale', 'fondateur', 'fondatrice'],
    ...['cofondateur', 'cofondatrice', 'gérant', 'gérante', 'propriétaire', 'dirigeant', 'dirigeante'],
    // Spanish, Portuguese, Italian
    ...[
      'director general',
      'directora general',
      'gerente general',
      'fundador',
      'fundadora',
      'cofundador',
      'cofundadora',
    ],
    ...['dueño', 'dueña', 'propietario', 'propietaria', 'consejero delegado', 'consejera delegada'],
    ...['diretor geral', 'diretora geral', 'proprietário', 'proprietária', 'sócio fundador', 'sócia fundadora'],
    ...['amministratore delegato', 'amministratore unico', 'titolare', 'fondatore', 'direttore generale'],
    // Swedish, Danish, Norwegian, Finnish, Polish
    ...[
      'VD',
      'verkställande direktör',
      'grundare',
      'ägare',
      'administrerende direktør',
      'daglig leder',
      'toimitusjohtaja',
    ],
    ...['prezes', 'założyciel', 'założycielka', 'właściciel', 'właścicielka'],
  ],
  cLevel: [
    ...[
      'chief',
      'president',
      'chairman',
      'chairwoman',
      'chair',
      'CFO',
      'COO',
      'CTO',
      'CMO',
      'CIO',
      'CRO',
      'CSO',
      'CPO',
    ],
    ...['CHRO', 'CISO', 'CDO', 'CCO', 'Vorstand', 'Vorständin'],
  ],
  vicePresident: [
    ...['VP', 'SVP', 'EVP', 'AVP', 'vice president', 'assistant vice president', 'vicepresident', 'Vizepräsident'],
    ...['Vizepräsidentin', 'vice présidente', 'vice presidente', 'vicepresidente', 'vicepresidenta'],
  ],
  director: [
    ...['director', 'head', 'chief of staff', 'general counsel', 'Direktor', 'Direktorin', 'Leiter', 'Leiterin'],
    ...['Bereichsleiter', 'Bereichsleiterin', 'directeur', 'directrice', 'directora', 'diretor', 'diretora'],
    ...['direttore', 'direttrice', 'hoofd', 'direktør', 'direktör', 'dyrektor'],
  ],
  manager: [
    ...['manager', 'mgr', 'Abteilungsleiter', 'Abteilungsleiterin', 'Teamleiter', 'Teamleiterin', 'responsable'],
    ...['responsabile', 'gerente', 'jefe', 'jefa', 'encargado', 'encargada', 'chef de service', 'kierownik'],
  ],
  other: [
    ...['product owner', 'process owner', 'system owner', 'service owner', 'data owner', 'budget owner'],
    ...['vice chair', 'head chef', 'head nurse', 'head coach', 'head teacher'],
  ],
  beside: [
    ...['assistant', 'Assistenz', 'Assistent', 'Assistentin', 'assistente', 'asistente', 'aide', 'PA', 'secretary'],
    ...['Sekretär', 'Sekretärin', 'secrétaire', 'secretaria', 'office of', 'intern', 'Praktikant', 'Praktikantin'],
    ...['trainee', 'student', 'Werkstudent', 'apprentice', 'former', 'formerly', 'ex', 'retired', 'aspiring'],
  ],
};

/** Makes a senior manager of a manager. */
const senior: ReadonlySet<string> = new Set(['senior', 'sr', 'snr', 'general', 'principal']);

const saidBy = new Map(
  Object.entries(phrases).flatMap(([said, list]) =>
    list.map((phrase) => [wordsOf(phrase).join(' '), said as Said] as const),
  ),
);
const longestPhrase = Math.max(...[...saidBy.keys()].map((phrase) => phrase.split(' ').length));

/** The level of a title (ACC-3): the highest that it names. One that names none is "other". */
export function seniorityOf(title: string): Seniority {
  const words = wordsOf(title);
  // A partner of a firm owns a share of it; a "business partner" does not.
  if (words.join(' ') === 'partner') return 'owner';
  const levels = levelsIn(words);
  if (levels.includes('beside')) return 'other';
  const level = (Object.keys(authority) as Seniority[]).find((one) => levels.includes(one as Said)) ?? 'other';
  return level === 'manager' && words.some((word) => senior.has(word)) ? 'seniorManager' : level;
}

function levelsIn(words: readonly string[]): Said[] {
  const levels: Said[] = [];
  for (let at = 0; at < words.length;) {
    const found = longestPhraseAt(words, at);
    if (found !== null) levels.push(found.said);
    at += found?.length ?? 1;
  }
  return levels;
}

function longestPhraseAt(words: readonly string[], at: number): { said: Said; length: number } | null {
  for (let length = Math.min(longestPhrase, words.length - at); length > 0; length -= 1) {
    const said = saidBy.get(words.slice(at, at + length).join(' '));
    if (said !== undefined) return { said, length };
  }
  return null;
}
