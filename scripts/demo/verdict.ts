import { Connection, WorkflowClient } from '@temporalio/client';
import path from 'node:path';
import color from 'picocolors';
import { brokenOf, type Finding, type Report } from '../../verification/report';
import { formatReport, verdictLine } from '../verify/table';
import { verifyAll } from '../verify/verify-all';
import { verifyWorkflows } from '../verify/workflows';
import type { EmbeddedRun } from './embedded-run';

/** Workflows beside facts, while the workers still run: without them a workflow does not hear that it has ended. */
export async function verifyRunWorkflows({ engine, temporalAddress }: EmbeddedRun): Promise<Finding[]> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    return await verifyWorkflows(engine.database, new WorkflowClient({ connection }));
  } finally {
    await connection.close();
  }
}

/** Everything else, once nothing is sent any more. The database ends with the run, and can be asked only now. */
export async function verifyOpenRun(
  { engine, time }: EmbeddedRun,
  logs: string,
  workflows: readonly Finding[],
): Promise<Report> {
  const report = await verifyAll({ database: engine.database, logs, clock: time.clock });
  return { findings: [...report.findings, ...workflows], uncertain: report.uncertain };
}

/** The verdict in a line; what is broken with its violations. */
export function printVerdict(report: Report, logs: string): void {
  const isKept = brokenOf(report).length === 0;
  console.log(
    `\n${color.bold('Verified')}  ${color.dim('database, workflows, and the simulator’s logs as the witness')}`,
  );
  if (!isKept) console.log(formatReport(report));
  console.log(`  ${isKept ? color.green(verdictLine(report)) : color.red(verdictLine(report))}`);
  console.log(color.dim(`  The logs again: npm run verify -- --logs ${path.relative(process.cwd(), logs) || '.'}`));
}
