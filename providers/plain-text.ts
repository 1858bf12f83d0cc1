/** The readable text of a message that may be HTML. */
export function plainText(content: string): string {
  if (!/<[a-z!/][^>]*>/i.test(content)) return content;
  return content
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<blockquote\b[\s\S]*<\/blockquote>/gi, '')
    .replace(/<br\s*\/?>|<\/(p|div|li|tr|h\d)>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&(?:#39|rsquo|apos);/gi, "'")
    .replace(/&quot;/gi, '"')
    .replace(/&amp;/gi, '&');
}

const quoteBegins = /^(>|on .{4,200}wrote:\s*$|-{2,}\s*(original|forwarded) message|_{10,}\s*$|from: .+@)/i;

/** What the sender wrote themselves: everything above the quoted mail that they answer. */
export function unquoted(text: string): string {
  const joined = text.replace(/\r\n/g, '\n').replace(/^(On [^\n]{4,150})\n([^\n]{0,80}wrote:)$/gim, '$1 $2');
  const lines = joined.split('\n');
  const end = lines.findIndex((line) => quoteBegins.test(line.trim()));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').trim();
}
