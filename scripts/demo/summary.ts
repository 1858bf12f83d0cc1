import Table from 'cli-table3';
import { DateTime } from 'luxon';
import color from 'picocolors';
import { accessTier } from '../../domain/access';
import type { Database } from '../../store/database';
import type { CapacityUse } from '../../store/reports/capacity-use';
import type { LeadTimeline } from '../../store/reports/lead-timelines';
import { readEnrollmentTimeline } from '../../store/reports/timeline';
import type { ImportAnswer, LaunchedCampaign } from './launch-campaigns';
import { printMetrics } from './plots';
import type { RunResults, RunReport } from './report';
import type { Setup } from './setup';

/** What is about to run: who is contacted, by which sequence. */
export function printIntroduction(setup: Setup, campaigns: readonly LaunchedCampaign[]): void {
  console.log(`\nFor ${setup.client.name} (${setup.client.timezone})`);
  for (const campaign of campaigns) printCampaign(campaign);
  console.log(
    `Starts ${DateTime.fromJSDate(setup.start, { zone: setup.client.timezone }).toFormat('cccc d LLLL yyyy, HH:mm')}\n`,
  );
}

function printCampaign({ name, imported, sequence }: LaunchedCampaign): void {
  console.log(color.bold(name));
  if (imported === null) console.log('finds its leads by its targeting, as the month needs them');
  else printImport(imported);
  const steps = sequence.map(({ step, day, channel, replaces }) => {
    return `${step}. day ${day} ${channel}${replaces === null ? '' : ` (for ${replaces})`}`;
  });
  console.log(`Sequence: ${steps.join('  →  ') || 'none: the client has no channel'}`);
}

function printImport({ imported, duplicates, suppressed, rejected }: ImportAnswer): void {
  console.log(
    `${imported} leads imported, ${duplicates} duplicates, ${suppressed} suppressed, ${rejected.length} rejected`,
  );
  for (const { row, field, reason } of rejected.slice(0, 10))
    console.log(color.yellow(`  row ${row}, ${field}: ${reason}`));
  if (rejected.length > 10) console.log(color.yellow(`  … and ${rejected.length - 10} more`));
}

/** What came of it: touches, stops, skips, capacity, the four metrics, and the timelines of three leads. */
export async function printSummary(database: Database, results: RunResults, clientZone: string): Promise<void> {
  const { report, leads } = results;
  console.log(`\n${color.bold('Touches by channel and step')}`);
  console.log(touchTable(leads));
  const { total, byStatus } = report.leads;
  const touched = leads.filter((lead) => sentOf(lead) > 0).length;
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
  console.log(
    `${report.touches.sent} touches to ${touched} of ${total} leads in ${report.run.days} days; leads: ${statuses.join(', ')}`,
  );
  printReasons(report);
  console.log(`\n${color.bold('Capacity used of capacity allowed')}`);
  console.log(capacityTable(report.capacity));
  printMetrics(report.metrics);
  printMonth(report);
  printHealth(report);
  for (const lead of examples(leads)) await printTimeline(database, lead, clientZone);
}

function touchTable(leads: readonly LeadTimeline[]): string {
  const touches = leads.flatMap((lead) => lead.touches);
  const steps = [...new Set(touches.map((touch) => touch.step))].sort();
  const statuses = ['sent', 'skipped', 'cancelled', 'uncertain', 'planned'] as const;
  const table = new Table({ head: ['step', 'channel', ...statuses], style: { head: [], border: [] } });
  for (const step of steps) {
    const ofStep = touches.filter((touch) => touch.step === step);
    const counts = statuses.map((status) => ofStep.filter((touch) => touch.status === status).length);
    table.push([step, ofStep[0]?.channel ?? '', ...counts]);
  }
  return table.toString();
}

