import type { InboxLine, OutboxLine, Run } from '../run';

/** What the database knows of a touch that the logs name. */
export interface KnownTouch {
  id: string;
  leadId: string;
  step: number;
  channel: string;
  status: string;
  claimedAt: Date | null;
  /** Address of its mailbox, number or seat. */
  resource: string | null;
}

/** What the database knows of what the logs name. */
export interface Known {
  /** By id. */
  touches: ReadonlyMap<string, KnownTouch>;
  /** Leads by each address, number and profile that the logs name. */
  leadsAt: ReadonlyMap<string, readonly string[]>;
  /** How many events of a kind are stored about a lead, applied and not, by `eventKey`: not each names its touch. */
  events: ReadonlyMap<string, { stored: number; applied: number }>;
  /** Touches that are told as sent, and how many they are; those that no line of the outbox names. */
  sent: { count: number; unnamed: readonly string[]; unnamedCount: number };
}

export const eventKey = (leadId: string, kind: string): string => `${leadId} ${kind}`;

/** The engine's word for what the witness saw; null: the witness's word is the engine's. */
const kindOf: Readonly<Record<string, string>> = { ooo: 'autoReply' };
export const kindIn = ({ event }: InboxLine): string => kindOf[event] ?? event;

/** What a provider was asked to do with a person; other operations reach nobody. */
const contacting = new Set(['send', 'call', 'invite', 'message', 'sms']);

/** A request of the outbox that reached its provider, and what is known of its touch. */
export type Contact = OutboxLine & { touchId: string; known: KnownTouch | null };

/** The logs and the database beside each other. */
export interface Both {
  run: Pick<Run, 'inbox' | 'stops'>;
  known: Known;
  /** In the order in which the providers were asked; what was refused reached nobody. */
  contacts: readonly Contact[];
}

export function besides(run: Pick<Run, 'outbox' | 'inbox' | 'stops'>, known: Known): Both {
  const contacts = run.outbox
    .filter(({ operation, outcome }) => contacting.has(operation) && outcome !== 'rejected')
    .map((line): Contact => {
      const touchId = line.touchId ?? 'none';
      return Object.assign({}, line, { touchId, known: known.touches.get(touchId) ?? null });
    });
  return { run, known, contacts };
}
