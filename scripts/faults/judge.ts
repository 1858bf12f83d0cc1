import { DateTime } from 'luxon';
import type { TouchFate } from '../../store/reports/run-facts';
import type { Incident } from './incidents';
import { runZone } from './run-clock';
import type { AnsweredStop } from './stops';

/** A line of the simulator's outbox. */
export interface WitnessLine {
  at: string;
  operation: string;
  /** Mailbox, number or seat. */
  resource: string | null;
  touchId: string | null;
  outcome: string;
  answered: boolean;
  detail: { mischief?: string };
}

/** A line of the simulator's inbox. */
export interface ToldLine {
  at: string;
  event: string;
  touchId: string | null;
  answeredStatus: number | null;
}

/** What a run left behind: the simulator's logs, the stops that were answered, and the engine's own account. */
export interface Evidence {
  outbox: readonly WitnessLine[];
  inbox: readonly ToldLine[];
  stops: readonly AnsweredStop[];
  /** Ids of events of ours that are stored. */
  storedEvents: ReadonlySet<string>;
  touches: readonly TouchFate[];
  /** Touches that are still `sending` when nobody sends any more. */
  stuck: number;
  incidents: readonly Incident[];
  /** Real epoch milliseconds of an instant of the run. */
  toReal: (at: Date) => number;
}

export interface Verdict {
  deliveries: number;
  stops: number;
  events: number;
  /** By promise; empty lists where it was kept. */
  violations: Record<string, string[]>;
  uncertain: { total: number; byCause: Record<string, number>; unexplained: string[] };
  /** By what was done: how often, and the real seconds from then until the next delivery. */
  recoveries: { what: string; times: number; seconds: number[] }[];
}

const touchOperations = new Set(['send', 'call', 'invite', 'message', 'sms']);
/** Events after which nothing more may reach the lead (SEQ-3, SEQ-5). */
const stopEvents = new Set(['reply', 'unsubscribe', 'complaint', 'smsStop']);

/** Was nothing broken, and is everything uncertain explained? */
export const isKept = ({ violations, uncertain }: Pick<Verdict, 'violations' | 'uncertain'>): boolean =>
  Object.values(violations).every((list) => list.length === 0) && uncertain.unexplained.length === 0;

/** Did a provider take a touch here? */
export const isDelivery = ({ outcome, operation }: WitnessLine): boolean =>
  outcome === 'accepted' && touchOperations.has(operation);

/** A run in which less happened proves nothing. */
const least = { deliveries: 50, stops: 5, kills: 3 };

/** Holds what happened against what was promised. */
export function judge(evidence: Evidence): Verdict {
  const accepted = evidence.outbox.filter(isDelivery);
  const fates = new Map(evidence.touches.map((touch) => [touch.touchId, touch]));
  const toldOk = evidence.inbox.filter(({ answeredStatus }) => answeredStatus === 200);
  const kills = evidence.incidents.filter(({ isKill }) => isKill).length;
  return {
    deliveries: accepted.length,
    stops: evidence.stops.length + toldOk.filter(({ event }) => stopEvents.has(event)).length,
    events: toldOk.length + evidence.stops.filter(({ eventId }) => eventId !== null).length,
    violations: {
      'accepted twice': twice(accepted),
      'accepted after a stop was answered': afterStops(accepted, fates, stopsOf(evidence, toldOk, fates)),
      'event answered and not stored': lost(evidence),
      'accepted, and the engine does not know': unknown(accepted, fates),
      'said to be sent, and never accepted': invented(accepted, fates),
      'still being sent when nobody sends': evidence.stuck === 0 ? [] : [`${evidence.stuck} touches`],
      'too little happened to prove anything': tooLittle(accepted.length, evidence.stops.length, kills),
      'limit of a day passed': overLimits(accepted),
      "outside the window by the engine's own clock": outside(evidence.touches),
    },
    uncertain: explain(evidence, accepted),
    recoveries: recoveries(evidence, accepted),
  };
}

const tooLittle = (deliveries: number, stops: number, kills: number): string[] =>
  deliveries >= least.deliveries && stops >= least.stops && kills >= least.kills
    ? []
    : [`${deliveries} deliveries, ${stops} stops, ${kills} kills`];

type Fates = ReadonlyMap<string, TouchFate>;
type Stopped = { leadId: string; at: string; what: string };

