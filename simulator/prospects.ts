import { between, chance } from './chance';
import type { ProspectSettings } from './config';
import type { CallDelivery, Delivery } from './delivery';
import { hours, minutes, seconds } from './durations';
import { deedOn, fateOf, type Fate } from './fate';
import { withRetries } from './retries';
import type { PlannedReaction, ReactionFacts, ReactionKind } from './workflows/reaction-input';

export interface Prospects {
  /** Notes that the touch reached its person and tells what comes of it; deterministic by seed, person and order. */
  receive(delivery: Delivery): PlannedReaction[];
}

interface Memory {
  fate: Fate;
  /** Touches that have reached the person, this one included. */
  touches: number;
  done: boolean;
}

/** Call outcomes of a person, as shares. */
const answersInPerson = 0.4;
const machineAnswers = 0.22;
const lineIsBusy = 0.08;
const acceptsInvitation = 0.35;
const opensMail = 0.45;

/** Everybody's behaviour. What a person does is done once; only a missing mailbox bounces every mail. */
export function createProspects(seed: number, settings: ProspectSettings): Prospects {
  const memories = new Map<string, Memory>();

  function remember(who: string): Memory {
    const known = memories.get(who) ?? { fate: fateOf(who, seed, settings), touches: 0, done: false };
    memories.set(who, known);
    return known;
  }

  return {
    receive(delivery) {
      const who = delivery.person?.email;
      if (who === undefined) return networkReactions(delivery).map(withRetries(delivery));
      const memory = remember(who);
      memory.touches += 1;
      const deed = dueDeed(memory, delivery);
      if (deed) memory.done = true;
      const passive = memory.fate.exact && memory.fate.does === 'none';
      const luck = (what: string): number => chance(seed, who, what, memory.touches);
      const plan = { deed, afterMs: memory.fate.afterMs, passive, exact: memory.fate.exact, luck };
      return reactionsTo(delivery, plan).map(withRetries(delivery));
    },
  };
}

function dueDeed(memory: Memory, delivery: Delivery): ReactionKind | null {
  if (memory.touches < memory.fate.onTouch) return null;
  if (memory.done && memory.fate.does !== 'hardBounce') return null;
  return deedOn(memory.fate, delivery);
}

interface Plan {
  deed: ReactionKind | null;
  afterMs: number;
  /** Never does anything, not even in passing. */
  passive: boolean;
  exact: boolean;
  luck(what: string): number;
}

function reactionsTo(delivery: Delivery, plan: Plan): PlannedReaction[] {
  switch (delivery.channel) {
    case 'email':
      return [...(delivery.provider === 'salesforge' ? [wasSent] : []), ...mailReactions(plan)];
    case 'voice':
      return callReactions(delivery, plan);
    case 'linkedin':
      return linkedInReactions(delivery.kind, plan);
    case 'sms':
      return [...networkReactions(delivery), ...deedAlone(plan)];
  }
}

/** What happens without a person: the carrier reports. */
function networkReactions(delivery: Delivery): PlannedReaction[] {
  if (delivery.channel === 'sms') return [{ kind: 'delivered', afterMs: seconds(6) }];
  return delivery.channel === 'voice' ? unanswered(delivery, 'no-answer') : [];
}

/** Salesforge tells that a mail of its own has left. */
const wasSent: PlannedReaction = { kind: 'sent', afterMs: seconds(1) };

function deedAlone({ deed, afterMs }: Plan): PlannedReaction[] {
  return deed ? [{ kind: deed, afterMs }] : [];
}

function mailReactions(plan: Plan): PlannedReaction[] {
  const bounced = plan.deed === 'hardBounce' || plan.deed === 'softBounce';
  if (bounced || plan.passive || plan.luck('opens') >= opensMail) return deedAlone(plan);
  const opened = between(minutes(4), hours(30), plan.luck('opens when'), 2.5);
  const acts = plan.deed !== null && plan.deed !== 'ooo';
  // Who answers has read it before.
  return [{ kind: 'opened', afterMs: acts ? Math.min(opened, plan.afterMs * 0.9) : opened }, ...deedAlone(plan)];
}

function linkedInReactions(kind: 'invite' | 'message', plan: Plan): PlannedReaction[] {
  if (kind === 'message' || plan.passive) return deedAlone(plan);
  const natural = between(hours(1), hours(48), plan.luck('accepts when'), 1.6);
  // Only connections can write, so a reply comes after the acceptance.
  if (plan.deed) {
    const afterMs = Math.min(natural, Math.max(0, plan.afterMs - minutes(3)));
    return [{ kind: 'inviteAccepted', afterMs }, ...deedAlone(plan)];
  }
  return plan.luck('accepts') < acceptsInvitation ? [{ kind: 'inviteAccepted', afterMs: natural }] : [];
}

function callReactions(delivery: CallDelivery, plan: Plan): PlannedReaction[] {
  const luck = plan.passive ? 1 : plan.luck('call');
  const inPerson = luck < answersInPerson;
  if (!inPerson && luck >= answersInPerson + machineAnswers) {
    const busy = luck < answersInPerson + machineAnswers + lineIsBusy;
    return followedByDeed(unanswered(delivery, busy ? 'busy' : 'no-answer'), plan);
  }
  const ring = between(seconds(4), seconds(Math.min(20, delivery.ringTimeout)), plan.luck('ring'));
  const talk = Math.min(
    delivery.timeLimit,
    Math.round(between(inPerson ? 25 : 8, inPerson ? 110 : 40, plan.luck('talk'))),
  );
  const facts: ReactionFacts = { answeredBy: inPerson ? 'human' : 'machine_start' };
  const call: PlannedReaction[] = [
    { kind: 'callRings', afterMs: seconds(1) },
    { kind: 'callAnswered', afterMs: ring, facts },
    { kind: 'callEnds', afterMs: ring + seconds(talk), facts: { ...facts, status: 'completed', duration: talk } },
  ];
  const pressesKey = plan.deed === 'reply' && inPerson && !plan.exact && plan.luck('key') < 0.5;
  if (pressesKey) return [...call, { kind: 'keyPressed', afterMs: ring + seconds(talk * 0.8) }];
  return followedByDeed(call, plan);
}

/** Nobody calls back before the call is over. */
function followedByDeed(call: PlannedReaction[], plan: Plan): PlannedReaction[] {
  const over = Math.max(...call.map((reaction) => reaction.afterMs));
  return [...call, ...deedAlone({ ...plan, afterMs: Math.max(plan.afterMs, over + seconds(5)) })];
}

function unanswered(delivery: CallDelivery, status: 'busy' | 'no-answer'): PlannedReaction[] {
  const afterMs = status === 'busy' ? seconds(3) : seconds(1 + delivery.ringTimeout);
  return [
    { kind: 'callRings', afterMs: seconds(1) },
    { kind: 'callEnds', afterMs, facts: { status, duration: 0 } },
  ];
}
