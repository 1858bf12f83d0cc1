import { plainText, unquoted } from './plain-text';

/** Without "Re:": behind it stand our own words. */
const automaticSubject =
  /^\s*(automatic reply|auto(matic)?[- ]?(reply|response|responder)|out of (the )?office|ooo\b|(on )?(vacation|holiday)( notice| reply| message|:|$)|on (annual |parental |sick )?leave|away from (the|my) (office|desk))/i;

/** Said by machines about themselves. */
const machineSpeaks =
  /\bthis is an? auto(mated|matic|matically|[- ]?generated)?\b.{0,30}\b(reply|response|message|e-?mail)\b|\bautomatic(ally)? (generated )?(reply|response)\b|\bauto-?reply\b/i;

/** Said by people in their notices of absence, and hardly ever to somebody in particular. */
const absence =
  /\b(out of (the )?office|on (annual|parental|maternity|paternity|sick|extended|personal)?\s?leave\b|on (vacation|holidays?)\b|away from (the|my) (office|desk|e-?mail)|limited access to (my )?e-?mail|back in the office)/i;

/** Signs that somebody read our mail and answers it. */
const humanAnswer =
  /\?|\b(not |very |quite )?interested\b|\b(un)?subscribe|\bremove me\b|\btake me off\b|\bstop (emailing|contacting|writing)|\blet'?s\b|\bsounds (good|great|interesting)\b|\b(book|schedule|set up) (a|some)\b|\bsend (me|us|over)\b|\byour (offer|product|proposal|pitch)\b/i;

/** How much of a message is read for signs of absence, in characters: notices say it at once. */
const noticeLength = 600;

/**
 * Is this evidently an automatic reply (SEQ-3), going by its words alone? In doubt it is not: taking a person for a
 * machine would go on writing to somebody who answered.
 * @param content text or HTML, with or without the quoted mail
 */
export function looksAutomatic(subject: string | null, content: string): boolean {
  const said = unquoted(plainText(content)).slice(0, noticeLength);
  if (automaticSubject.test(subject ?? '') || machineSpeaks.test(said)) return true;
  return absence.test(said) && !humanAnswer.test(said);
}
