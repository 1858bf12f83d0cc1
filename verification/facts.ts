import { DateTime } from 'luxon';
import type { LeadLine, OutboxLine, RunPerson, Run } from './run';

export type StepChannel = 'email' | 'voice' | 'linkedin' | 'sms';

/** A line of the outbox that contacts a person, and what is known around it. */
export interface Touch {
  at: string;
  instant: DateTime;
  touchId: string;
  channel: StepChannel;
  /** What the provider was asked to do. */
  operation: string;
  /** Mailbox, number or seat. */
  resource: string;
  outcome: OutboxLine['outcome'];
  email: string;
  /** The recipient's own date, as the start of that day. */
  date: DateTime;
  /** The clock that its window goes by: the recipient's, for calls and texts the one that is never early (TIME-3). */
  windowZone: string;
  /** As the engine numbers it; null when no lead has this touch. */
  step: number | null;
  person: RunPerson | null;
}

export interface Facts {
  /** In the order in which the providers were asked. */
  touches: Touch[];
  /** Looks at profiles that the person sees: they contact nobody, and count. */
  views: OutboxLine[];
  /** Requests to contact somebody who is not of the run. */
  strangers: OutboxLine[];
  run: Run;
}

/** The outbox's words for contacting somebody; other operations (lookups, texts) reach nobody. */
const channelOf: Readonly<Record<string, StepChannel>> = {
  send: 'email',
  call: 'voice',
  invite: 'linkedin',
  message: 'linkedin',
  sms: 'sms',
};

/**
 * Puts a run's logs together. Whom a touch reached is told by the address that the provider got, when people are known
 * from elsewhere; else by the engine's own account of the touch.
 */
export function factsOf(run: Run): Facts {
  const facts: Facts = { touches: [], views: [], strangers: [], run };
  const told = new Map(run.leads.flatMap((lead) => lead.touches.map(({ touchId, step }) => [touchId, { lead, step }])));
  const people = new Map(run.people?.flatMap((person) => person.recipients.map((address) => [address, person])));
  for (const line of run.outbox) {
    if (line.operation === 'view' && line.outcome !== 'rejected') facts.views.push(line);
    const channel = channelOf[line.operation];
    // What was refused reached nobody.
    if (channel === undefined || line.outcome === 'rejected') continue;
    const own = told.get(line.touchId ?? '');
    const person = people.get(line.recipient ?? '') ?? null;
    const reached =
      run.people === null ? own && reachedByAccount(own.lead) : person && reachedByWitness(person, channel);
    if (reached) facts.touches.push(touchOf(line, channel, { ...reached, person, step: own?.step ?? null }));
    else facts.strangers.push(line);
  }
  return facts;
}

interface Reached {
  email: string;
  zone: string;
  windowZone: string;
}

const reachedByWitness = ({ email, zone, callZone }: RunPerson, channel: StepChannel): Reached => ({
  email,
  zone,
  windowZone: isCall(channel) ? callZone : zone,
});

const reachedByAccount = ({ email, timezone }: LeadLine): Reached => ({
  email,
  zone: timezone,
  windowZone: timezone,
});

const touchOf = (
  { at, touchId, resource, outcome, operation }: OutboxLine,
  channel: StepChannel,
  { zone, ...reached }: Reached & Pick<Touch, 'person' | 'step'>,
): Touch => {
  const instant = DateTime.fromISO(at, { zone: 'utc' });
  const date = instant.setZone(zone).startOf('day');
  return {
    at,
    instant,
    touchId: touchId ?? '',
    channel,
    operation,
    resource: resource ?? '',
    outcome,
    date,
    ...reached,
  };
};

/** Calls and texts ring at once: they go by the zone that is never early (TIME-3). */
export const isCall = (channel: StepChannel): boolean => channel === 'voice' || channel === 'sms';

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
