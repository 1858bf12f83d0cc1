import { DateTime } from 'luxon';
import { linkedinUrlOf, type Person } from './people';

/** A line of outbox.jsonl: what a provider was asked. */
export interface OutboxLine {
  at: string;
  operation: string;
  resource: string;
  recipient: string;
  touchId: string;
  outcome: string;
}

/** A line of inbox.jsonl: what came back. */
export interface InboxLine {
  at: string;
  event: string;
  recipient: string;
  touchId: string;
  answeredStatus: number;
}

/** A line of leads.jsonl: the engine's own account. */
export interface LeadLine {
  email: string;
  timezone: string;
  timezoneSource: string;
  touches: {
    touchId: string;
    step: number;
    channel: string;
    status: string;
    sentAt: string | null;
    resource: string;
  }[];
}

export interface Logs {
  outbox: OutboxLine[];
  inbox: InboxLine[];
  leads: LeadLine[];
}

export interface Circumstances {
  people: readonly Person[];
  clientZone: string;
  /** Date on which each domain's warm-up began. */
  warmups: Readonly<Record<string, string>>;
}

interface Touch extends OutboxLine {
  person: Person;
  channel: 'email' | 'voice' | 'linkedin' | 'sms';
  instant: DateTime;
  /** The recipient's own date. */
  date: DateTime;
  step: number | null;
}

const channelOf: Record<string, Touch['channel']> = {
  send: 'email',
  call: 'voice',
  invite: 'linkedin',
  message: 'linkedin',
  sms: 'sms',
};
/** SEQ. */
const dayOfStep: Record<number, number> = { 1: 0, 2: 3, 3: 5, 4: 8, 5: 12 };

/** Holds the logs of a run against the specification, written anew here; every violation is one line of the answer. */
export function checkWitness(logs: Logs, circumstances: Circumstances): string[] {
  const violations: string[] = [];
  const touches = readTouches(logs, circumstances, violations);
  checkWindows(touches, violations);
  checkPeople(touches, violations);
  checkSpacing(touches, violations);
  checkLimits(touches, circumstances, violations);
  checkStops(touches, logs, circumstances, violations);
  checkAccount(touches, logs, circumstances, violations);
  return violations;
}

function readTouches({ outbox, leads }: Logs, { people }: Circumstances, violations: string[]): Touch[] {
  const steps = new Map(leads.flatMap((lead) => lead.touches.map((touch) => [touch.touchId, touch.step] as const)));
  return outbox.flatMap((line) => {
    const channel = channelOf[line.operation];
    if (channel === undefined) return [];
    const person = personOf(line.recipient, people);
    if (person === undefined) {
      violations.push(`${line.operation} to a stranger: ${line.recipient}`);
      return [];
    }
    const instant = DateTime.fromISO(line.at, { zone: 'utc' });
    const date = instant.setZone(person.zone).startOf('day');
    return [{ ...line, person, channel, instant, date, step: steps.get(line.touchId) ?? null }];
  });
}

function personOf(recipient: string, people: readonly Person[]): Person | undefined {
  return people.find(
    (person) =>
      [person.email, person.mobile, person.phone, linkedinUrlOf(person)].includes(recipient) && recipient !== '',
  );
}

/** TIME-1, TIME-3, TIME-5. */
function checkWindows(touches: readonly Touch[], violations: string[]): void {
  for (const { instant, channel, person, date } of touches) {
    const zone = channel === 'voice' || channel === 'sms' ? person.callZone : person.zone;
    const local = instant.setZone(zone);
    const what = `${channel} to ${person.email} at ${local.toISO()}`;
    if (local.hour < 9 || local.hour >= 11) violations.push(`outside the window: ${what}`);
    if (local.weekday > 5) violations.push(`on a weekend: ${what}`);
    if (person.holidays.includes(date.toISODate() ?? '')) violations.push(`on a holiday: ${what}`);
  }
}

/** SEQ-1, SEQ-2, SEQ-8, TRUTH-1. */
function checkPeople(touches: readonly Touch[], violations: string[]): void {
  for (const [email, own] of groupBy(touches, (touch) => touch.person.email)) {
    const known = own.filter((touch) => touch.step !== null);
    const steps = known.map((touch) => touch.step ?? 0);
    if (new Set(steps).size < steps.length) violations.push(`a step twice: ${email} ${steps.join()}`);
    if (steps.some((step, i) => i > 0 && step < (steps[i - 1] ?? 0))) violations.push(`out of order: ${email}`);
    own.slice(1).forEach((touch, i) => {
      const days = touch.date.diff(own[i]?.date ?? touch.date, 'days').days;
      if (days === 0) violations.push(`two on one day: ${email} ${touch.at}`);
      else if (days < 1.9) violations.push(`less than two days apart: ${email} ${touch.at}`);
    });
    const [first] = known;
    if (first?.step !== 1) continue;
    for (const { step, date, at } of known) {
      const day = Math.round(date.diff(first.date, 'days').days);
      if (day < (dayOfStep[step ?? 0] ?? 0)) violations.push(`step ${step} early on day ${day}: ${email} ${at}`);
    }
  }
}

