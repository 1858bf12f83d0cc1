import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { localDate } from '../../domain/calendar/local-date';
import type { Metrics } from '../../domain/metrics/metrics';
import type { Database } from '../../store/database';
import { readCapacityUse, type CapacityUse } from '../../store/reports/capacity-use';
import {
  readAdmissions,
  readCreditsByDay,
  readHealthChanges,
  type AdmissionsOfDay,
  type CreditsOfDay,
  type HealthChangeOfRun,
} from '../../store/reports/month';
import { readLeadTimelines, type LeadTimeline } from '../../store/reports/lead-timelines';
import { readMetrics, type MetricsAnswer } from '../../store/reports/read-metrics';
import { refreshMetrics } from '../../store/reports/refresh-metrics';
import type { DemoOptions } from './options';
import type { RunEnd } from './progress';
import type { Setup } from './setup';

type Counts = Record<string, number>;

/** report.json: the engine's own account of the whole run. */
export interface RunReport {
  run: { start: string; end: string; days: number; unfinished: number };
  leads: { total: number; byStatus: Counts; byTimezoneSource: Counts };
  touches: { sent: number; byChannel: Counts; byStep: Counts; byDay: Counts; uncertain: number };
  stops: Counts;
  skips: { step: number; channel: string; reason: string; rule: string | null; count: number }[];
  /** The tables of MET over all touches, and the same by week of admission. */
  metrics: Metrics & Pick<MetricsAnswer, 'cohorts'>;
  capacity: CapacityUse[];
  /** PACE: by the client's day. */
  credits: CreditsOfDay[];
  admissions: AdmissionsOfDay[];
  /** HLTH. */
  healthChanges: HealthChangeOfRun[];
}

export interface RunResults {
  report: RunReport;
  leads: LeadTimeline[];
}

/** Reads what the engine says of the run. */
export async function readRunResults(
  database: Database,
  run: { clientId: string; timezone: string; start: Date },
  end: RunEnd,
): Promise<RunResults> {
  const leads = await readLeadTimelines(database, run.clientId);
  const touches = leads.flatMap((lead) => lead.touches);
  const sent = touches.filter((touch) => touch.sentAt !== null);
  const report: RunReport = {
    run: { start: run.start.toISOString(), end: end.end.toISOString(), days: end.days, unfinished: end.unfinished },
    leads: {
      total: leads.length,
      byStatus: countBy(leads, (lead) => lead.status),
      byTimezoneSource: countBy(leads, (lead) => lead.timezoneSource),
    },
    touches: {
      sent: sent.length,
      byChannel: countBy(sent, (touch) => touch.channel),
      byStep: countBy(sent, (touch) => String(touch.step)),
      byDay: countBy(sent, (touch) => localDate(new Date(touch.sentAt ?? 0), run.timezone)),
      uncertain: touches.filter((touch) => touch.status === 'uncertain').length,
    },
    stops: countBy(
      leads.filter((lead) => lead.status === 'stopped'),
      (lead) => lead.stopReason ?? 'unknown',
    ),
    skips: skipsOf(leads),
    metrics: await metricsOfRun(database, run.clientId, end.end),
    capacity: await readCapacityUse(database, run.clientId),
    credits: await readCreditsByDay(database, run.clientId),
    admissions: await readAdmissions(database, run.clientId),
    healthChanges: await readHealthChanges(database, run.clientId),
  };
  return { report, leads };
}

/** Exact: everything that has happened is counted first. */
async function metricsOfRun(database: Database, clientId: string, now: Date): Promise<RunReport['metrics']> {
  await refreshMetrics(database, now, Infinity);
  const query = { clientId, campaignId: null, domainId: null, from: null, to: null, cohort: 'week' } as const;
  const { all, cohorts } = await readMetrics(database, query, now);
  return Object.assign({}, all, { cohorts });
}

/** Writes leads.jsonl and report.json. */
export function writeRunResults(directory: string, { report, leads }: RunResults): void {
  mkdirSync(directory, { recursive: true });
  const isOnly = new Set(leads.map((lead) => lead.campaign)).size <= 1;
  const lines = leads.map(({ campaign, ...lead }) => JSON.stringify(isOnly ? lead : { campaign, ...lead }));
  writeFileSync(path.join(directory, 'leads.jsonl'), lines.map((line) => `${line}\n`).join(''));
  writeFileSync(path.join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** What the checks of the logs want to know of the setup (docs/formats.md), beside the logs. A setup of that name stays as it is. */
export function writeRunSetup(
  { out, setup: given }: Pick<DemoOptions, 'out' | 'setup'>,
  { client, domains }: Setup,
): void {
  const file = path.join(out, 'setup.json');
  if (given === file) return;
  const facts = {
    client: { timezone: client.timezone },
    domains: domains.map(({ name, warmupStartedAt, mailboxes }) => ({ name, warmupStartedAt, mailboxes })),
  };
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
}

function skipsOf(leads: readonly LeadTimeline[]): RunReport['skips'] {
  const skipped = leads.flatMap((lead) => lead.touches).filter((touch) => touch.status === 'skipped');
  const keys = countBy(skipped, ({ step, channel, reason, rule }) => JSON.stringify([step, channel, reason, rule]));
  return Object.entries(keys)
    .map(([key, count]) => {
      const [step, channel, reason, rule] = JSON.parse(key) as [number, string, string | null, string | null];
      return { step, channel, reason: reason ?? '', rule, count };
    })
    .sort((a, b) => a.step - b.step || b.count - a.count);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Counts {
  const counts: Counts = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
