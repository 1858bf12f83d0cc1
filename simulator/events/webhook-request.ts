import type { Secrets } from '../config';
import type { EventProvider, InboxEvent } from '../witness';
import type { ReactionFacts, ReactionKind } from '../workflows/reaction-input';
import type { CallLog } from '../http/call-log';

/** One HTTP request by which a provider, a mail host or a mail program tells the engine of something. */
export interface WebhookRequest {
  provider: EventProvider;
  /** What the inbox calls it; null: a progress report that the inbox leaves out. */
  event: InboxEvent | null;
  url: string;
  headers: Record<string, string>;
  body: string;
  detail?: Record<string, unknown>;
  /** Gets the engine's answer when it took the request. */
  onAnswer?: (body: string) => void;
}

/** What the builders of requests may know. */
export interface EventContext {
  kind: ReactionKind;
  facts: ReactionFacts;
  /** The run's time. */
  now: Date;
  /** Chooses words: stable by person and touch. */
  luck: number;
  engineBaseUrl: string;
  secrets: Secrets;
  calls: CallLog;
}

export const json = { 'content-type': 'application/json' };
export const form = { 'content-type': 'application/x-www-form-urlencoded' };