/** TIME-6. */
function checkSpacing(touches: readonly Touch[], violations: string[]): void {
  for (const [resource, own] of groupBy(touches, (touch) => touch.resource)) {
    const instants = own.map((touch) => touch.instant.toMillis()).sort((a, b) => a - b);
    instants.slice(1).forEach((instant, i) => {
      const seconds = (instant - (instants[i] ?? 0)) / 1000;
      if (seconds < 120) violations.push(`${seconds} s apart: ${resource}`);
    });
  }
}

/** LIM and WARM, by the client's days. */
function checkLimits(touches: readonly Touch[], { clientZone, warmups }: Circumstances, violations: string[]): void {
  const counts = new Map<string, number>();
  const count = (key: string, limit: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if ((counts.get(key) ?? 0) > limit) violations.push(`more than ${limit}: ${key}`);
  };
  for (const { channel, resource, instant } of touches) {
    const date = instant.setZone(clientZone).startOf('day');
    const day = date.toISODate() ?? '';
    if (channel === 'voice') count(`calls of ${resource} on ${day}`, 50);
    if (channel === 'linkedin') {
      count(`invitations of ${resource} on ${day}`, 20);
      for (let back = 0; back < 7; back += 1) {
        count(`invitations of ${resource} in the week from ${date.minus({ days: back }).toISODate()}`, 100);
      }
    }
    if (channel === 'sms') {
      count(`texts of ${resource} on ${day}`, 100);
      count(`texts on ${day}`, 200);
    }
    if (channel !== 'email') continue;
    const domain = resource.slice(resource.indexOf('@') + 1);
    const warmupDay = Math.round(date.diff(DateTime.fromISO(warmups[domain] ?? '', { zone: clientZone }), 'days').days);
    count(`e-mails of ${domain} on ${day}`, warmupLimit(warmupDay));
    count(`e-mails of ${resource} on ${day}`, 100);
    count(`e-mails on ${day}`, 200);
  }
}

function warmupLimit(day: number): number {
  if (day >= 22) return 50;
  if (day >= 15) return 35;
  if (day >= 8) return 20;
  if (day >= 4) return 10;
  return day >= 0 ? 5 : 0;
}

const stops = ['reply', 'unsubscribe', 'complaint', 'smsStop'];

/** SEQ-3, SEQ-4, SEQ-5: nothing more once a stop was answered with 200. */
function checkStops(touches: readonly Touch[], logs: Logs, { people }: Circumstances, violations: string[]): void {
  const recipients = new Map(touches.map((touch) => [touch.touchId, touch.person]));
  for (const { at, event, touchId, recipient, answeredStatus } of logs.inbox) {
    if (answeredStatus !== 200) violations.push(`${event} was answered with ${answeredStatus}`);
    const person = recipients.get(touchId) ?? personOf(recipient, people);
    for (const touch of touches) {
      if (touch.person !== person || touch.instant <= DateTime.fromISO(at)) continue;
      const stopped = stops.includes(event) || (event === 'hardBounce' && touch.channel === 'email');
      if (stopped) violations.push(`${touch.channel} to ${touch.person.email} at ${touch.at}, after ${event} at ${at}`);
    }
  }
}

/** TRUTH-3: leads.jsonl tells the same story as outbox.jsonl. */
function checkAccount(
  touches: readonly Touch[],
  { leads }: Logs,
  { people }: Circumstances,
  violations: string[],
): void {
  const told = new Map(leads.flatMap((lead) => lead.touches.map((touch) => [touch.touchId, { lead, touch }] as const)));
  for (const line of touches) {
    const own = told.get(line.touchId);
    if (own === undefined) {
      violations.push(`a touch that no lead has: ${line.touchId}`);
      continue;
    }
    const { lead, touch } = own;
    const secondsApart = Math.abs(line.instant.diff(DateTime.fromISO(touch.sentAt ?? ''), 'seconds').seconds);
    const same =
      lead.email === line.person.email &&
      touch.channel === line.channel &&
      touch.resource === line.resource &&
      (line.outcome !== 'accepted' || (touch.status === 'sent' && secondsApart < 60));
    if (!same) violations.push(`another story: ${JSON.stringify(touch)}, ${line.outcome} at ${line.at}`);
  }
  const accepted = new Set(touches.filter((line) => line.outcome === 'accepted').map((line) => line.touchId));
  for (const [touchId, { touch }] of told) {
    if (touch.status === 'sent' && !accepted.has(touchId)) violations.push(`told as sent, never received: ${touchId}`);
  }
  for (const { email, zone, source } of people) {
    const lead = leads.find((line) => line.email === email);
    if (lead?.timezone !== zone || lead.timezoneSource !== source) violations.push(`another zone: ${email}`);
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
