/**
 * The words of a text in the one spelling that is compared: lower case, without accents and punctuation. "Geschäftsführer
 * (m/w/d)" → geschaftsfuhrer, m, w, d; "C.E.O." → ceo.
 */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replace(/['’]/g, '');
  const joined = plain.replace(/\b(?:\p{L}\.){2,}/gu, (initials) => `${initials.replaceAll('.', '')} `);
  return joined.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
