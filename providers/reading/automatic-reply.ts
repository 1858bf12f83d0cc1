import { plainText, unquoted } from './plain-text';

/**
 * How mail programs name their automatic replies, in the languages that the engine reads. Without "Re:": behind it stand our
 * own words.
 */
const automaticSubjects: readonly RegExp[] = [
  /^\s*(automatic reply|auto(matic)?[- ]?(reply|response|responder|answer)|autoresponder|out[- ]of[- ](the )?office|ooo\b|(on )?(vacation|holiday)( notice| reply| message|:|$)|on (annual |parental |maternity |paternity |sick )?leave|away from (the|my) (office|desk|email)|away notice|absence notice|i am (currently )?(away|out of (the )?office))/i,
  /^\s*(automatische (antwort|r(ü|ue)ckmeldung)|autom(atisch erstellte|\.) antwort|abwesenheit(snotiz|sassistent|smeldung|sbenachrichtigung)?\b|abwesend\b|nicht im (b(ü|ue)ro|haus)|urlaub\b|au(ß|ss)er haus)/i,
  /^\s*(r(é|e)ponse automatique|message automatique|absence( du bureau)?\b|absent(e)?\b( du bureau)?|en cong(é|e)s?\b|hors du bureau|de vacances)/i,
  /^\s*(respuesta autom(á|a)tica|mensaje autom(á|a)tico|fuera de (la )?oficina|ausente\b|ausencia\b|de vacaciones|autorespuesta)/i,
  /^\s*(risposta automatica|messaggio automatico|fuori (sede|ufficio)|assente\b|assenza\b|in ferie\b|auto(:|matica) )/i,
  /^\s*(automatisch (antwoord|bericht)|automatische (reactie|beantwoording)|afwezig(heid)?\b|niet op kantoor|met vakantie|met verlof|buiten kantoor)/i,
];

/** Said by machines about themselves. */
const machineSpeaks =
  /\bthis is an? (auto(mated|matic|matically|[- ]?generated)?)\b.{0,30}\b(reply|response|message|e-?mail)\b|\bautomatic(ally)? (generated )?(reply|response)\b|\bauto-?reply\b|\bautomatisch (generierte|erstellte|erzeugte)\b|\b(message|r(é|e)ponse) (g(é|e)n(é|e)r(é|e)e? automatiquement|automatique)\b|\b(mensaje|respuesta) (generad[oa] )?autom(á|a)tic[oa](mente)?\b|\b(messaggio|risposta) (generat[oa] )?automatic(o|a|amente)\b|\bautomatisch (gegenereerd|verzonden)/i;

/** Sentences of which a notice of absence is made. The first kind is needed; a text of nothing else is a notice. */
const absence =
  /\b(out of (the )?office|on (an? )?(annual|parental|maternity|paternity|sick|study|long service|extended|personal|planned|bereavement)?\s?leave\b|on (my )?(vacation|holidays?|business trip|sabbatical)\b|(away|absent) (from|until|till|on|for|this|through|between)\b|(currently|presently) (away|travell?ing|absent|out)|not in the office|out (of town|until|till|on|this|for|from|all)\b|(limited|no|intermittent|irregular) access to (my )?(e-?mails?|messages?|inbox)|back (in the office|at (my desk|work)|on|from)|return(ing)? (to (the office|work|my desk)|on|from)|office (is|will be|hours|closes|reopens)|closed (for|from|until|over)|no longer (with|work|employed|at)|has left)\b/i;
