import Table from 'cli-table3';
import color from 'picocolors';
import { brokenOf, checkedOf, type Finding, type Report, type Source } from '../../verification/report';

/** How many violations of one check are shown. */
const shown = 3;

/** In which order the places are told. */
const sources: readonly Source[] = ['database', 'database and logs', 'logs', 'Temporal'];

/** A report for people: a table with a line for each check, and below it the first violations of those that are broken. */
export function formatReport(report: Report): string {
  const table = new Table({
    head: ['rule', 'promise', 'looked at', 'verdict'],
    style: { head: [], border: [], compact: true },
    colWidths: [10, 58, 38, 14],
    wordWrap: true,
  });
  for (const source of sources) {
    const own = report.findings.filter((finding) => finding.source === source);
    if (own.length === 0) continue;
    table.push([{ colSpan: 4, content: color.bold(source) }]);
    table.push(...own.map((finding) => [finding.id, finding.name, lookedAt(finding), verdict(finding)]));
  }
  return [table.toString(), ...brokenOf(report).flatMap(violations), ...uncertain(report)].join('\n');
}

function lookedAt(finding: Finding): string {
  if (finding.kind === 'leftOut') return finding.reason;
  return Object.entries(finding.lookedAt)
    .map(([what, count]) => `${number(count)} ${what}`)
    .join(', ');
}

function verdict(finding: Finding): string {
  if (finding.kind === 'leftOut') return color.yellow('not checked');
  return finding.count === 0 ? color.green('kept') : color.red(`broken ${number(finding.count)}×`);
}

function violations({ id, name, source, count, first }: ReturnType<typeof brokenOf>[number]): string[] {
  const further = count > shown ? [`  and ${number(count - shown)} more`] : [];
  return [`\n${id}, ${source}: ${name}`, ...first.slice(0, shown).map(({ text }) => `  ${text}`), ...further];
}

function uncertain({ uncertain: touches }: Report): string[] {
  if (touches.length === 0) return [];
  const lines = touches.map(({ reason, count }) => `  ${String(count).padStart(5)}  ${reason}`);
  return [
    '\nUncertain touches: nobody knows whether they were sent, and they are never sent again (TRUTH-1)',
    ...lines,
  ];
}

/** The whole report in one sentence: all invariants kept, or how many are not. */
export function verdictLine(report: Report): string {
  const checked = checkedOf(report);
  const broken = brokenOf(report);
  const most = (what: string): number => Math.max(0, ...checked.map((finding) => finding.lookedAt[what] ?? 0));
  const seen = `${number(most('touches'))} touches, ${number(most('events'))} events`;
  const leftOut = report.findings.length - checked.length;
  const aside = leftOut === 0 ? '' : `; ${leftOut} could not be checked`;
  if (broken.length === 0) return `All ${checked.length} invariants kept: ${seen}${aside}.`;
  return `${broken.length} of ${checked.length} invariants broken: ${seen}${aside}.`;
}

const number = (value: number): string => value.toLocaleString('en-US');
