/** The words of a template for one contact; null: a variable is missing, so the send fails. */
export function render(template: string, variables: Record<string, string>): string | null {
  let isWhole = true;
  const filled = template.replace(/\{\{\s*([^{}|]+?)\s*\}\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole
    ? filled.replace(/\{\{([^{}]*\|[^{}]*)\}\}/g, (_, words: string) => (words.split('|')[0] ?? '').trim())
    : null;
}

/** An HTML body as the plain text that leaves. */
export function plainTextOf(html: string): string {
  return html
    .replace(/<p><br><\/p>/g, '')
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<\/p>/g, '\n\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? '')
    .trimEnd();
}
