import { compile, type SelectorDefinition } from 'html-to-text';

/** An address (<anna@acme.example>) or a link in angle brackets is no HTML. */
const htmlTag =
  /<(?:\/?(?:html|head|body|title|style|script|div|p|br|hr|span|font|table|t[rdh]|[uo]l|li|blockquote|a|b|i|u|em|strong|h[1-6]|pre|img)(?:\s[^<>]*)?\/?|!doctype[^<>]*)>/i;

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
const oneLine = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const selectors: SelectorDefinition[] = [
  ...['head', 'img', 'hr'].map((selector) => ({ selector, format: 'skip' })),
  ...headings.map((selector) => ({ selector, options: { uppercase: false } })),
  ...['td', 'th'].map((selector) => ({ selector, format: 'block', options: oneLine })),
  { selector: 'a', options: { ignoreHref: true } },
];
/** Nested deeper than any mail that people write: it is read by recursion, which must not run out of stack. */
const maxDepth = 200;
/** How much HTML is read, in characters: the time that nested tags take grows with the square of their number. */
const readLength = 100_000;
const readHtml = compile({ wordwrap: false, limits: { maxDepth, ellipsis: '' }, selectors });

/**
 * The readable text of a message that may be HTML. Quoted mail (<blockquote>) stays, each line behind a ">", so that
 * `unquoted` tells it from the answers.
 */
export function plainText(content: string): string {
  const text = htmlTag.test(content) ? readHtml(content.slice(0, readLength)).trim() : content;
  return text.replace(/\u00a0/g, ' ').replace(/[\u2018\u2019]/g, "'");
}

const quoted = /^>/;
const attribution = /^on .{4,200}wrote:$/i;
/** Below one of these, everything is quoted. */
const endOfAnswer = /^(-{2,}\s*(original|forwarded) message|_{10,}$|from: .+@)/i;
const namedSender = /^from: \S/i;
const furtherHeader = /^(sent|date|to): /i;

/**
 * What the sender wrote themselves: above, between and below the quoted mail that they answer. In doubt a line is
 * theirs: rather read too much than miss "remove me".
 */
export function unquoted(text: string): string {
  const joined = text.replace(/\r\n/g, '\n').replace(/^(On [^\n]{4,150})\n([^\n]{0,80}wrote:)[ \t]*$/gim, '$1 $2');
  const lines = joined.split('\n');
  const own: string[] = [];
  for (const [at, line] of lines.entries()) {
    const said = line.trim();
    if (quoted.test(said)) continue;
    if (endOfAnswer.test(said)) break;
    if (namedSender.test(said) && furtherHeader.test(nextSaid(lines, at))) break;
    if (!attribution.test(said)) own.push(line);
    // Announced without signs, the quote may go on to the end.
    else if (!quoted.test(nextSaid(lines, at))) break;
  }
  return own.join('\n').trim();
}

function nextSaid(lines: readonly string[], at: number): string {
  let next = at + 1;
  while (lines[next]?.trim() === '') next += 1;
  return lines[next]?.trim() ?? '';
}
