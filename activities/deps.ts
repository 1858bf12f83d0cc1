import type { Providers } from '../providers/ports';
import type { Clock } from '../runtime/clock';
import type { Database } from '../store/database';
import type { SendSignal } from '../store/outbox/owed-signals';
import type { LeadSequenceInput } from '../workflows/contract';

/** Starting and signalling workflows, as activities need it. */
export interface Workflows {
  /** Starts a lead's workflow, or finds it running; never starts a second one. */
  startLeadSequence(input: LeadSequenceInput, summary: string): Promise<void>;
  /** Signals a workflow; one that has ended needs no signal any more. */
  signal: SendSignal;
}

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
  workflows: Workflows;
  log: Log;
  /** Keys the hashes of suppressions. */
  secretKey: string;
  /** Where recipients reach the unsubscribe page; no trailing slash. */
  publicBaseUrl: string;
}