const surroundings: readonly RegExp[] = [
  /^(hi|hello|hey|dear|good (morning|afternoon|day)|greetings|g'day|to whom)\b[^.!?]{0,40}$/i,
  /^(many )?(thanks|thank you)( (very|so) much)?( (for|in advance)\b[^?]{0,60})?$/i,
  /\b(if|for|in case of|should)\b[^.!?]{0,60}\b(urgent|emergency|emergencies|immediate|assistance|matters?|queries|requests?|help)\b/i,
  /^(please|kindly|you (can|may)|do|alternatively,? (please )?)?\s*(contact|call|e-?mail|ring|write to|speak to|reach( out to)?|refer|direct)\b[^?]{0,160}$/i,
  /\b(will|shall|'ll)( \w+)? (respond|reply|answer|get back to you|read|review|be in touch|attend|come back to you|return your|action)\b[^?]{0,80}(\breturn|\bback|soon|possible|then|next|first|after|when)/i,
  /\b(will|may) (not )?be (forwarded|read|delayed|monitored|checked)\b|\b(response|repl(y|ies)) (may|will|can) be\b|\bthere (may|will) be a delay\b/i,
  /^(kind|best|warm|many)? ?(regards|wishes)|^(cheers|sincerely|yours|thanks|best)\b[^.!?]{0,40}$/i,
  /^(scanned|virus|sent from|confidential|this (e-?mail|message) (is|and|may|was|has been)|the (information|contents?) )/i,
  /^(merry christmas|happy (holidays|new year|easter)|season's greetings|have a (great|good|nice|lovely) \w+)/i,
];

/** Signs that somebody read our mail and answers it. */
const humanAnswer =
  /\?|\b(not |very |quite )?interested\b|\b(un)?subscribe|\bremove me\b|\btake me off\b|\bstop (emailing|contacting|writing)|\blet'?s\b|\bsounds (good|great|interesting)\b|\b(book|schedule|set up) (a|some)\b|\bsend (me|us|over)\b|\byour (offer|product|proposal|pitch|mail below|idea|tool)\b|\b(happy|glad|keen|love|free|able|good) to (talk|chat|speak|meet|discuss|connect|catch up|look|hear|have)\b|\b(talk|speak|chat|meet|catch up|call|ring|try|ping|chase|remind|follow up)( (to|with))?( (me|us|you))? (then|after|next|again|when|on|in|at|from|anytime|any time)\b|\b(call|ring|try|ping|remind|chase|text) me\b|\b(we|i) (already|do not|don't|use|need|could|can|might|would|think|have a)\b|\bbut\b|\bno(t)? (thanks|thank you|for us|now)\b|\b(will|we'll|i'll) (have a look|look at|think|consider|discuss|check with|pass)\b|\bcan (you|we)\b|\bspeak soon\b|\bfeel free to (send|book)\b/i;

/** How much of a message is read for signs of absence, in characters: notices say it at once. */
const noticeLength = 1_200;

/**
 * Is this evidently an automatic reply (SEQ-3)? By its subject, because a machine says that it is one, or because it says
 * nothing but that somebody is away. In doubt it is not: taking a person for a machine would go on writing to somebody who
 * answered.
 * @param content text or HTML, with or without the quoted mail
 */
export function looksAutomatic(subject: string | null, content: string): boolean {
  const said = unquoted(plainText(content)).slice(0, noticeLength);
  if (automaticSubjects.some((pattern) => pattern.test(subject ?? '')) || machineSpeaks.test(said)) return true;
  return isNothingButAbsence(said);
}

const signOff =
  /\n\s*((kind|best|warm|many)? ?(regards|wishes)|cheers|sincerely|yours (sincerely|truly|faithfully)|mit freundlichen|viele grüße|cordialement|saludos|cordiali saluti|met vriendelijke)\b[\s\S]*$/i;

function isNothingButAbsence(text: string): boolean {
  const notice = text.replace(signOff, '').trim();
  if (humanAnswer.test(notice)) return false;
  const sentences = notice
    .replace(/([^.!?:,])\s*\n\s*(?=\p{Ll})/gu, '$1 ')
    .split(/(?<=[.!?])\s+|\n+|^(?:hi|hello|dear)\b[^,\n]{0,40},/i)
    .map((sentence) => sentence.replace(/[.!,:;\s]+$/, '').trim())
    .filter((sentence) => sentence !== '');
  const isAbsent = (sentence: string): boolean => absence.test(sentence);
  return sentences.some(isAbsent) && sentences.every((each) => isAbsent(each) || isSurrounding(each));
}

/** A line of at most this many words without a verb may be a name, a title or an address. */
const nameWords = 4;

function isSurrounding(sentence: string): boolean {
  if (surroundings.some((pattern) => pattern.test(sentence))) return true;
  if (/@|\+?\d[\d ()-]{6,}|https?:|www\./.test(sentence)) return true;
  const words = sentence.split(/\s+/);
  return words.length <= nameWords && words.every((word) => /^[\p{Lu}\d&|,.'-]/u.test(word));
}
