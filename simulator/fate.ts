import { between, chance } from './chance';
import type { ProspectSettings } from './config';
import type { Delivery } from './delivery';
import { hours, minutes, seconds } from './durations';
import type { ReactionKind } from './workflows/reaction-input';

export type Deed = ProspectSettings['byEmail'][string]['does'];

/** The one thing that a person does about being written to. */
export interface Fate {
  does: Deed;
  /** From the n-th touch that reaches the person on. */
  onTouch: number;
  /** Milliseconds after that touch. */
  afterMs: number;
  /** Told by the set-up, to be followed to the letter. */
  exact: boolean;
}

/** A person's fate follows from the seed and the address alone, unless the set-up names the person. */
export function fateOf(email: string, seed: number, settings: ProspectSettings): Fate {
  const told = settings.byEmail[email];
  if (told) {
    const afterMs = told.afterHours === undefined ? naturalDelay(told.does, email, seed) : hours(told.afterHours);
    return { does: told.does, onTouch: told.onTouch, afterMs, exact: true };
  }
  const does = naturalDeed(chance(seed, email, 'deed'), settings);
  const onTouch = naturalTouch(does, chance(seed, email, 'touch'));
  return { does, onTouch, afterMs: naturalDelay(does, email, seed), exact: false };
}

function naturalDeed(luck: number, settings: ProspectSettings): Deed {
  const shares: [Deed, number][] = [
    ['reply', settings.replyRate],
    ['ooo', settings.oooRate],
    ['hardBounce', settings.hardBounceRate],
    ['unsubscribe', settings.unsubscribeRate],
    ['complain', settings.complaintRate],
  ];
  let bound = 0;
  for (const [deed, share] of shares) {
    bound += share;
    if (luck < bound) return deed;
  }
  return 'none';
}

/** A mailbox that does not exist bounces the first mail; people answer any touch, the first ones rather. */
function naturalTouch(does: Deed, luck: number): number {
  switch (does) {
    case 'reply':
      return 1 + Math.floor(between(0, 5, luck, 1.4));
    case 'ooo':
    case 'unsubscribe':
    case 'complain':
      return 1 + Math.floor(between(0, 3, luck, 1.6));
    default:
      return 1;
  }
}

/** Machines answer in seconds to minutes, people in hours to a day or two. */
function naturalDelay(does: Deed, email: string, seed: number): number {
  const luck = chance(seed, email, 'delay');
  switch (does) {
    case 'hardBounce':
      return between(seconds(4), minutes(4), luck, 2);
    case 'softBounce':
      return between(minutes(1), minutes(12), luck, 2);
    case 'ooo':
      return between(seconds(8), minutes(3), luck, 2);
    case 'smsStop':
      return between(minutes(1), hours(6), luck, 2);
    case 'unsubscribe':
    case 'complain':
      return between(minutes(5), hours(26), luck, 2);
    default:
      return between(minutes(20), hours(44), luck, 1.8);
  }
}

/**
 * What doing it to this touch looks like; null when it makes no sense there. A person who wants no more of it and
 * is not told how answers STOP to a text message.
 */
export function deedOn(fate: Fate, delivery: Delivery): ReactionKind | null {
  const { does } = fate;
  const isMail = delivery.channel === 'email';
  switch (does) {
    case 'none':
      return null;
    case 'reply':
      return 'reply';
    case 'smsStop':
      return delivery.channel === 'sms' ? 'smsStop' : null;
    case 'unsubscribe':
      if (!isMail) return delivery.channel === 'sms' && !fate.exact ? 'smsStop' : null;
      return delivery.unsubscribeUrl ? 'unsubscribe' : null;
    case 'complain':
      return isMail ? 'complaint' : null;
    default:
      return isMail ? does : null;
  }
}
