import type { FastifyBaseLogger } from 'fastify';
import type { ProviderEvent } from '../providers/ports';
import type { WebhookHeaders } from '../providers/webhook';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import type { WorkflowStarter } from './workflow-port';

export interface ApiConfig {
  /** Where the outside world reaches this API, without a slash at the end: webhook signatures cover it. */
  publicBaseUrl: string;
  /** Keys the hashes of suppressed values and seals stored answers. */
  secretKey: string;
  /** The operator's own key; null: only operators' keys in the database are accepted. */
  operatorApiKey: string | null;
}

/** Stores events from outside and applies each once, in one transaction (TRUTH-5). Resolves when they are durable. */
export interface EventSink {
  recordEvents(events: readonly ProviderEvent[]): Promise<void>;
}

/** A webhook request as it arrived. */
export interface WebhookRequest {
  headers: WebhookHeaders;
  rawBody: Buffer;
  /** The public URL with its query: Twilio's signature covers it. */
  url: string;
  /** The secret in the path, where the provider has no other proof. */
  secret: string;
  receivedAt: Date;
}

/**
 * Proves where a webhook request comes from, and reads it.
 * @throws WebhookRefused 401 (no proof) or 400 (makes no sense)
 */
export type WebhookParser = (request: WebhookRequest) => ProviderEvent[] | Promise<ProviderEvent[]>;

export interface WebhookParsers {
  salesforge: WebhookParser;
  unipile: WebhookParser;
  clicksendInbound: WebhookParser;
  clicksendReceipts: WebhookParser;
  mail: WebhookParser;
  twilioStatus: WebhookParser;
  twilioGather: WebhookParser;
  twilioInbound: WebhookParser;
  /** Which call asks for the script of which touch. */
  twilioScript: (request: WebhookRequest) => { touchId: string | null; callSid: string };
}

/** What Twilio is told to say. */
export interface CallVoice {
  script(words: string, gatherUrl: string): string;
  hangUp(): string;
}

export interface ApiDeps {
  database: Database;
  clock: Clock;
  config: ApiConfig;
  logger: FastifyBaseLogger;
  workflows: WorkflowStarter;
  events: EventSink;
  webhooks: WebhookParsers;
  voice: CallVoice;
}
