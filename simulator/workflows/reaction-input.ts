/** What a prospect, a phone network or a mailbox host does after a touch has reached it. */
export type ReactionKind =
  | 'reply'
  | 'ooo'
  | 'hardBounce'
  | 'softBounce'
  | 'unsubscribe'
  | 'complaint'
  | 'smsStop'
  | 'delivered'
  /** A provider's own: what it was handed leaves it now; it has left it. */
  | 'leaves'
  | 'sent'
  | 'opened'
  | 'inviteAccepted'
  | 'callRings'
  | 'callAnswered'
  | 'keyPressed'
  | 'callEnds';

/** Plain facts without personal data: call status, seconds, answeredBy. */
export type ReactionFacts = Record<string, string | number>;

export interface PlannedReaction {
  kind: ReactionKind;
  /** Milliseconds after the touch. */
  afterMs: number;
  facts?: ReactionFacts;
  /** Pauses in milliseconds before each repetition, for the events that the real provider repeats. */
  retryAfterMs?: number[];
}

export interface ReactionInput {
  deliveryId: string;
  reactions: PlannedReaction[];
}

export interface TellInput {
  deliveryId: string;
  kind: ReactionKind;
  facts: ReactionFacts;
}

export interface ReactionActivities {
  /** Sends the event; true when the engine did not take it and the provider would try again. */
  tellEngine(input: TellInput): Promise<boolean>;
}
