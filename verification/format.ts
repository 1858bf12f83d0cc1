import type { Report, Result } from './verify';

/** How many violations of one check are shown. */
const shown = 3;

/** A report for people: a line a check with the number of its violations, below it the first ones. */
export function formatReport({ seen, results }: Report): string {
  const head = `Looked at ${seen.touches} touches, ${seen.events} events, ${seen.leads} leads.`;
  return [head, '', ...results.flatMap(linesOf)].join('\n');
}

function linesOf(result: Result): string[] {
  const line = (verdict: string): string => `${verdict.padEnd(14)}${result.id.padEnd(9)}${result.name}`;
  if (result.kind === 'leftOut') return [`${line('not checked')}: ${result.missing} is missing`];
  const { violations } = result;
  const further = violations.length > shown ? [`              and ${violations.length - shown} more`] : [];
  return [
    line(violations.length === 0 ? 'kept' : `broken ${violations.length}×`),
    ...violations.slice(0, shown).map(({ text }) => `              ${text}`),
    ...further,
  ];
}
