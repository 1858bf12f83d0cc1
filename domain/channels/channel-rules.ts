import type { Counted, ResourceKind } from '../limits';

/** The tiers of ACC, from the highest score down. */
export type TierName = 'hot' | 'warm' | 'cool' | 'cold' | 'dead';

/** What is known of a lead to reach it by. */
export interface Contact {
  email: boolean;
  /** A number that can be called: mobile or phone. */
  callable: boolean;
  mobile: boolean;
  linkedin: boolean;
}

/** What a client's seats are to a lead. invited: an invitation waits for an answer. connected: they may write. */
export type Network = 'strangers' | 'invited' | 'connected';

/** What the rules know of one channel. A channel is one file beside this one and a line in index.ts. */
export interface ChannelRules {
  /** What must be known of the lead, and the words for a lead that lacks it (SEQ-7). */
  contact: { needs: keyof Contact; lacking: string };
  /** TIME-1, TIME-3: by whose clock the window opens: the recipient's zone, or the one that is never early for a call. */
  windowZone: 'recipient' | 'call';
  /** TIME-7: seconds before the window's end at which the last touch may leave. */
  lastCallSeconds: number;
  /**
   * What a touch can be, and what each form counts as: with the sender's resources it says which limits it moves (LIM).
   * Most channels have one form, with their own name.
   */
  forms: Readonly<Record<string, readonly Counted[]>>;
  /** Of several forms, the one that a touch takes now, or the words for why there is none (SEQ-7). */
  choose?(network: Network): { form: string } | { skip: string };
  /** What touches are sent from. */
  sender: SenderKind;
  /** ACC: the tiers that may use it. */
  tiers: readonly TierName[];
  /** SEQ-6: what happens to its steps if the client lacks the channel. */
  whenLacking: 'skip' | 'replace by email';
  /** Does a bounced address block it (SEQ-4)? */
  blockedByBounce: boolean;
}

/** The kinds of senders. The words of the database's SenderKind. */
export const senderKinds = ['mailbox', 'phone_number', 'linkedin_seat'] as const satisfies readonly ResourceKind[];
export type SenderKind = (typeof senderKinds)[number];

/** A carrier's time between the gate and the provider, in seconds. */
export const wayToProviderSeconds = 30;
