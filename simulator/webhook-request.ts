import type { InboxEvent } from './witness';

/** One HTTP request by which a provider, a mail host or a mail program tells the engine of something. */
export interface OutgoingWebhook {
  provider: string;
  /** What the inbox calls it; null: a progress report that the inbox leaves out. */
  event: InboxEvent | null;
  url: string;
  headers: Record<string, string>;
  body: string;
  detail?: Record<string, unknown>;
  /** Gets the engine's answer when it took the request. */
  onAnswer?: (body: string) => void;
}

export const jsonHeaders = { 'content-type': 'application/json' };
export const form = { 'content-type': 'application/x-www-form-urlencoded' };
