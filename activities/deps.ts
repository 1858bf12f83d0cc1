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

/** A workflow that runs, as a list tells it. */
export interface Run {
  /** The enrollment or the campaign whose workflow it is. */
  subjectId: string;
}

/** What a workflow is started for. */
export interface Subject {
  id: string;
  clientId: string;
  campaignId: string;
}

export type RunKind = 'lead' | 'campaign';

/** Which workflows run, and how to start and end one. Every method may fail when Temporal is away. */
export interface WorkflowRuns {
  /** What runs, page by page. The list may lag some seconds behind what it lists. */
  running(kind: RunKind): AsyncIterable<readonly Run[]>;
  /** Starts the subject's one workflow, also after one that has ended. @returns false: it runs already */
  start(kind: RunKind, subject: Subject): Promise<boolean>;
  /** Ends the subject's workflow, if it runs. */
  end(kind: RunKind, subjectId: string, reason: string): Promise<void>;
}

/** Everything activities act on; tests pass fakes or the simulator. */
export interface ActivityDeps {
  database: Database;
  clock: Clock;
  providers: Providers;
  /** Asks the DNS about sending domains. */
  resolver: Resolver;
  deliverOutbox: DeliverOutbox;
  /** Absent where no Temporal is: nothing is rebuilt then. */
  workflows?: WorkflowRuns;
  log: Log;
  /** Keys the hashes of suppressions. */
  secretKey: string;
  /** Where recipients reach the unsubscribe page; no trailing slash. */
  publicBaseUrl: string;
  /** No chore of the maintenance is done more often than so, in seconds; absent: each by its own interval. */
  choresEverySeconds?: number;
  /** Missing: those of domain/send-times.ts. */
  sendTimes?: SendTimes;
}