function twice(accepted: readonly WitnessLine[]): string[] {
  const counts = new Map<string, number>();
  for (const { touchId } of accepted) counts.set(touchId ?? '', (counts.get(touchId ?? '') ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([id, count]) => `touch ${id}: ${count} times`);
}

/** Both kinds of witness: what our own program was answered, and what the simulator's people were. */
function stopsOf(evidence: Evidence, toldOk: readonly ToldLine[], fates: Fates): Stopped[] {
  const told = toldOk.flatMap(({ event, touchId, at }) => {
    const leadId = fates.get(touchId ?? '')?.leadId;
    return stopEvents.has(event) && leadId !== undefined ? [{ leadId, at, what: event }] : [];
  });
  return [...evidence.stops, ...told];
}

function afterStops(accepted: readonly WitnessLine[], fates: Fates, stops: readonly Stopped[]): string[] {
  const firstStop = new Map<string, Stopped>();
  for (const stop of stops) {
    const known = firstStop.get(stop.leadId);
    if (known === undefined || stop.at < known.at) firstStop.set(stop.leadId, stop);
  }
  return accepted.flatMap(({ touchId, at }) => {
    const stop = firstStop.get(fates.get(touchId ?? '')?.leadId ?? '');
    return stop !== undefined && at > stop.at ? [`touch ${touchId} at ${at}, ${stop.what} answered at ${stop.at}`] : [];
  });
}

const lost = ({ stops, storedEvents }: Evidence): string[] =>
  stops.flatMap(({ eventId }) => (eventId === null || storedEvents.has(eventId) ? [] : [`event ${eventId}`]));

const unknown = (accepted: readonly WitnessLine[], fates: Fates): string[] =>
  accepted.flatMap(({ touchId }) => {
    const status = fates.get(touchId ?? '')?.status ?? 'never claimed';
    return ['sent', 'uncertain'].includes(status) ? [] : [`touch ${touchId} is ${status}`];
  });

function invented(accepted: readonly WitnessLine[], fates: Fates): string[] {
  const seen = new Set(accepted.map(({ touchId }) => touchId));
  const said = [...fates.values()].filter(({ status }) => status === 'sent');
  return said.filter(({ touchId }) => !seen.has(touchId)).map(({ touchId }) => `touch ${touchId}`);
}

/** LIM: what one mailbox, domain, number or seat may have accepted on one day. */
const limits: Readonly<Record<string, readonly { of: (resource: string) => string; most: number }[]>> = {
  send: [
    { of: (mailbox) => mailbox, most: 100 },
    { of: (mailbox) => mailbox.replace(/^.*@/, ''), most: 50 },
  ],
  call: [{ of: (number) => number, most: 50 }],
  sms: [{ of: (number) => number, most: 100 }],
  invite: [{ of: (seat) => seat, most: 20 }],
};

function overLimits(accepted: readonly WitnessLine[]): string[] {
  const counts = new Map<string, { count: number; most: number }>();
  for (const { at, operation, resource } of accepted) {
    const day = DateTime.fromISO(at, { zone: runZone }).toISODate() ?? '';
    for (const { of, most } of limits[operation] ?? []) {
      const key = `${of(resource ?? '')}: ${operation} on ${day}`;
      counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, most });
    }
  }
  return [...counts].flatMap(([key, { count, most }]) => (count > most ? [`${key}: ${count} of ${most}`] : []));
}

/** TIME-1, in a run in which everybody lives in one zone. */
function outside(touches: readonly TouchFate[]): string[] {
  return touches.flatMap(({ touchId, status, claimedAt }) => {
    if (claimedAt === null || !['sent', 'uncertain'].includes(status)) return [];
    const { weekday, hour } = DateTime.fromJSDate(claimedAt, { zone: runZone });
    return weekday <= 5 && hour >= 9 && hour < 11 ? [] : [`touch ${touchId} at ${claimedAt.toISOString()}`];
  });
}

/** Real milliseconds around a claim in which a fault may have left a touch uncertain: an attempt and its longest call. */
const around = { before: 2_000, after: 65_000 };

/** TRUTH-1: an uncertain touch is no violation, but there is a reason for each. */
function explain({ touches, incidents, toReal }: Evidence, accepted: readonly WitnessLine[]): Verdict['uncertain'] {
  const mischiefs = new Map(accepted.map(({ touchId, detail }) => [touchId, detail.mischief]));
  const byCause: Record<string, number> = {};
  const unexplained: string[] = [];
  const uncertain = touches.filter(({ status }) => status === 'uncertain');
  for (const { touchId, claimedAt, reason } of uncertain) {
    const mischief = mischiefs.get(touchId);
    const claimed = claimedAt === null ? 0 : toReal(claimedAt);
    const near = incidents.filter((one) => one.from < claimed + around.after && one.until > claimed - around.before);
    const closest = near.sort((a, b) => Math.abs(a.from - claimed) - Math.abs(b.from - claimed))[0];
    const cause = mischief === undefined ? closest?.what : `provider: ${mischief}`;
    if (cause === undefined) unexplained.push(`touch ${touchId}: ${reason ?? 'no reason'}`);
    else byCause[cause] = (byCause[cause] ?? 0) + 1;
  }
  return { total: uncertain.length, byCause, unexplained };
}

/** What matters is when the engine as a whole goes on: the next delivery, whoever made it. */
function recoveries({ incidents, toReal }: Evidence, accepted: readonly WitnessLine[]): Verdict['recoveries'] {
  const deliveries = accepted.map(({ at }) => toReal(new Date(at))).sort((a, b) => a - b);
  const byWhat = new Map<string, number[]>();
  for (const { what, from } of incidents) {
    const next = deliveries.find((at) => at > from);
    const list = byWhat.get(what) ?? [];
    byWhat.set(what, list);
    if (next !== undefined) list.push((next - from) / 1000);
  }
  const times = (what: string): number => incidents.filter((one) => one.what === what).length;
  return [...byWhat].map(([what, seconds]) => ({ what, times: times(what), seconds: seconds.sort((a, b) => a - b) }));
}