function printReasons(report: RunReport): void {
  console.log(`\n${color.bold('Stopped early')}`);
  const stops = Object.entries(report.stops).sort(([, a], [, b]) => b - a);
  console.log(stops.map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`).join('\n') || '  nobody');
  console.log(`\n${color.bold('Skipped steps')}`);
  const skips = report.skips.map(({ step, channel, reason, rule, count }) => {
    return `  ${String(count).padStart(4)}  step ${step} ${channel}: ${reason} ${color.dim(`[${rule ?? ''}]`)}`;
  });
  console.log(skips.join('\n') || '  none');
}

/** By resource: its busiest day, and all its days. */
function capacityTable(capacity: readonly CapacityUse[]): string {
  const table = new Table({
    head: ['resource', 'counts', 'busiest day', 'used/allowed', 'days', 'used/allowed in all'],
    style: { head: [], border: [] },
  });
  const byResource = new Map<string, CapacityUse[]>();
  for (const row of capacity) {
    const key = `${row.kind} ${row.resource}`;
    byResource.set(key, [...(byResource.get(key) ?? []), row]);
  }
  for (const rows of byResource.values()) {
    const busiest = rows.reduce((a, b) => (b.consumed > a.consumed ? b : a));
    const used = rows.reduce((sum, row) => sum + row.consumed, 0);
    const allowed = rows.reduce((sum, row) => sum + row.limit, 0);
    const { kind, resource, day, consumed, limit } = busiest;
    table.push([resource, kind, day, `${consumed}/${limit}`, rows.length, `${used}/${allowed}`]);
  }
  return table.toString();
}

/** Bars are this wide at most. */
const barWidth = 40;

/** PACE: how the month was spent, a bar for each day. */
function printMonth({ credits }: RunReport): void {
  const days = credits.filter(({ admitted, refunded }) => admitted + refunded > 0);
  const most = Math.max(1, ...days.map(({ admitted }) => admitted));
  console.log(
    `\n${color.bold('Credits of the month')}  ${color.dim('a lead costs one; the day’s target is what is left ÷ the sending days left')}`,
  );
  for (const { day, admitted, refunded, remaining } of days) {
    const bar = '█'.repeat(Math.ceil((barWidth * admitted) / most)).padEnd(barWidth);
    const back = refunded === 0 ? '' : `, ${refunded} given back`;
    console.log(
      `  ${DateTime.fromISO(day).toFormat('ccc dd LLL')}  ${bar} ${String(admitted).padStart(4)} admitted, ${remaining} left${back}`,
    );
  }
  if (days.length === 0) console.log('  nobody was admitted');
}

/** HLTH: what the domains' health did to them. */
function printHealth({ healthChanges }: RunReport): void {
  console.log(`\n${color.bold('Health of domains')}`);
  const words = {
    halved: 'limit halved',
    restored: 'whole limit again',
    paused: 'paused',
    resumed: 'resumed',
    flagged: 'content flagged',
    reviewed: 'content reviewed',
  } as const;
  for (const { at, domain, kind, sends, bounces, complaints, unsubscribes } of healthChanges) {
    const counts = `of ${sends} mails in seven days ${bounces} bounced, ${complaints} complaints, ${unsubscribes} unsubscribed`;
    console.log(
      `  ${DateTime.fromISO(at, { zone: 'utc' }).toFormat('ccc dd LLL HH:mm')} UTC  ${domain}: ${words[kind]}  ${color.dim(counts)}`,
    );
  }
  if (healthChanges.length === 0) console.log('  nothing happened to it');
}

/** Three leads worth reading: one that got the most touches, one that was stopped, one with a skipped step. */
function examples(leads: readonly LeadTimeline[]): LeadTimeline[] {
  const most = [...leads].sort((a, b) => sentOf(b) - sentOf(a))[0];
  const stopped = leads
    .filter((lead) => lead.status === 'stopped' && sentOf(lead) > 0)
    .sort((a, b) => sentOf(b) - sentOf(a))[0];
  const skipped = leads.find(
    (lead) => lead !== most && sentOf(lead) > 0 && lead.touches.some((touch) => touch.status === 'skipped'),
  );
  return [...new Set([most, stopped, skipped])].filter((lead) => lead !== undefined);
}

const sentOf = (lead: LeadTimeline): number => lead.touches.filter((touch) => touch.status === 'sent').length;

async function printTimeline(database: Database, lead: LeadTimeline, clientZone: string): Promise<void> {
  const { entries, score } = await readEnrollmentTimeline(database, lead.enrollmentId);
  const scored = score === null ? 'unscored' : `score ${score}, ${accessTier(score).name}`;
  console.log(`\n${color.bold(lead.email)} ${color.dim(`(${scored}; ${lead.timezone}, from ${lead.timezoneSource})`)}`);
  for (const { at, what, step, reason, rule, numbers } of entries) {
    const when = DateTime.fromJSDate(at, { zone: lead.timezone || clientZone }).toFormat('ccc dd LLL HH:mm');
    const where = typeof numbers.slotLocal === 'string' ? ` for ${numbers.slotLocal}` : '';
    const stepText = step === null ? '' : `step ${step} `;
    console.log(`  ${when}  ${stepText}${what}${where}: ${reason} ${color.dim(`[${rule}]`)}`);
  }
}
