import type { ProviderManifest } from './manifest';

/** The tables of docs/providers.md: who does what, and where each calls us. Markdown, without a line break at the end. */
export function providerTables(manifests: readonly ProviderManifest[]): string {
  const providers = manifests.map((manifest) => {
    const {
      name,
      senders = {},
      writer,
      leadSource,
      enrichment,
      accounts,
      variables,
      signOfLife,
      webhooks = [],
    } = manifest;
    const offers = {
      texts: writer,
      leads: leadSource,
      enrichment,
      'accounts of mailboxes': accounts,
      events: webhooks.length > 0,
    };
    const does = [...Object.keys(senders), ...Object.entries(offers).flatMap(([what, is]) => (is ? [what] : []))];
    const names = (needed: boolean): string =>
      Object.values(variables)
        .filter((variable) => variable.needed === needed)
        .map((variable) => `\`${variable.name}\``)
        .join(', ');
    return [`\`${name}\``, does.join(', '), names(true), names(false), signOfLife ? 'yes' : 'no'];
  });
  const webhooks = manifests.flatMap(({ webhooks: own = [] }) =>
    own.map(({ method, path, proof, summary, register }) => [`\`${method} ${path}\``, summary, proof, register]),
  );
  return [
    table(['provider', 'does', 'needs', 'may have', 'asked by `/readyz`'], providers),
    table(['webhook', 'tells', 'proof', 'to register'], webhooks),
  ].join('\n\n');
}

/** Columns of equal width, as the formatter leaves them. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
