import { removalWishes, type Wish } from './removal-wishes';

/** How much of a message is read, in characters: who wants to be left alone says it at once. */
const readLength = 6_000;

/**
 * Words that end messages from a sender when nothing else is said (SEQ-5): those of CTIA and the FCC, and what carriers
 * take for them elsewhere.
 */
const stopWords = new Set(
  `STOP STOPALL STOPP UNSUBSCRIBE END QUIT CANCEL OPTOUT REVOKE UNSUB REMOVE ARRET BAJA AFMELDEN UITSCHRIJVEN ABMELDEN
  ABBESTELLEN AUSTRAGEN DESABONNER DESABONNEMENT DESINSCRIPTION DESINSCRIRE CANCELLAMI CANCELLATEMI DISISCRIVIMI`.split(
    /\s+/,
  ),
);
/** Said around such a word without changing it. */
const courtesies = new Set(
  `HI HELLO HEY DEAR PLEASE PLS PLZ KINDLY JUST THANKS THANK YOU THX TA CHEERS NOW IMMEDIATELY BITTE DANKE MERCI SVP GRACIAS
  GRAZIE POR FAVOR PER FAVORE ALSTUBLIEFT AUB DANK TEXT TEXTS MSG MESSAGES IT ALL SMS EMAIL EMAILS REPLY`.split(/\s+/),
);

/**
 * Does somebody ask to be left alone for good, in their own words (SEQ-5)? English, German, French, Spanish, Italian and
 * Dutch. In doubt between a wish to be removed and an ordinary refusal it is the wish: a refusal stops the sequence anyway.
 * @param text what they wrote themselves, without the mail that they answer
 */
export function isOptOut(text: string): boolean {
  const said = plain(text.slice(0, readLength));
  if (stopWords.has(said.toUpperCase().replace(/[^A-Z]/g, ''))) return true;
  return sentencesOf(said).some(
    (sentence) => isStopSentence(sentence) || removalWishes.some((wish) => asks(wish, sentence)),
  );
}

/**
 * Is the subject itself the wish? Mail programs write such mails for List-Unsubscribe. Behind "Re:" stand our own words.
 */
export function isOptOutSubject(subject: string | null): boolean {
  const said = (subject ?? '').trim();
  return said !== '' && !/^(re|aw|sv|r|rv|antw|fwd?|wg|tr)\s*:/i.test(said) && isOptOut(said);
}

/** Without accents, in lower case, with one kind of apostrophe and no invisible characters. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\u200b-\u200d\u2060\ufeff\u00ad]/gu, '')
    .replace(/[\u2018\u2019\u02bc`\u00b4]/g, "'")
    .toLowerCase();
}

/**
 * The sentences of a message: of its paragraphs, and each line by itself, because lines are both broken in the middle of
 * sentences and put below each other without a full stop.
 */
function sentencesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const paragraphs = text.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.replace(/\s*\r?\n\s*/g, ' '));
  const parts = [...lines, ...paragraphs].flatMap((part) =>
    part.split(/(?<=[.!?;])\s+|(?<=[.!?])(?=\p{L}{3})|\s[-–—|]\s/u),
  );
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** "Hi, STOP", "stop pls", "UNSUBSCRIBE thanks": a stop word among courtesies and names only. */
function isStopSentence(sentence: string): boolean {
  const words = sentence
    .toUpperCase()
    .replace(/OPT[- ]?(ME )?OUT/g, 'OPTOUT')
    .split(/[^A-Z']+/)
    .filter(Boolean);
  const [first] = words;
  // "Hi Anna, stop": whom a greeting names is no part of what is said.
  const named = first !== undefined && /^(HI|HELLO|HEY|DEAR)$/.test(first) && !stopWords.has(words[1] ?? '') ? 2 : 0;
  const rest = words.slice(named).filter((word) => !courtesies.has(word));
  return rest.length > 0 && rest.every((word) => stopWords.has(word));
}

/** How far before a wish a negation is looked for, in characters. */
const negationReach = 28;
const negation =
  /\b(?:do not|don't|dont|never|not|didn't|did not|haven't|have not|won't|can't|cannot|no need to|nicht|ne|non|no|niet|geen)(?: (?:want|wish|need|plan|mean|intend|like))?(?: (?:you|me|to|the|them))*\s*$/;
/** What only tells how one could, or asks about somebody else: footers, questions about a product. */
const footer =
  /^(?:if|should|when|wenn|falls|si|se|als|indien)\b.*\b(?:you|your|sie|ihr|vous|usted|desea|desidera|u)\b|\b(?:click|klick\w*|cliquez|cliccare?|haga clic|klik)\b|\b(?:reply|text|send|answer|antworten sie|repondez|responda|rispondi) (?:with )?['"]?stop\b|\bhow (?:would|could|did) you\b|\b(?:can|could|do|does|did|how) (?:our|my|your|the|their) (?:\w+ ){0,2}\w+ (?:opt|unsubscribe|stop)/;

function asks({ pattern, negates }: Wish, sentence: string): boolean {
  const match = pattern.exec(sentence);
  if (match === null || footer.test(sentence)) return false;
  const before = sentence.slice(Math.max(0, match.index - negationReach), match.index);
  return negates === true || !negation.test(before);
}
