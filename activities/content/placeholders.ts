/** What templates and tired writers leave behind. */
const patterns: readonly RegExp[] = [
  /\{\{[^}\n]*\}\}?/g,
  /\{%[^%\n]*%\}/g,
  /(?<!\{)\$?\{[A-Za-z][\w .-]{0,40}\}/g,
  /\[[A-Za-z][^\]\n]{0,60}\]/g,
  /<\/?[A-Za-z][^>\n]{0,60}>/g,
  /%[A-Z][A-Z_]{1,30}%/g,
  /\b(?:XXX+|TBD|undefined|NaN|lorem ipsum|insert [a-z ]{2,30} here|your (?:name|company) here)\b/gi,
];

/**
 * Placeholders left in a text (TEXT-2): `{{first_name}}`, `[Company]`, `<title>` and their like.
 * @param known the facts the text was written from: what looks like a placeholder but stands there is a name
 */
export function leftoverPlaceholders(text: string, known: unknown): string[] {
  const knownTexts = textsIn(known);
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[0]));
  return [...new Set(found)].filter((match) => !knownTexts.some((fact) => fact.includes(match)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
