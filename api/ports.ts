import type { FastifyBaseLogger } from 'fastify';
import type { ReadMailboxes } from '../providers/mailforge/client';
import type { OpenWebhook } from '../providers/open-webhooks';
import type { LeadSource } from '../providers/ports';
import type { ProviderState } from '../providers/signs-of-life';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import type { Dispatched } from '../store/outbox/dispatch';
import type { Wanted } from '../store/outbox/outbox';
import type { CampaignWorkflows } from './workflow-port';

export interface ApiConfig {
  /** Where the outside world reaches this API, without a slash at the end: webhook signatures cover it. */
  publicBaseUrl: string;
  /** Keys the hashes of suppressed values and seals stored answers. */
  secretKey: string;
  /** The operator's own key; null: only operators' keys in the database are accepted. */
  operatorApiKey: string | null;
}

export interface ApiDeps {
  database: Database;
  clock: Clock;
  config: ApiConfig;
  logger: FastifyBaseLogger;
  workflows: CampaignWorkflows;
  /** Delivers what committed facts owe to workflows; what cannot be delivered now stays owed. */
  deliverOutbox: (wanted: Wanted) => Promise<Dispatched>;
  webhooks: readonly OpenWebhook[];
  /** Where leads are found; empty: nowhere. Only previews are asked of them here. */
  leadSources: readonly LeadSource[];
  /** Asks the DNS about a domain, stores what it says, and pauses the domain or lets it send; a few seconds at most. */
  checkDomainDns: (domainId: string, now: Date) => Promise<void>;
  /** The mailboxes of an account at Mailforge. @throws MailforgeRefused */
  readMailforge: ReadMailboxes;
  /** Is there an enrichment? */
  canEnrich: boolean;
  /** How long a stop's answer is held back at most, in milliseconds; missing: 10 s. */
  drainWithinMs?: number;
  /** How each provider is, by its name; kept for a while, so that asking costs nothing. */
  providerStates: () => Promise<Record<string, ProviderState>>;
}
