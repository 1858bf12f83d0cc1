import type { WorkflowClient } from '@temporalio/client';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { withSnapshot } from '../../store/verification/snapshot';
import { verifyDatabase } from '../../store/verification/verify-database';
import type { Finding, Report } from '../../verification/report';
import { verifyRun } from '../../verification/verify';

export interface VerifyOptions {
  /** The engine's database: its URL, or a pool that is open already. null: only logs. */
  database: string | Database | null;
  /** Folder of a run's logs, as the simulator writes them (docs/formats.md). null: there is no witness. */
  logs?: string | null;
  /** Where the workflows run. null: they are not looked at. */
  temporal?: WorkflowClient | null;
  /** Told of each check as it ends. */
  onFinding?: (finding: Finding) => void;
}

/**
 * Holds everything that there is against the specification: the rows of the database, as they stand at one instant; the
 * logs of a run; and both beside each other. It changes nothing.
 * @throws Error when the database does not answer, or the logs can't be read
 */
export async function verifyAll(options: VerifyOptions): Promise<Report> {
  const { database, logs = null, onFinding = () => undefined } = options;
  const reports: Report[] = [];
  if (database !== null) {
    reports.push(await onDatabase(database, (one) => withSnapshot(one, (sql) => verifyDatabase(sql, onFinding))));
  }
  if (logs !== null) {
    const report = verifyRun(logs);
    report.findings.forEach(onFinding);
    reports.push(report);
  }
  return {
    findings: reports.flatMap(({ findings }) => findings),
    uncertain: reports.flatMap(({ uncertain }) => uncertain),
  };
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
