import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowClient } from '@temporalio/client';
import type { Clock } from '../../runtime/clock';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { readAccount, readKnown } from '../../store/verification/known';
import { withSnapshot } from '../../store/verification/snapshot';
import { verifyDatabase } from '../../store/verification/verify-database';
import { verifyBeside } from '../../verification/beside/verify-beside';
import type { Finding, Report } from '../../verification/report';
import { readRun, until } from '../../verification/run';
import { verify, verifyRun } from '../../verification/verify';
import { verifyWorkflows } from './workflows';

export interface VerifyOptions {
  /** The engine's database: its URL, or a pool that is open already. null: only logs. */
  database: string | Database | null;
  /** Folder of a run's logs, as the simulator writes them (docs/formats.md). null: there is no witness. */
  logs?: string | null;
  /**
   * The clock of an engine that goes on while it is looked at: what was logged after the snapshot is left out, because the
   * snapshot cannot know it. null: nothing happens any more.
   */
  clock?: Pick<Clock, 'now'> | null;
  /** Where the workflows run. null: they are not looked at. */
  temporal?: WorkflowClient | null;
  /** Told of each check as it ends. */
  onFinding?: (finding: Finding) => void;
}

/**
 * Holds everything that there is against the specification: the rows of the database, as they stand at one instant; the
 * logs of a run; both beside each other; the workflows beside the facts. It changes nothing.
 * @throws Error when the database or Temporal does not answer, or the logs can't be read
 */
export async function verifyAll(options: VerifyOptions): Promise<Report> {
  const { database, logs = null, onFinding = () => undefined } = options;
  if (database !== null) return onDatabase(database, (own) => verifyAt(own, options));
  if (logs === null) return { findings: [], uncertain: [] };
  const report = verifyRun(logs);
  report.findings.forEach(onFinding);
  return report;
}

async function verifyAt(database: Database, options: VerifyOptions): Promise<Report> {
  const { logs = null, clock = null, temporal = null, onFinding = () => undefined } = options;
  const report = await withSnapshot(database, async (sql): Promise<Report> => {
    const takenAt = await clock?.now();
    const { findings, uncertain } = await verifyDatabase(sql, onFinding);
    if (logs === null) return { findings, uncertain };
    const isTold = existsSync(path.join(logs, 'leads.jsonl'));
    const whole = readRun(logs, isTold ? null : await readAccount(sql));
    const run = takenAt === undefined ? whole : until(whole, takenAt);
    const further = [...verifyBeside(run, await readKnown(sql, run)), ...verify(run).findings];
    further.forEach(onFinding);
    return { findings: [...findings, ...further], uncertain };
  });
  if (temporal === null) return report;
  const workflows = await verifyWorkflows(database, temporal);
  workflows.forEach(onFinding);
  return { findings: [...report.findings, ...workflows], uncertain: report.uncertain };
}

async function onDatabase<T>(given: string | Database, work: (database: Database) => Promise<T>): Promise<T> {
  if (typeof given !== 'string') return work(given);
  const own = openDatabase(given, 2);
  try {
    return await work(own);
  } finally {
    await closeDatabase(own);
  }
}
