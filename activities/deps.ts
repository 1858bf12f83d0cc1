import type { SendTimes } from '../domain/send-times';
import type { Providers, Resolver } from '../providers/ports';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import type { Wanted } from '../store/outbox/outbox';

/**
 * Delivers what committed facts owe to the outside: signals, starts of workflows. What cannot be delivered now stays
 * owed, and the relay delivers it later.
 * @returns how many messages were delivered and how many failed
 */
export type DeliverOutbox = (wanted: Wanted) => Promise<{ delivered: number; failed: number }>;

/** Where activities write what operators read: ids only (TRUTH-6). */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** Everything activities act on; tests pass fakes or the simulator. */
export interface ActivityDeps {
  database: Database;
  clock: Clock;
  providers: Providers;
  /** Asks the DNS about sending domains. */
  resolver: Resolver;
  deliverOutbox: DeliverOutbox;
  log: Log;
  /** Keys the hashes of suppressions. */
  secretKey: string;
  /** Where recipients reach the unsubscribe page; no trailing slash. */
  publicBaseUrl: string;
  /** Missing: those of domain/send-times.ts. */
  sendTimes?: SendTimes;
}
